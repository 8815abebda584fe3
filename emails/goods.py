"""Products that a mail shows besides those of the order: what goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from emails import money
from emails.clean import one_line, picture_address, short_name, web_address
from emails.message import MailContext
from emails.order_lines import first_letter
from emails.voice import Voice
from flows.commerce import Product

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Good:
    """`short` is for subjects and headlines. `price` is "" where it is not known; `link`: where it is sold.
    `letter` stands on the plate where there is no picture."""

    title: str
    short: str
    price: str
    picture: str | None
    letter: str
    link: str | None


def picked(context: MailContext, voice: Voice) -> tuple[Good, ...]:
    """What goes with the order, best first: only what has a name and leads somewhere."""
    found = (_good(product, context, voice) for product in context.picks)
    return tuple(good for good in found if good.title and good.link)[:SHOWN]


def _good(product: Product, context: MailContext, voice: Voice) -> Good:
    priced = product.price is not None and product.currency
    return Good(
        title=one_line(product.title, 120),
        short=short_name(product.title),
        price=money.money(product.price or 0, product.currency or "", voice.locale) if priced else "",
        picture=picture_address(product.image_url),
        letter=first_letter(product.title),
        link=web_address(context.links.products.get(product.id)),
    )
