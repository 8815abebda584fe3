"""The states of mails for the next purchase: with a code and products, and with neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from emails.message import Coupon, MailContext
from flows.commerce import Product
from flows.offers import Gives
from tests.emails.samples import PLACED, links_for

State = Callable[[MailContext], MailContext]
ENDS = PLACED + timedelta(days=30)


def bare(context: MailContext) -> MailContext:
    """Nothing to show and nothing to give. Whoever gets it may leave."""
    return replace(context, links=links_for(context.brand, unsubscribe=True))


def about_the_last(context: MailContext) -> MailContext:
    """About the order's last product, which can be bought again; two years on, with a subscription; two
    products to show, one with a picture, hostile where the order is."""
    about = (context.lines[-1].product_id if context.lines else None) or ""
    shown = {name: f"{context.brand.url}/l/{name}-22d0" for name in ("lid", "bag")}
    links = replace(bare(context).links, again=f"{context.brand.url}/l/again-77b1", products=shown)
    order = context.picture.order
    titles = {name: order.note or title for name, title in (("lid", "Lid for the cup"), ("bag", "Linen bag"))}
    picture = context.lines[0].image_url if context.lines else None
    pictures = {"lid": picture, "bag": None}
    picks = tuple(
        Product(name, titles[name], PLACED, price=900, currency=order.currency, image_url=pictures[name])
        for name in shown
    )
    return replace(context, links=links, about=about, years=2, plan_percent=15, picks=picks)


def _with(coupon: Coupon) -> State:
    def given(context: MailContext) -> MailContext:
        return replace(about_the_last(context), coupon=coupon)

    return given


PERCENT = _with(Coupon("THX-4T7KM2Q9", Gives.PERCENT, 15, "EUR", 0, ENDS))
AMOUNT = _with(Coupon("THX-4T7KM2Q9", Gives.AMOUNT, 500, "USD", 5_000, ENDS))
FREE = _with(Coupon("THX-4T7KM2Q9", Gives.FREE_SHIPPING, 1, "EUR", 0, ENDS))

_PLAIN = (bare, about_the_last)
STATES: Mapping[str, tuple[State, ...]] = {
    "cross_sell_series/accessories": _PLAIN,
    "cross_sell_series/upgrade": _PLAIN,
    "cross_sell_series/related": _PLAIN,
    "second_order_offer/offer": (bare, AMOUNT),
    "second_order_offer/once_more": (bare, AMOUNT),
    "second_order_offer/thanks": _PLAIN,
    "replenishment/running_low": _PLAIN,
    "replenishment/same_again": (*_PLAIN, PERCENT),
    "replenishment/plan": _PLAIN,
    "milestone_seasonal/age": _PLAIN,
    "milestone_seasonal/season": _PLAIN,
    "win_back/miss_you": _PLAIN,
    "win_back/offer": (bare, PERCENT),
    "win_back/why": _PLAIN,
    "anniversary_birthday/anniversary": (*_PLAIN, PERCENT),
    "anniversary_birthday/birthday": (bare, PERCENT),
    "surprise_delight/surprise": (bare, FREE),
}
