"""The lines of an order as a mail lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emails.clean import one_line, picture_address, single_spaced
from emails.message import MailContext
from emails.voice import Voice
from flows.commerce import OrderLine, Product

SHOWN = 12  # an order may have 399 lines, and a mail over 102 kB is cut off by Gmail


@dataclass(frozen=True, slots=True)
class LineView:
    """`letter` stands on the plate where there is no picture."""

    title: str
    variant: str
    pieces: str
    price: str
    picture: str | None
    letter: str


@dataclass(frozen=True, slots=True)
class Listing:
    """`hidden`: how many more lines there are than are shown. `summary`: all of them in a few words."""

    shown: tuple[LineView, ...]
    hidden: int
    summary: str


def priced(lines: Sequence[OrderLine], context: MailContext, voice: Voice) -> Listing:
    shown = tuple(
        line_view(line, context.products, _pieces_and_price_of_one(line, voice), voice.money(line.total))
        for line in lines[:SHOWN]
    )
    return Listing(shown, max(0, len(lines) - SHOWN), summary(lines, voice))


def packed(pairs: Sequence[tuple[OrderLine, int]], context: MailContext, voice: Voice) -> Listing:
    """Lines with the number of pieces that lie in a parcel or are still to come, without prices."""
    shown = tuple(
        line_view(line, context.products, _pieces(quantity, voice)) for line, quantity in pairs[:SHOWN]
    )
    return Listing(shown, max(0, len(pairs) - SHOWN), summary([line for line, _ in pairs], voice))


def line_view(
    line: OrderLine, products: Mapping[str, Product], pieces: str = "", price: str = ""
) -> LineView:
    return LineView(
        title=one_line(line.title, 120),
        variant=one_line(line.variant, 120),
        pieces=pieces,
        price=price,
        picture=picture_of(line, products),
        letter=first_letter(line.title),
    )


def name_of(line: OrderLine, products: Mapping[str, Product]) -> str:
    """The product's, which knows no variant; of a product that is not known, the line's."""
    product = products.get(line.product_id or "")
    return (product.title if product else "") or line.title


def picture_of(line: OrderLine, products: Mapping[str, Product]) -> str | None:
    product = products.get(line.product_id or "")
    return picture_address(line.image_url) or picture_address(product.image_url if product else None)


def summary(lines: Sequence[OrderLine], voice: Voice) -> str:
    if not lines:
        return ""
    first = one_line(lines[0].title, 32)
    return first if len(lines) == 1 else voice.words("list.more", n=len(lines) - 1, first=first)


def first_letter(title: str) -> str:
    return next((char.upper() for char in single_spaced(title) if char.isalnum()), "")


def _pieces_and_price_of_one(line: OrderLine, voice: Voice) -> str:
    if line.quantity <= 1 or line.total % line.quantity:
        return _pieces(line.quantity, voice)
    return voice.words("line.each", n=line.quantity, price=voice.money(line.total // line.quantity))


def _pieces(quantity: int, voice: Voice) -> str:
    return voice.words("line.quantity", n=quantity) if quantity > 1 else ""
