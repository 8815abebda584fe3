"""The review form: what it shows for each product of an order, and what a sent one says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.queries.reviews import OwnReview
from app.services.reviews import LONGEST_BODY, LONGEST_NAME, LONGEST_TITLE, Submitted
from app.web.speech import Speech
from emails.clean import greeting_name, one_line, single_spaced, web_address
from emails.order_lines import first_letter
from flows.commerce import Order, Product
from flows.picture import OrderPicture

MOST_PRODUCTS = 20
SUGGESTED_BODY = 2_000
STARS = (1, 2, 3, 4, 5)


class NotOfThisOrder(Exception):
    """A product that this order does not hold, or that was given back."""


@dataclass(frozen=True, slots=True)
class Block:
    """One product's part of the form. `tapped`: the star came from the mail; `errors` by field."""

    product_id: str
    title: str
    variant: str
    picture: str | None
    letter: str
    stars: int = 0
    headline: str = ""
    body: str = ""
    tapped: bool = False
    before: datetime | None = None
    state: str = ""
    errors: Mapping[str, str] | None = None

    @property
    def open(self) -> bool:
        """Whether the words are shown at once."""
        return bool(self.tapped or self.headline or self.body or self.errors)


def blocks_of(
    picture: OrderPicture,
    products: Mapping[str, Product],
    written: Mapping[str, OwnReview],
    tapped: tuple[str, int],
) -> tuple[Block, ...]:
    """Each product once, the tapped one first. What was sent before is filled in. The page shows the first
    MOST_PRODUCTS of them; which ones depends on the tap, so any of them may be sent."""
    found: dict[str, Block] = {}
    for line in picture.reviewable_lines():
        key = line.product_id or ""
        if key in found:
            continue
        product = products.get(key)
        title = (product.title if product else "") or line.title
        block = Block(
            product_id=key,
            title=one_line(title, 120),
            variant=one_line(line.variant, 80),
            picture=web_address(line.image_url) or web_address(product.image_url if product else None),
            letter=first_letter(title),
        )
        found[key] = _filled(block, written.get(key))
    if tapped[0] in found and tapped[1] in STARS:
        found[tapped[0]] = replace(found[tapped[0]], stars=tapped[1], tapped=True)
    return tuple(sorted(found.values(), key=lambda block: block.product_id != tapped[0]))


def sent_blocks(blocks: Sequence[Block], form: Mapping[str, str], speech: Speech) -> tuple[Block, ...]:
    """The form as it was sent, in its order, errors beneath their fields. Raises NotOfThisOrder."""
    places = _places(form)
    rated = {product for product, place in places.items() if form.get(f"stars-{place}")}
    if not rated <= {block.product_id for block in blocks}:
        raise NotOfThisOrder
    read = [
        _read(block, places[block.product_id], form, speech) if block.product_id in places else block
        for block in blocks
    ]
    return tuple(sorted(read, key=lambda block: places.get(block.product_id, MOST_PRODUCTS)))


def submitted(blocks: Iterable[Block], form: Mapping[str, str]) -> list[Submitted]:
    """Those that were sent with a star."""
    sent = _places(form)
    return [
        Submitted(block.product_id, block.stars, block.headline, block.body)
        for block in blocks
        if block.stars and block.product_id in sent
    ]


def _places(form: Mapping[str, str]) -> dict[str, int]:
    """Where on the form each product stood."""
    return {form[name]: place for place in range(MOST_PRODUCTS) if (name := f"product-{place}") in form}


def shown_name(order: Order) -> str:
    """First name and initial, as a suggestion."""
    first, last = greeting_name(order.first_name), single_spaced(order.last_name)
    if not first:
        return ""
    return f"{first}\u00a0{last[0].upper()}." if last and last[0].isalpha() else first


def kept_name(text: str) -> str:
    return one_line(text, LONGEST_NAME)


def _filled(block: Block, own: OwnReview | None) -> Block:
    if own is None:
        return block
    return replace(
        block, stars=own.stars, headline=own.title, body=own.body, before=own.submitted_at, state=own.state
    )


def _read(block: Block, place: int, form: Mapping[str, str], speech: Speech) -> Block:
    stars = form.get(f"stars-{place}", "")
    headline = single_spaced(form.get(f"title-{place}", ""))
    body = _text(form.get(f"body-{place}", ""))
    errors = {
        name: speech.words("page.review.too_long", n=len(text) - most, most=speech.words.number(most))
        for name, text, most in (("title", headline, LONGEST_TITLE), ("body", body, LONGEST_BODY))
        if len(text) > most
    }
    return replace(
        block,
        stars=int(stars) if stars in map(str, STARS) else 0,
        headline=headline,
        body=body,
        tapped=False,
        errors=errors or None,
    )


def _text(text: str) -> str:
    """Lines are kept, other control characters are not."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(single_spaced(line) for line in lines).strip()
