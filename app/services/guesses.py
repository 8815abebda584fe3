"""Arrivals that were guessed, and that something speaks against now: they stay on record as past, what they
began ends with its reason, and the parcel may arrive once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json, record_set
from app.models.journey import events, journeys
from app.queries.facts import FactBase
from app.queries.journeys import JourneyRow, listening_journeys
from app.queries.pictures import OrderKey
from app.services.decisions import Decided, write_decisions
from flows import engine
from flows.flow import Flow
from flows.missing import Happening, refuted


def without_guesses(session: Session, base: FactBase, now: datetime, flows: Sequence[Flow]) -> FactBase:
    """The facts without arrivals that do not hold any more. No statement where there are none."""
    wrong = {
        key: found
        for key, picture in base.pictures.items()
        if (found := refuted(picture, base.happened.get(key, {}), base.inferred.get(key, ())))
    }
    if not wrong:
        return base
    base = _without(base, wrong)
    listening = listening_journeys(session, wrong)
    begun = _take_back(session, wrong)
    by_key = {flow.key: flow for flow in flows}
    over = [
        Decided(row, by_key[row.flow_key], engine.unfounded(by_key[row.flow_key], row.state, begun[_of(row)]))
        for row in listening
        if _of(row) in begun and row.flow_key in by_key
    ]
    write_decisions(session, base, (), over, now)
    return base


def _without(base: FactBase, wrong: Mapping[OrderKey, Collection[Happening]]) -> FactBase:
    happened, inferred = dict(base.happened), dict(base.inferred)
    for key, found in wrong.items():
        happened[key] = {of: at for of, at in happened[key].items() if of not in found}
        inferred[key] = inferred[key] - frozenset(found)
    return replace(base, happened=happened, inferred=inferred)


def _of(row: JourneyRow) -> tuple[int, str]:
    return row.shop_id, row.event_key


def _take_back(
    session: Session, wrong: Mapping[OrderKey, Collection[Happening]]
) -> dict[tuple[int, str], str]:
    """Keys under which the guesses were on record, and what they said."""
    rows = [
        {"shop_id": key[0], "order_id": key[1], "kind": kind, "parcel_id": parcel_id}
        for key, found in wrong.items()
        for kind, parcel_id in found
    ]
    past = session.execute(_TAKE_BACK, {"rows": as_json(rows)}).all()
    marks = [
        {"shop_id": row.shop_id, "order_id": row.order_id, "event_key": row.was, "subject": str(row.id)}
        for row in past
    ]
    session.execute(_MAY_BEGIN, {"rows": as_json(marks)})
    return {(row.shop_id, row.was): row.kind for row in past}


# As `past_key`.
_TAKE_BACK = text(
    "UPDATE events e SET key = concat_ws(chr(58), o.key, o.id)"
    f" FROM {record_set(events, ['shop_id', 'order_id', 'kind', 'parcel_id'])}"
    " JOIN shops s ON s.id = r.shop_id JOIN events o ON o.shop_id = r.shop_id AND o.order_id = r.order_id"
    " AND o.generation = s.generation AND o.kind = r.kind AND o.parcel_id IS NOT DISTINCT FROM r.parcel_id"
    " AND o.source = 'inferred' AND o.key LIKE '%delivered'"
    " WHERE e.id = o.id RETURNING e.shop_id, e.order_id, e.id, e.kind, o.key AS was"
)
# Nothing is told twice: what a mail has left for, or may have, does not begin again.
_MAY_BEGIN = text(
    "UPDATE journeys j SET subject = concat_ws(chr(58), j.subject, r.subject),"
    " event_key = concat_ws(chr(58), j.event_key, r.subject)"
    f" FROM {record_set(journeys, ['shop_id', 'order_id', 'event_key', 'subject'])}"
    " JOIN shops s ON s.id = r.shop_id"
    " WHERE j.shop_id = r.shop_id AND j.order_id = r.order_id AND j.generation = s.generation"
    " AND j.event_key = r.event_key"
    " AND NOT EXISTS (SELECT FROM messages m WHERE m.journey_id = j.id"
    " AND m.state IN ('claimed', 'sending', 'sent', 'unknown'))"
)
