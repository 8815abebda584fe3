"""From when on a shop's changes are asked for.

By the clock of whoever notes them. WooCommerce notes a change by the clock of the shop's own server, which
may be hours off: there we go on from the newest change that it told of, or from our own time where that is
earlier.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.commerce import Platform

OVERLAP = timedelta(minutes=10)
# So long before the connection the first look begins, where the store's clock is not ours.
FIRST_LOOK = timedelta(days=1)


def own_clock(platform: Platform) -> bool:
    return platform is Platform.WOOCOMMERCE


def first_watermark(platform: Platform, connected_at: datetime) -> datetime:
    return connected_at - FIRST_LOOK if own_clock(platform) else connected_at


def changed_from(watermark: datetime, began_at: datetime | None) -> datetime:
    """Never later than our own time allows: a clock that was ahead may have been set right."""
    return (min(watermark, began_at) if began_at else watermark) - OVERLAP


# Of a look at changes that has come to its end. What was changed within the overlap is seen by two looks that
# lie so far apart, and after that by none: a quiet shop lists nothing. Never later than this look began: a
# store that is ahead, or one order with a date of its own, would hide what changes under a clock that is
# right. Parameters: :own, :now, :real, :newest, :overlap.
NEXT_WATERMARK = (
    "CASE WHEN NOT :own THEN coalesce(began_at, :now) ELSE least(coalesce(began_at, :now),"
    " CASE WHEN CAST(:newest AS timestamptz) IS NULL THEN watermark"
    " WHEN newest = :newest AND looked_at <= CAST(:real AS timestamptz) - CAST(:overlap AS interval)"
    "  THEN CAST(:newest AS timestamptz) + CAST(:overlap AS interval) + interval '1 second'"
    " ELSE CAST(:newest AS timestamptz) END) END"
)
