"""The plan that a shop is on, and how many orders of this month count against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import text

from app.db import Session
from app.words.plans import FREE, Plan, plan_of
from flows.wallclock import instant_of, wall_of, zone_named

ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month on a shop's clock."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """`used`: orders of the month that got mails, counted no further than asked. `verified_at`: when the
    platform was last asked for the plan, None: not yet."""

    plan: Plan
    used: int
    month: Month
    verified_at: datetime | None


def month_of(now: datetime, timezone: str) -> Month:
    zone = zone_named(timezone)
    first = wall_of(now, zone).date().replace(day=1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return Month(*(instant_of(datetime.combine(day, time()), zone) for day in (first, after)))


def load_usage(
    session: Session, zones: Mapping[int, str], now: datetime, most: int | None = None
) -> dict[int, Usage]:
    """One statement for any number of shops. `zones`: shop -> its timezone. `most`: counting stops there."""
    months = {shop: month_of(now, zone) for shop, zone in zones.items()}
    rows = session.execute(
        _USAGE,
        {
            "shops": list(months),
            "starts": [month.starts for month in months.values()],
            "ends": [month.ends for month in months.values()],
            "most": most,
        },
    )
    return {
        row.shop_id: Usage(_in_force(row.plan, row.status), row.used, months[row.shop_id], row.verified_at)
        for row in rows
    }


def load_counted(session: Session, keys: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the orders that count already, in whichever month."""
    rows = session.execute(
        _COUNTED, {"shops": [shop for shop, _ in keys], "ids": [order for _, order in keys]}
    )
    return {(row.shop_id, row.id) for row in rows}


def _in_force(handle: str | None, status: str | None) -> Plan:
    """A subscription that is not active (declined, frozen, cancelled) gives what every shop has."""
    return plan_of(handle) if handle and status == ACTIVE else FREE


_USAGE = text("""
SELECT m.shop_id, p.plan, p.status, p.verified_at, (
    SELECT count(*) FROM (
        SELECT FROM orders o
        WHERE o.shop_id = m.shop_id AND o.counted_at >= m.starts AND o.counted_at < m.ends
        LIMIT CAST(:most AS bigint)
    ) c
) AS used
FROM unnest(CAST(:shops AS bigint[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
    AS m(shop_id, starts, ends)
LEFT JOIN shop_plans p ON p.shop_id = m.shop_id
""")

_COUNTED = text("""
SELECT o.shop_id, o.id
FROM unnest(CAST(:shops AS bigint[]), CAST(:ids AS text[])) AS k(shop_id, id)
JOIN orders o USING (shop_id, id)
WHERE o.counted_at IS NOT NULL
""")
