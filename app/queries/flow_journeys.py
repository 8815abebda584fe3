"""Who is in a flow right now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.models.shop import PARKED
from app.queries.journeys import JourneyRow, journey_row
from app.queries.pictures import KEYS, OrderKey, key_arrays


@dataclass(frozen=True, slots=True)
class NextMail:
    """`number` of the order; `name` is "" where the order carries none."""

    at: datetime
    name: str
    number: str


def people_in(session: Session, shop_id: int) -> dict[str, int]:
    """By flow, how many journeys are under way."""
    rows = session.execute(
        text(
            "SELECT flow_key, count(*) AS people FROM journeys"
            " WHERE shop_id = :shop AND status = 'active' GROUP BY flow_key"
        ),
        {"shop": shop_id},
    )
    return {row.flow_key: row.people for row in rows}


def next_mail(session: Session, shop_id: int, flow_key: str) -> NextMail | None:
    """The soonest of the mails that are planned and of the waits that end in one."""
    row = session.execute(
        text(
            "SELECT n.at, o.number, o.body->>'first_name' AS first, o.body->>'last_name' AS last FROM ("
            " (SELECT m.next_at AS at, m.order_id FROM messages m"
            "  WHERE m.shop_id = :shop AND m.flow_key = :flow AND m.state = 'due' AND m.next_at < :parked"
            "  ORDER BY m.next_at LIMIT 1)"
            " UNION ALL"
            " (SELECT j.wake_at, j.order_id FROM journeys j WHERE j.shop_id = :shop"
            "  AND j.flow_key = :flow AND j.status = 'active' AND j.wake_at IS NOT NULL"
            "  ORDER BY j.wake_at LIMIT 1)) n"
            " JOIN orders o ON o.shop_id = :shop AND o.id = n.order_id ORDER BY n.at LIMIT 1"
        ),
        {"shop": shop_id, "flow": flow_key, "parked": PARKED},
    ).one_or_none()
    if row is None:
        return None
    return NextMail(row.at, " ".join(filter(None, (row.first, row.last))), row.number)


def waiting_in(
    session: Session, shop_id: int, flow_key: str, steps: Collection[str], after: int, limit: int
) -> list[JourneyRow]:
    """Journeys that wait in one of these steps, by id from `after` on."""
    rows = session.execute(
        text(
            "SELECT j.id, j.shop_id, j.generation, j.flow_key, j.event_key, j.order_id, j.parcel_id,"
            " j.revision, j.flow_version, j.status, j.anchor, j.step, j.wake_at, j.end_reason, j.variants"
            " FROM journeys j JOIN shops s ON s.id = j.shop_id AND s.generation = j.generation"
            " WHERE j.shop_id = :shop AND j.flow_key = :flow AND j.status = 'active'"
            " AND j.step = any(:steps) AND j.id > :after ORDER BY j.id LIMIT :limit"
        ),
        {"shop": shop_id, "flow": flow_key, "steps": list(steps), "after": after, "limit": limit},
    )
    return [journey_row(row) for row in rows]


def waiting_for_orders(
    session: Session, keys: Collection[OrderKey], steps: Collection[tuple[str, str]]
) -> list[JourneyRow]:
    """Journeys of these orders that wait in one of the steps, each given as its flow and its key."""
    rows = session.execute(
        text(
            f"SELECT j.* FROM journeys j JOIN {KEYS} ON j.shop_id = k.shop_id AND j.order_id = k.id"
            " JOIN shops s ON s.id = j.shop_id AND s.generation = j.generation"
            " WHERE j.status = 'active' AND j.wake_at IS NOT NULL"
            " AND j.flow_key || ' ' || j.step = any(:steps) ORDER BY j.id"
        ),
        {**key_arrays(keys), "steps": [f"{flow} {step}" for flow, step in steps]},
    )
    return [journey_row(row) for row in rows]
