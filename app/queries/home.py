"""What the first page tells of a shop: its connection, what went out, what was held back, what waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.models.shop import PARKED
from flows.presets import BY_KEY


@dataclass(frozen=True, slots=True)
class Connection:
    """`heard_at`, `paused_at` (real time): when the shop last sent something, and since when its mails wait.
    `orders` and `products`: how much was read, counted while the import runs only."""

    state: str
    problem: str | None
    imported_at: datetime | None
    heard_at: datetime | None
    topic: str
    error: str | None
    healed: int
    orders: int
    products: int
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the last 30 days, and of the 30 before. `clicked`: mails with at least one click."""

    asked: int
    reviews: int
    reviews_before: int
    held: int
    clicked: int
    clicked_before: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many mails ended in this state for this reason, when the last one, and how many yesterday."""

    state: str
    reason: str
    count: int
    last: datetime
    yesterday: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """`today`: mails and timers until the day ends. `put_off`: mails whose time had come and that wait
    for another; `failed_once`: those of them that a mail server has refused."""

    today: int
    put_off: int
    until: datetime | None
    failed_once: int


def load_connection(session: Session, shop_id: int) -> Connection:
    row = session.execute(_CONNECTION, {"shop": shop_id}).one()
    return Connection(**row._mapping)


def load_sent(
    session: Session, shop_id: int, days: Mapping[date, tuple[datetime, datetime]]
) -> dict[tuple[str, date], int]:
    """By flow and day. `days`: when each begins and ends on the shop's clock; each is one range of the
    index, so that no zone is reckoned per mail."""
    rows = session.execute(
        _SENT,
        {
            "shop": shop_id,
            "flows": list(BY_KEY),
            "days": list(days),
            "starts": [starts for starts, _ in days.values()],
            "ends": [ends for _, ends in days.values()],
        },
    )
    return {(row.flow_key, row.day): row.mails for row in rows if row.mails}


def load_counts(session: Session, shop_id: int, since: datetime, before: datetime) -> Counts:
    row = session.execute(_COUNTS, {"shop": shop_id, "since": since, "before": before}).one()
    return Counts(**row._mapping)


def load_unsent(
    session: Session, shop_id: int, since: datetime, yesterday: datetime, today: datetime
) -> list[Unsent]:
    rows = session.execute(_UNSENT, {"shop": shop_id, "since": since, "yesterday": yesterday, "today": today})
    return [Unsent(**row._mapping) for row in rows]


def load_waiting(session: Session, shop_id: int, now: datetime, day_ends: datetime) -> Waiting:
    row = session.execute(_WAITING, {"shop": shop_id, "now": now, "ends": day_ends}).one()
    return Waiting(**row._mapping)


def load_held(session: Session, shop_id: int, reasons: Collection[str]) -> dict[str, int]:
    """How many mails wait for each of these reasons, which nobody but the merchant can take away."""
    rows = session.execute(
        text(
            "SELECT reason, count(*) AS many FROM messages WHERE shop_id = :shop AND state = 'due'"
            " AND reason = any(:reasons) GROUP BY reason"
        ),
        {"shop": shop_id, "reasons": list(reasons)},
    )
    return {row.reason: row.many for row in rows}


def next_rows(session: Session, shop_id: int, limit: int) -> list[Any]:
    """Mails that are due and journeys that will write one, soonest first. A journey's `step` is the one
    that it waits in, a mail's the one that sends."""
    return list(session.execute(_NEXT, {"shop": shop_id, "limit": limit, "parked": PARKED}))


_CONNECTION = text("""
SELECT s.state, s.problem, s.paused_at, s.imported_at, i.received_at AS heard_at,
    coalesce(i.topic, '') AS topic,
    (SELECT min(p.error) FROM polls p WHERE p.shop_id = s.id AND p.error IS NOT NULL) AS error,
    (SELECT coalesce(sum(p.healed), 0)::bigint FROM polls p WHERE p.shop_id = s.id) AS healed,
    CASE WHEN s.imported_at IS NULL THEN (SELECT count(*) FROM orders o WHERE o.shop_id = s.id) ELSE 0 END
        AS orders,
    CASE WHEN s.imported_at IS NULL THEN (SELECT count(*) FROM products p WHERE p.shop_id = s.id) ELSE 0 END
        AS products
FROM shops s
LEFT JOIN LATERAL (
    SELECT received_at, topic FROM inbox WHERE shop_id = s.id ORDER BY received_at DESC LIMIT 1
) i ON true
WHERE s.id = :shop
""")

_SENT = text("""
SELECT f.flow_key, d.day, (
    SELECT count(*) FROM messages m WHERE m.shop_id = :shop AND m.flow_key = f.flow_key AND m.state = 'sent'
        AND m.sent_at >= d.starts AND m.sent_at < d.ends
) AS mails
FROM unnest(CAST(:flows AS text[])) AS f(flow_key),
    unnest(CAST(:days AS date[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
        AS d(day, starts, ends)
""")

_COUNTS = text("""
SELECT
    (SELECT count(*) FROM messages WHERE shop_id = :shop AND flow_key = 'review_request' AND state = 'sent'
     AND sent_at >= :since AND step = 'ask') AS asked,
    r.reviews, r.reviews_before, r.held, c.clicked, c.clicked_before
FROM (
    SELECT count(*) FILTER (WHERE submitted_at >= :since) AS reviews,
        count(*) FILTER (WHERE submitted_at < :since AND submitted_at >= :before) AS reviews_before,
        count(*) FILTER (WHERE state = 'held') AS held
    FROM reviews WHERE shop_id = :shop AND (submitted_at >= :before OR state = 'held')
) r, (
    SELECT count(DISTINCT message_id) FILTER (WHERE at >= :since) AS clicked,
        count(DISTINCT message_id) FILTER (WHERE at < :since) AS clicked_before
    FROM message_events WHERE shop_id = :shop AND kind = 'clicked' AND at >= :before
) c
""")

_UNSENT = text("""
SELECT state, coalesce(reason, '') AS reason, count(*) AS count, max(changed_at) AS last,
    count(*) FILTER (WHERE due_at >= :yesterday AND due_at < :today) AS yesterday
FROM messages WHERE shop_id = :shop AND due_at >= :since
    AND state IN ('failed', 'unknown', 'skipped', 'cancelled', 'expired')
GROUP BY 1, 2 ORDER BY last DESC
""")

_WAITING = text("""
SELECT m.today + t.today AS today, m.put_off, m.until, m.failed_once
FROM (
    SELECT count(*) FILTER (WHERE next_at < :ends) AS today,
        count(*) FILTER (WHERE due_at <= :now AND next_at > :now) AS put_off,
        min(next_at) FILTER (WHERE due_at <= :now AND next_at > :now) AS until,
        count(*) FILTER (WHERE due_at <= :now AND next_at > :now AND attempts > 0) AS failed_once
    FROM messages WHERE shop_id = :shop AND state IN ('due', 'claimed')
) m, (
    SELECT count(*) AS today FROM timers
    WHERE lane IN (0, 1, 2) AND shop_id = :shop AND due_at < :ends
) t
""")

_NEXT = text("""
SELECT * FROM (
    SELECT 'mail' AS kind, m.next_at AS at, m.due_at, m.flow_key, m.step, m.template, m.order_id, m.parcel_id,
        m.attempts
    FROM unnest(ARRAY[0, 1, 2]) AS l(lane) CROSS JOIN LATERAL (
        SELECT * FROM messages d WHERE d.state = 'due' AND d.lane = l.lane AND d.shop_id = :shop
            AND d.next_at < :parked
        ORDER BY d.next_at LIMIT :limit
    ) m
    UNION ALL
    SELECT 'journey', t.due_at, t.due_at, j.flow_key, j.step, '', j.order_id, j.parcel_id, 0
    FROM unnest(ARRAY[0, 1, 2]) AS l(lane) CROSS JOIN LATERAL (
        SELECT * FROM timers d WHERE d.lane = l.lane AND d.shop_id = :shop AND d.due_at < :parked
        ORDER BY d.due_at LIMIT :limit
    ) t JOIN journeys j ON j.id = t.journey_id AND j.shop_id = :shop
) soon ORDER BY at, order_id LIMIT :limit
""")
