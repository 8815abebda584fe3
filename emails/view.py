"""Everything that a template may print, in the reader's language and safe to show.

One view serves both parts of a mail: the HTML environment escapes it, the text part prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emails import goods, parcels, place
from emails.address import valid_address
from emails.clean import one_line, short_name, web_address
from emails.given import about_view, coupon_view, percent
from emails.message import MailContext
from emails.order_lines import Listing, first_letter, name_of, picture_of, priced
from emails.own_content import own_content
from emails.refunds import refund_view
from emails.totals import Totals, totals_of
from emails.voice import Voice, greeted, method_name
from flows.commerce import OrderLine


@dataclass(frozen=True, slots=True)
class ShopView:
    """`address` is the postal one, on one line. `helper`: the first name of who answers, or ""."""

    name: str
    address: str
    email: str
    helper: str
    logo: str | None
    logo_width: int
    logo_height: int
    night_logo: str | None
    night_logo_width: int
    night_logo_height: int
    places: tuple[tuple[str, str], ...]
    home: str | None
    tracking: str | None
    unsubscribe: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    number: str
    placed_on: str
    pieces: int
    total: str
    paid: bool
    ships: bool
    listing: Listing
    totals: Totals
    ship_to: tuple[str, ...]
    shipping_method: str
    payment_method: str


@dataclass(frozen=True, slots=True)
class Stage:
    word: str
    when: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`short` is for subjects and headlines. `link`: where it is reviewed. `stars`: the same with one
    star to five filled in, or nothing where it cannot be reviewed."""

    title: str
    short: str
    picture: str | None
    letter: str
    link: str | None
    stars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Where somebody says that a parcel is there, and that it is not."""

    yes: str | None
    no: str | None


def values_of(context: MailContext, voice: Voice) -> dict[str, Any]:
    """The names that templates know, besides the words, the colours and the layout."""
    parcel = parcels.parcel_in_question(context)
    return {
        "shop": _shop(context),
        "name": greeted(context, voice),
        "order": _order(context, voice),
        "parcel": parcels.parcel_view(context, parcel, voice) if parcel else None,
        "stages": _stages(context, voice),
        "reviewed": _reviewed(context),
        "own": own_content(context),
        "coupon": coupon_view(context.coupon, voice),
        "about": about_view(context, voice),
        "plan": percent(context.plan_percent, voice) if context.plan_percent else "",
        "years": context.years,
        "picks": goods.picked(context, voice),
        "refunded": refund_view(context, voice),
        "arrival": Answers(web_address(context.links.arrived), web_address(context.links.missed)),
        "announces": context.announces,
    }


def _shop(context: MailContext) -> ShopView:
    brand, links = context.brand, context.links
    return ShopView(
        name=one_line(brand.name, 60),
        address=place.on_one_line(brand.postal_address),
        email=valid_address(brand.support_email) or "",
        helper=one_line(brand.support_name, 40),
        logo=web_address(brand.logo),
        logo_width=brand.logo_width,
        logo_height=brand.logo_height,
        night_logo=web_address(brand.night_logo),
        night_logo_width=brand.night_logo_width,
        night_logo_height=brand.night_logo_height,
        places=tuple(place for place in brand.places if web_address(place[1])),
        home=web_address(links.shop) or web_address(brand.url),
        tracking=web_address(links.tracking),
        unsubscribe=web_address(links.unsubscribe),
    )


def _order(context: MailContext, voice: Voice) -> OrderView:
    order = context.picture.order
    address = order.shipping_address
    ships = any(line.ships for line in context.lines)
    return OrderView(
        number=one_line(order.number, 40),
        placed_on=voice.day(order.placed_at),
        pieces=sum(line.quantity for line in context.lines),
        total=voice.money(order.total),
        paid=order.paid_at is not None,
        ships=ships,
        listing=priced(context.lines, context, voice),
        totals=totals_of(context.picture, voice),
        ship_to=place.written(address, voice.locale, context.brand.country) if address and ships else (),
        shipping_method=method_name(order.shipping_method) if ships else "",
        payment_method=method_name(order.payment_method),
    )


def _stages(context: MailContext, voice: Voice) -> tuple[Stage, ...]:
    """Confirmed, preparing, shipped, delivered, with the days that are known."""
    order, words = context.picture.order, voice.words
    shipped, delivered = parcels.short_days(context, parcels.parcel_in_question(context), voice)
    return (
        Stage(words("progress.confirmed"), voice.short_day(order.accepted_at or order.placed_at)),
        Stage(words("progress.preparing"), ""),
        Stage(words("progress.shipped"), shipped),
        Stage(words("progress.delivered"), delivered),
    )


def _reviewed(context: MailContext) -> tuple[Reviewed, ...]:
    """Each product once, in the order's own order, those that can be reviewed before the rest."""
    products: dict[str, OrderLine] = {}
    for line in sorted(context.lines, key=lambda line: line.product_id not in context.links.reviews):
        products.setdefault(line.product_id or line.id, line)
    return tuple(_review_of(line, context) for line in products.values())


def _review_of(line: OrderLine, context: MailContext) -> Reviewed:
    title, links = name_of(line, context.products), context.links
    return Reviewed(
        title=one_line(title, 120),
        short=short_name(title),
        picture=picture_of(line, context.products),
        letter=first_letter(title),
        link=web_address(links.reviews.get(line.product_id or "")),
        stars=tuple(
            link for star in links.stars.get(line.product_id or "", ()) if (link := web_address(star))
        ),
    )
