"""Everything that a template may print, in the reader's language and safe to show.

One view serves both parts of a mail: the HTML environment escapes it, the text part prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from emails import goods, parcels, place
from emails.address import valid_address
from emails.clean import one_line, short_name, web_address
from emails.given import about_view, coupon_view, percent
from emails.message import Brand, MailContext
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


@dataclass(frozen=True)
class OrderView:
    """What only some mails tell is worked out where one does."""

    number: str
    placed_on: str
    pieces: int
    paid: bool
    ships: bool
    payment_method: str
    context: MailContext = field(repr=False)
    voice: Voice = field(repr=False)

    @cached_property
    def total(self) -> str:
        return self.voice.money(self.context.picture.order.total)

    @cached_property
    def listing(self) -> Listing:
        return priced(self.context.lines, self.context, self.voice)

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.context.picture, self.voice)

    @cached_property
    def ship_to(self) -> tuple[str, ...]:
        address = self.context.picture.order.shipping_address
        if address is None or not self.ships:
            return ()
        return place.written(address, self.voice.locale, self.context.brand.country)

    @cached_property
    def shipping_method(self) -> str:
        return method_name(self.context.picture.order.shipping_method) if self.ships else ""


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


def values_of(context: MailContext, voice: Voice, wanted: Collection[str] | None = None) -> dict[str, Any]:
    """The names that templates know, besides the words, the colours and the layout; those that are `wanted`,
    which is most of what a mail costs, or all."""
    return {name: made(context, voice) for name, made in _VALUES.items() if wanted is None or name in wanted}


_VALUES: Mapping[str, Callable[[MailContext, Voice], Any]] = {
    "shop": lambda context, _: _shop(context),
    "name": lambda context, voice: greeted(context, voice),
    "order": lambda context, voice: _order(context, voice),
    "parcel": lambda context, voice: _parcel(context, voice),
    "stages": lambda context, voice: _stages(context, voice),
    "reviewed": lambda context, _: _reviewed(context),
    "own": lambda context, _: own_content(context),
    "coupon": lambda context, voice: coupon_view(context.coupon, voice),
    "about": lambda context, voice: about_view(context, voice),
    "plan": lambda context, voice: percent(context.plan_percent, voice) if context.plan_percent else "",
    "years": lambda context, _: context.years,
    "picks": lambda context, voice: goods.picked(context, voice),
    "refunded": lambda context, voice: refund_view(context, voice),
    "arrival": lambda context, _: Answers(
        web_address(context.links.arrived), web_address(context.links.missed)
    ),
    "announces": lambda context, _: context.announces,
}


def _parcel(context: MailContext, voice: Voice) -> parcels.ParcelView | None:
    parcel = parcels.parcel_in_question(context)
    return parcels.parcel_view(context, parcel, voice) if parcel else None


def _shop(context: MailContext) -> ShopView:
    links = context.links
    return ShopView(
        *_known_of(context.brand),
        home=web_address(links.shop) or web_address(context.brand.url),
        tracking=web_address(links.tracking),
        unsubscribe=web_address(links.unsubscribe),
    )


_Known = tuple[str, str, str, str, str | None, int, int, str | None, int, int, tuple[tuple[str, str], ...]]


@lru_cache(maxsize=1024)
def _known_of(brand: Brand) -> _Known:
    """What all mails of a brand show, in the order of a ShopView."""
    return (
        one_line(brand.name, 40),
        place.on_one_line(brand.postal_address),
        valid_address(brand.support_email) or "",
        one_line(brand.support_name, 40),
        web_address(brand.logo),
        brand.logo_width,
        brand.logo_height,
        web_address(brand.night_logo),
        brand.night_logo_width,
        brand.night_logo_height,
        tuple(place for place in brand.places if web_address(place[1])),
    )


def _order(context: MailContext, voice: Voice) -> OrderView:
    order = context.picture.order
    return OrderView(
        number=one_line(order.number, 40),
        placed_on=voice.day(order.placed_at),
        pieces=sum(line.quantity for line in context.lines),
        paid=order.paid_at is not None,
        ships=any(line.ships for line in context.lines),
        payment_method=method_name(order.payment_method),
        context=context,
        voice=voice,
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
