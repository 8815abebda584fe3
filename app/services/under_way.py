"""What journeys that are under way make of what is new about their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.queries.facts import FactBase
from app.queries.journeys import JourneyRow
from app.queries.pictures import OrderKey
from app.services.decisions import Decided
from flows import engine
from flows.events import Event
from flows.flow import Flow
from flows.journey import Decision, JourneyStatus


def start_again(
    base: FactBase,
    waiting: Sequence[JourneyRow],
    earlier: Mapping[OrderKey, Sequence[Event]],
    now: datetime,
    flows: Sequence[Flow],
) -> list[Decided]:
    """Journeys that have not moved since they began take the corrected instant as their beginning."""
    by_key = {flow.key: flow for flow in flows}
    found = []
    for row in waiting:
        key = (row.shop_id, row.order_id)
        event = next((one for one in earlier.get(key, ()) if one.key == row.event_key), None)
        if event is None or row.flow_key not in by_key or row.state.status is not JourneyStatus.ACTIVE:
            continue
        flow = by_key[row.flow_key]
        decision = engine.start(flow, event, base.facts(key, flow.key, row.parcel_id), now)
        if decision.journey.status is JourneyStatus.ACTIVE and decision.journey.step == row.state.step:
            found.append(Decided(row, flow, decision))
    return found


def advance_waiting(
    base: FactBase,
    waiting: Sequence[JourneyRow],
    new: Mapping[OrderKey, Sequence[Event]],
    now: datetime,
    flows: Sequence[Flow],
) -> list[Decided]:
    by_key = {flow.key: flow for flow in flows}
    return [
        Decided(row, by_key[row.flow_key], decision)
        for row in waiting
        if row.flow_key in by_key
        and (found := new.get((row.shop_id, row.order_id)))
        and (decision := _hear(base, row, by_key[row.flow_key], found, now))
    ]


def _hear(
    base: FactBase, row: JourneyRow, flow: Flow, found: Sequence[Event], now: datetime
) -> Decision | None:
    """What a waiting journey makes of all that is new, heard one after the other; None: nothing."""
    facts = base.facts((row.shop_id, row.order_id), row.flow_key, row.parcel_id)
    heard: Decision | None = None
    for event in found:
        state = heard.journey if heard else row.state
        if heard and state.status is not JourneyStatus.ACTIVE:
            break
        if not _concerns(event, row):
            continue
        decision = engine.advance(flow, state, event, facts, now)
        if decision.journey != state or decision.messages:
            earlier = heard.messages if heard else ()
            heard = replace(decision, messages=(*earlier, *decision.messages))
    return heard


def _concerns(event: Event, row: JourneyRow) -> bool:
    """A parcel's journey hears its own parcel and the order, not its sister parcels."""
    return event.parcel_id is None or row.parcel_id is None or event.parcel_id == row.parcel_id
