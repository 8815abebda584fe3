"""What was bought, piece by piece, as the tracking page lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.speech import Speech
from app.web.tracking_parcels import Contents
from emails.clean import one_line, web_address
from emails.order_lines import first_letter
from flows.commerce import OrderLine, Product, ReturnState
from flows.picture import OrderPicture

MOST_ITEMS = 4
LONGEST_PICTURE = 240

Products = Mapping[str, Product]

_WAYS = {ReturnState.REQUESTED: "asked", ReturnState.OPEN: "agreed", ReturnState.CLOSED: "done"}


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    note: str
    picture: str | None
    letter: str


def items_of(contents: Contents, products: Products, speech: Speech) -> tuple[Item, ...]:
    return tuple(
        _item(line, products, speech.words("line.quantity", n=quantity) if quantity > 1 else "")
        for line, quantity in contents[:MOST_ITEMS]
    )


def line_of(line: OrderLine, picture: OrderPicture, products: Products, speech: Speech) -> Item:
    """A line of the order with its pieces, and what of it was given back."""
    gone = min(picture.refunded_quantity(line.id), line.quantity)
    told = [one_line(line.variant, 60)]
    if line.quantity > 1:
        told.append(speech.words("line.quantity", n=line.quantity))
    if gone:
        whole = gone == line.quantity
        told.append(
            speech.words("page.line.refunded") if whole else speech.words("page.line.part_refunded", n=gone)
        )
    elif back := _way_back(line, picture, speech):
        told.append(back)
    return _item(line, products, ", ".join(part for part in told if part))


def _way_back(line: OrderLine, picture: OrderPicture, speech: Speech) -> str:
    """How far the newest return of it is; one that was refused or called off is none."""
    for back in reversed(picture.returns):
        pieces = sum(part.quantity for part in back.lines if part.line_id == line.id)
        if pieces and back.state in _WAYS:
            kind = "exchange" if back.exchange else "return"
            what = speech.words(f"page.line.{kind}.{_WAYS[back.state]}")
            if pieces >= line.quantity:
                return what
            return speech.words("page.line.part", pieces=speech.words.number(pieces), what=what)
    return ""


def _item(line: OrderLine, products: Products, note: str) -> Item:
    product = products.get(line.product_id or "")
    picture = web_address(line.image_url) or web_address(product.image_url if product else None)
    return Item(
        title=one_line(line.title, 80),
        note=note,
        picture=picture if picture and len(picture) <= LONGEST_PICTURE else None,
        letter=first_letter(line.title),
    )
