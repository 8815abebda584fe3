"""What is on record of an order, where the store knows better now: earlier than we thought, or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session, as_json, record_set
from app.models.journey import events, journeys
from app.queries.facts import FactBase
from app.queries.journeys import listening_journeys
from app.queries.pictures import OrderKey
from app.services.decisions import Decided, write_decisions
from flows import engine
from flows.events import REPEATED, Event, EventKind, events_that_hold, key_while_it_is, taken_back
from flows.flow import Flow


def without_taken_back(
    session: Session, base: FactBase, now: datetime, flows: Sequence[Flow]
) -> tuple[FactBase, dict[OrderKey, list[Event]]]:
    """Orders that were cancelled or thrown away and are back: that stays on record, but ends nothing any
    more, and may be recorded, and told, once more. With the events that began nothing for that reason alone.
    """
    rows = [
        {"shop_id": key[0], "order_id": key[1], "kind": kind, "key": key_while_it_is(kind, key[1])}
        for key, picture in base.pictures.items()
        for kind in taken_back(picture)
        if (kind, None) in base.happened.get(key, {})
    ]
    refused: dict[OrderKey, list[Event]] = defaultdict(list)
    if not rows:
        return base, refused
    found = session.execute(_TAKE_BACK, {"rows": as_json(rows)}).all()
    happened = dict(base.happened)
    for row in found:
        key = (row.shop_id, row.order_id)
        happened[key] = {one: at for one, at in happened[key].items() if one[0] != row.kind}
    for row in session.execute(_REFUSED, {"rows": as_json(rows)}):
        key = (row.shop_id, row.order_id)
        holding = events_that_hold(base.pictures[key])
        refused[key].extend(event for event in holding if event.key == row.event_key)
    base = replace(base, happened=happened)
    _end_begun_by(session, base, found, now, flows)
    return base, refused


def _end_begun_by(
    session: Session, base: FactBase, past: Sequence[Row[Any]], now: datetime, flows: Sequence[Flow]
) -> None:
    """Journeys that these events began are past as they are."""
    rows = [
        {
            "shop_id": row.shop_id,
            "order_id": row.order_id,
            "event_key": key_while_it_is(EventKind(row.kind), row.order_id),
            "subject": row.key,
        }
        for row in past
    ]
    session.execute(_JOURNEYS_TOO, {"rows": as_json(rows)})
    kinds = {(row.shop_id, row.key): row.kind for row in past}
    by_key = {flow.key: flow for flow in flows}
    over = [
        Decided(row, flow, engine.taken_back(flow, row.state, kinds[row.shop_id, row.event_key]))
        for row in listening_journeys(session, {(row.shop_id, row.order_id) for row in past})
        if (row.shop_id, row.event_key) in kinds and (flow := by_key.get(row.flow_key)) is not None
    ]
    write_decisions(session, base, (), over, now)


# As `past_key`.
_TAKE_BACK = text(
    "UPDATE events e SET key = concat_ws(chr(58), e.key, e.id)"
    f" FROM {record_set(events, ['shop_id', 'key'])} JOIN shops s ON s.id = r.shop_id"
    " WHERE e.shop_id = r.shop_id AND e.generation = s.generation AND e.key = r.key"
    " RETURNING e.shop_id, e.order_id, e.kind, e.key"
)
# What runs for the happening itself gives its place to the next one.
_JOURNEYS_TOO = text(
    "UPDATE journeys j SET event_key = r.subject,"
    " subject = CASE WHEN j.subject = j.event_key THEN r.subject ELSE j.subject END"
    f" FROM {record_set(journeys, ['shop_id', 'order_id', 'event_key', 'subject'])}"
    " JOIN shops s ON s.id = r.shop_id WHERE j.shop_id = r.shop_id AND j.order_id = r.order_id"
    " AND j.generation = s.generation AND j.event_key = r.event_key"
)
_REFUSED = text(
    f"DELETE FROM journeys j USING {record_set(events, ['shop_id', 'order_id', 'kind'])}"
    " JOIN shops s ON s.id = r.shop_id WHERE j.shop_id = r.shop_id AND j.order_id = r.order_id"
    " AND j.generation = s.generation AND j.status = 'declined' AND j.end_reason = r.kind"
    " RETURNING j.shop_id, j.order_id, j.event_key"
)


def correct_events(
    session: Session, base: FactBase
) -> tuple[dict[OrderKey, list[Event]], dict[OrderKey, list[Event]]]:
    """Events that happened at another instant than we thought: a message that came late said it earlier than
    the one that came first, or somebody tells what we had inferred. With those of the latter that began
    nothing because nobody had told them."""
    corrected: dict[OrderKey, list[Event]] = defaultdict(list)
    told: dict[tuple[int, str], tuple[OrderKey, Event]] = {}
    rows = []
    for key, picture in base.pictures.items():
        recorded, inferred = base.happened.get(key, {}), base.inferred.get(key, ())
        for event in events_that_hold(picture):
            name = (event.kind, event.parcel_id)
            held = recorded.get(name)
            if held is None or event.kind in REPEATED:
                continue
            if name in inferred:
                told[key[0], event.key] = key, event
            elif event.happened_at >= held:
                continue
            corrected[key].append(event)
            rows.append(
                {
                    "shop_id": key[0],
                    "key": event.key,
                    "happened_at": event.happened_at,
                    "source": event.source,
                }
            )
    if rows:
        session.execute(_CORRECT, {"rows": as_json(rows)})
    return corrected, _begun_by_none(session, told)


def _begun_by_none(
    session: Session, told: Mapping[tuple[int, str], tuple[OrderKey, Event]]
) -> dict[OrderKey, list[Event]]:
    again: dict[OrderKey, list[Event]] = defaultdict(list)
    if told:
        rows = [
            {"shop_id": shop_id, "order_id": order[1], "event_key": key}
            for (shop_id, key), (order, _) in told.items()
        ]
        for row in session.execute(_UNCERTAIN, {"rows": as_json(rows)}):
            order, event = told[row.shop_id, row.event_key]
            again[order].append(event)
    return again


_CORRECT = text(
    "UPDATE events e SET happened_at = r.happened_at, source = r.source FROM"
    f" {record_set(events, ['shop_id', 'key', 'happened_at', 'source'])} JOIN shops s ON s.id = r.shop_id"
    " WHERE e.shop_id = r.shop_id AND e.generation = s.generation AND e.key = r.key"
)
_UNCERTAIN = text(
    f"DELETE FROM journeys j USING {record_set(journeys, ['shop_id', 'order_id', 'event_key'])}"
    " JOIN shops s ON s.id = r.shop_id WHERE j.shop_id = r.shop_id AND j.order_id = r.order_id"
    " AND j.event_key = r.event_key"
    " AND j.generation = s.generation AND j.status = 'declined' AND j.end_reason = 'is_certain'"
    " RETURNING j.shop_id, j.event_key"
)
