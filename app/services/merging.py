"""Two pictures of one thing made one, whichever came first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.commerce import Parcel, ParcelStatus, Return, ReturnState


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
    """Words of the newer picture, facts of both. Commutative but for ties of equal version."""
    older, newer = (one, other) if one.version <= other.version else (other, one)
    return replace(
        newer,
        status=ParcelStatus(max(older.status, newer.status)),
        lines=newer.lines or older.lines,
        carrier=newer.carrier or older.carrier,
        tracking_number=newer.tracking_number or older.tracking_number,
        tracking_url=newer.tracking_url or older.tracking_url,
        also=newer.also if newer.tracking_number else older.also,
        shipped_at=_earliest(older.shipped_at, newer.shipped_at),
        delivered_at=_earliest(older.delivered_at, newer.delivered_at),
        estimated_at=newer.estimated_at or older.estimated_at,
    )


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
