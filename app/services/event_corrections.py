"""What is on record of an order, where the store knows better now: earlier than we thought, or taken back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import text

from app.db import Session, as_json, record_set
from app.models.journey import events
from app.queries.facts import FactBase
from app.queries.pictures import OrderKey
from flows.events import Event, EventKind, events_that_hold, key_while_it_is, taken_back


def without_taken_back(session: Session, base: FactBase) -> tuple[FactBase, dict[OrderKey, list[Event]]]:
    """Orders that were cancelled or thrown away and are back: that stays on record, but ends nothing any
    more, and may be recorded once more. With the events that began nothing for that reason alone."""
    rows = [
        {"shop_id": key[0], "order_id": key[1], "kind": kind, "key": key_while_it_is(kind, key[1])}
        for key, picture in base.pictures.items()
        for kind in taken_back(picture)
        if (kind, None) in base.happened.get(key, {})
    ]
    refused: dict[OrderKey, list[Event]] = defaultdict(list)
    if not rows:
        return base, refused
    found = session.execute(_TAKE_BACK, {"rows": as_json(rows)})
    happened = dict(base.happened)
    for row in found:
        key = (row.shop_id, row.order_id)
        happened[key] = {one: at for one, at in happened[key].items() if one[0] != row.kind}
    for row in session.execute(_REFUSED, {"rows": as_json(rows)}):
        key = (row.shop_id, row.order_id)
        holding = events_that_hold(base.pictures[key])
        refused[key].extend(event for event in holding if event.key == row.event_key)
    return replace(base, happened=happened), refused


# As `past_key`.
_TAKE_BACK = text(
    "UPDATE events e SET key = concat_ws(chr(58), e.key, e.id)"
    f" FROM {record_set(events, ['shop_id', 'key'])} JOIN shops s ON s.id = r.shop_id"
    " WHERE e.shop_id = r.shop_id AND e.generation = s.generation AND e.key = r.key"
    " RETURNING e.shop_id, e.order_id, e.kind"
)


_REFUSED = text(
    f"DELETE FROM journeys j USING {record_set(events, ['shop_id', 'order_id', 'kind'])}"
    " JOIN shops s ON s.id = r.shop_id WHERE j.shop_id = r.shop_id AND j.order_id = r.order_id"
    " AND j.generation = s.generation AND j.status = 'declined' AND j.end_reason = r.kind"
    " RETURNING j.shop_id, j.order_id, j.event_key"
)


def correct_events(session: Session, base: FactBase) -> dict[OrderKey, list[Event]]:
    """Events of which we learn that they happened earlier than we thought: a message that came late
    said it better than the one that came first."""
    earlier: dict[OrderKey, list[Event]] = defaultdict(list)
    rows = []
    for key, picture in base.pictures.items():
        recorded = base.happened.get(key, {})
        for event in events_that_hold(picture):
            held = recorded.get((event.kind, event.parcel_id))
            if held is not None and event.happened_at < held and event.kind is not EventKind.LINES_REFUNDED:
                earlier[key].append(event)
                rows.append({"shop_id": key[0], "key": event.key, "happened_at": event.happened_at})
    if rows:
        session.execute(
            text(
                "UPDATE events e SET happened_at = r.happened_at FROM"
                f" {record_set(events, list(rows[0]))} JOIN shops s ON s.id = r.shop_id"
                " WHERE e.shop_id = r.shop_id AND e.generation = s.generation AND e.key = r.key"
            ),
            {"rows": as_json(rows)},
        )
    return earlier
