"""Two pictures of one thing made one, whichever came first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.commerce import Order, OrderState, Parcel, ParcelStatus, Return, ReturnState


def merge_orders(one: Order, other: Order) -> Order:
    """The newer counts. Of one second, that it is over, was taken on, was paid: it takes longer than that to
    change one's mind. When it was taken on is known best by who saw it first: a store may not say it, and
    then it is when it was last changed. That it once had lines is remembered. Commutative but for ties."""
    older, newer = (one, other) if _age(one) <= _age(other) else (other, one)
    if not newer.lines and (older.lines or older.lines_gone):
        newer = replace(newer, lines_gone=True)
    if older.accepted_at is None or newer.accepted_at is None or newer.accepted_at <= older.accepted_at:
        return newer
    return replace(newer, accepted_at=older.accepted_at)


def are_told_apart(one: Order, other: Order) -> bool:
    """Whether it can be said which of them is newer, or they say the same."""
    return _age(one) != _age(other) or _said(one) == _said(other)


def _said(order: Order) -> Order:
    """Without what is remembered of other states."""
    return replace(order, accepted_at=None, lines_gone=False, not_found=False, shop_wrote=())


def is_newer(one: Order, other: Order) -> bool:
    return _age(one) > _age(other)


def _age(order: Order) -> tuple[datetime, bool, bool, bool]:
    over, taken, paid = order.state is not OrderState.OPEN, order.accepted_at, order.paid_at
    return order.version, over, taken is not None, paid is not None


def merge_returns(one: Return, other: Return) -> Return:
    """Words of the newer picture, facts of both."""
    older, newer = (one, other) if one.version <= other.version else (other, one)
    return replace(
        newer,
        order_id=newer.order_id or older.order_id,
        state=ReturnState(max(older.state, newer.state)),
        lines=newer.lines or older.lines,
        name=newer.name or older.name,
        reason=newer.reason or older.reason,
        exchange=newer.exchange or older.exchange,
    )


def merge_parcels(one: Parcel, other: Parcel) -> Parcel:
    """Words of the newer picture, facts of both. What is known by its number tells it each time. Commutative
    but for ties of equal version, and the id, which is the one that it has with us."""
    older, newer = (one, other) if one.version <= other.version else (other, one)
    where = newer if newer.nameless else older
    return replace(
        newer,
        id=one.id,
        status=ParcelStatus(max(older.status, newer.status)),
        lines=newer.lines or older.lines,
        carrier=newer.carrier or where.carrier,
        tracking_number=newer.tracking_number or where.tracking_number,
        tracking_url=newer.tracking_url or where.tracking_url,
        also=newer.also if newer.tracking_number else older.also,
        shipped_at=_earliest(older.shipped_at, newer.shipped_at),
        delivered_at=_earliest(older.delivered_at, newer.delivered_at),
        estimated_at=newer.estimated_at or older.estimated_at,
        promised_at=_earliest(*_told(one.promised_at, one), *_told(other.promised_at, other)),
        put_off_to=_latest(*_told(one.put_off_to, one), *_told(other.put_off_to, other)),
        own_name=newer.own_name or older.own_name,
    )


def _told(kept: datetime | None, parcel: Parcel) -> tuple[datetime | None, datetime | None]:
    return kept, parcel.estimated_at


def _earliest(*told: datetime | None) -> datetime | None:
    return min((at for at in told if at is not None), default=None)


def _latest(*told: datetime | None) -> datetime | None:
    return max((at for at in told if at is not None), default=None)
