"""The states of mails of the way: with a parcel and without, with money given back and without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from emails.message import MailContext
from flows.commerce import LineQuantity, Refund
from tests.emails.samples import PLACED, shipped
from tests.emails.states_of_service import written

State = Callable[[MailContext], MailContext]


def on_its_way(context: MailContext) -> MailContext:
    return shipped(context)


def no_day(context: MailContext) -> MailContext:
    return shipped(context, likely_in_days=None)


def no_carrier(context: MailContext) -> MailContext:
    mute = shipped(context)
    parcel = replace(mute.picture.parcels[0], lines=(), carrier="", tracking_number="")
    return replace(mute, parcel=parcel, picture=replace(mute.picture, parcels=(parcel,)))


def not_sent(context: MailContext) -> MailContext:
    return context


def asked(context: MailContext) -> MailContext:
    base = context.brand.url + "/l/"
    links = replace(context.links, arrived=f"{base}arrived-2f81", missed=f"{base}missed-2f81")
    return replace(shipped(context), links=links)


def accessible(context: MailContext) -> MailContext:
    """With the merchant's words for the last product."""
    told = written(context)
    links = replace(told.links, unsubscribe=None, one_click=None)
    return replace(
        told,
        links=replace(links, content={"access": f"{context.brand.url}/l/access-4d1c"}),
        content={"access": told.content["guide"]},
    )


def given_back(context: MailContext) -> MailContext:
    """The first line, or a sum of which the store says nothing more."""
    lines = tuple(LineQuantity(line.id, 1, line.total) for line in context.lines[:1])
    amount = sum(line.amount for line in lines) or 500
    refund = Refund("r7", context.picture.order.id, PLACED, amount, lines)
    picture = replace(context.picture, refunds=(*context.picture.refunds, refund))
    return replace(context, picture=picture, refund=refund)


def given_back_untold(context: MailContext) -> MailContext:
    order = replace(context.picture.order, refunded=700, payment_method="", paid_at=None)
    return replace(context, picture=replace(context.picture, order=order))


_UPDATE = (on_its_way, no_day, no_carrier)
STATES: Mapping[str, tuple[State, ...]] = {
    "digital_access/access": (not_sent, accessible),
    "order_progress/preparing": (not_sent,),
    "order_progress/later": _UPDATE,
    "delivery_updates/pickup": _UPDATE,
    "delivery_updates/failed": _UPDATE,
    "delivery_updates/delayed": _UPDATE,
    "delivery_updates/stalled": _UPDATE,
    "delivery_updates/out": _UPDATE,
    "arrival_check/asked": (asked,),
    "cancel_refund_exchange/cancelled": (not_sent, given_back, given_back_untold),
    "cancel_refund_exchange/refunded": (given_back, given_back_untold),
}
