"""Journeys that are under way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Row, text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.journey import JourneyState, JourneyStatus


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """A stored journey with the revision that its next change must still find."""

    id: int
    shop_id: int
    generation: int
    flow_key: str
    event_key: str
    order_id: str
    parcel_id: str | None
    revision: int
    state: JourneyState


def listening_journeys(session: Session, keys: Collection[OrderKey]) -> list[JourneyRow]:
    """Under way for these orders in their shop's current generation, or done with mails still open:
    those too must hear of a cancellation."""
    rows = session.execute(
        text(
            f"SELECT j.* FROM journeys j JOIN {KEYS} ON j.shop_id = k.shop_id AND j.order_id = k.id"
            " JOIN shops s ON s.id = j.shop_id AND s.generation = j.generation"
            " WHERE j.status = 'active' OR (j.status = 'done' AND EXISTS (SELECT FROM messages m"
            "  WHERE m.journey_id = j.id AND m.state IN ('due', 'claimed'))) ORDER BY j.id"
        ),
        key_arrays(keys),
    )
    return [journey_row(row) for row in rows]


def journeys_by_id(session: Session, ids: Collection[int]) -> list[JourneyRow]:
    rows = session.execute(
        text("SELECT * FROM journeys WHERE id = any(:ids) ORDER BY id"), {"ids": list(ids)}
    )
    return [journey_row(row) for row in rows]


def begun_by(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Keys of the events that began these journeys."""
    found = text("SELECT id, event_key FROM journeys WHERE id = any(:ids)")
    rows = session.execute(found, {"ids": list(ids)})
    return {row.id: row.event_key for row in rows}


def journey_row(row: Row[tuple[object, ...]]) -> JourneyRow:
    return JourneyRow(
        id=row.id,
        shop_id=row.shop_id,
        generation=row.generation,
        flow_key=row.flow_key,
        event_key=row.event_key,
        order_id=row.order_id,
        parcel_id=row.parcel_id,
        revision=row.revision,
        state=JourneyState(
            flow_key=row.flow_key,
            flow_version=row.flow_version,
            status=JourneyStatus(row.status),
            anchor=row.anchor,
            step=row.step,
            wake_at=row.wake_at,
            end_reason=row.end_reason,
            variants=tuple(sorted(row.variants.items())),
        ),
    )
