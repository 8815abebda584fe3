"""From what the store said to what follows: events are recorded, journeys start, wake and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.db import Session, put_rows
from app.keys import Keys
from app.models.journey import events
from app.predict.run_outs import foresee
from app.queries.facts import FactBase, load_fact_base
from app.queries.journeys import listening_journeys
from app.queries.pictures import OrderKey
from app.queries.reorders import Reorder, reorders
from app.services.billing import within_plan
from app.services.credits import credit
from app.services.decisions import Started, write_decisions
from app.services.event_corrections import correct_events, without_taken_back
from app.services.guesses import without_guesses
from app.services.retime import follow_moments
from app.services.under_way import advance_waiting, start_again
from app.services.watches import born_by, watch
from flows import engine
from flows.events import INFERRED, REPEATED, Event, EventKind, events_that_hold
from flows.flow import Flow
from flows.presets import PRESETS
from flows.questions.rule import whole_second

BEFORE_CONNECT = "placed_before_connect"
FLOW_OFF = "flow_off"
SHOP_INACTIVE = "shop_inactive"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a batch led to: counts for the log and for those who replay."""

    events: int = 0
    journeys: int = 0
    messages: int = 0


def react(
    session: Session,
    touched: Collection[OrderKey],
    secrets: Keys,
    now: datetime,
    sources: Mapping[OrderKey, int] | None = None,
    flows: Sequence[Flow] = PRESETS,
) -> Reaction:
    """Decides on every order in `touched`. A constant number of statements for any batch.

    `sources`: the inbox row that brought an order, kept with its events for `explain`.
    """
    if not touched:
        return Reaction()
    followed = reorders(session, touched)
    keys = {*touched, *((one.shop_id, one.earlier) for one in followed)}
    base, refused = without_taken_back(session, load_fact_base(session, keys, secrets), now, flows)
    base = without_guesses(session, base, now, flows)
    new = record_events(session, base, now, sources or {}, flows, followed)
    earlier, certain_now = correct_events(session, base)
    base = _with_new(base, new, earlier)
    watch(session, base, now)
    credit(session, base, touched, now)
    if not new and not earlier and not refused:
        follow_moments(session, base, touched, now, flows)
        return Reaction()
    base = foresee(session, base, {*new, *earlier, *refused}, now)
    waiting = listening_journeys(session, {*new, *earlier})
    restarted = start_again(base, waiting, earlier, now, flows)
    decided = advance_waiting(base, waiting, new, now, flows)
    begins = {
        key: [*new.get(key, ()), *refused.get(key, ()), *certain_now.get(key, ())]
        for key in {**new, **refused, **certain_now}
    }
    started = within_plan(session, base, _start_triggered(base, begins, now, flows), now)
    journeys, messages = write_decisions(session, base, started, [*restarted, *decided], now)
    follow_moments(session, base, touched, now, flows)
    return Reaction(sum(map(len, new.values())), journeys, messages)


def tell(
    session: Session,
    key: OrderKey,
    happened: Sequence[Event],
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow] = PRESETS,
) -> Reaction:
    """Records events of one order that its picture cannot show (a review, an answer) and reacts to
    those that are new. The shop is locked. An order that is not stored leads to nothing."""
    return tell_all(session, {key: happened}, secrets, now, flows)


def tell_all(
    session: Session,
    happened: Mapping[OrderKey, Sequence[Event]],
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow] = PRESETS,
) -> Reaction:
    """As above, of any number of orders: a constant number of statements."""
    base = load_fact_base(session, happened, secrets)
    told = {
        (key[0], event.key): (key, event)
        for key, events_of in happened.items()
        if key in base.pictures
        for event in events_of
    }
    new = _insert_events(session, base, told, now, None, flows) if told else {}
    if not new:
        return Reaction()
    base = without_guesses(session, _with_new(base, new, {}), now, flows)
    base = foresee(session, base, set(new), now)
    decided = advance_waiting(base, listening_journeys(session, set(new)), new, now, flows)
    started = within_plan(session, base, _start_triggered(base, new, now, flows), now)
    journeys, messages = write_decisions(session, base, started, decided, now)
    follow_moments(session, base, set(new), now, flows)
    return Reaction(sum(map(len, new.values())), journeys, messages)


def record_events(
    session: Session,
    base: FactBase,
    now: datetime,
    sources: Mapping[OrderKey, int],
    flows: Sequence[Flow],
    followed: Sequence[Reorder] = (),
) -> dict[OrderKey, list[Event]]:
    """Inserts what holds; what comes back is what is new. `flows`: those whose refusals are noted.
    `followed`: orders after which another was placed."""
    holding = {
        (key[0], event.key): (key, event)
        for key, picture in base.pictures.items()
        for event in (*events_that_hold(picture), *born_by(base, key, now))
        if event.kind not in _known(base, key, event)
    }
    again = {(one.shop_id, one.earlier): ordered_again(one) for one in followed}
    holding |= {(key[0], event.key): (key, event) for key, event in again.items() if key in base.pictures}
    return _insert_events(session, base, holding, now, sources, flows)


def ordered_again(one: Reorder) -> Event:
    subject = f"order:{one.earlier}"
    return Event(EventKind.ORDERED_AGAIN, f"{subject}:again:{one.later}", subject, one.earlier, one.at)


def _insert_events(
    session: Session,
    base: FactBase,
    holding: Mapping[tuple[int, str], tuple[OrderKey, Event]],
    now: datetime,
    sources: Mapping[OrderKey, int] | None = None,
    flows: Sequence[Flow] = PRESETS,
) -> dict[OrderKey, list[Event]]:
    """By order, those that were not stored yet. `holding`: by shop and event key."""
    rows = [
        {
            "shop_id": shop_id,
            "generation": base.shops[shop_id].generation,
            "key": event.key,
            "kind": event.kind,
            "subject": event.subject,
            "order_id": event.order_id,
            "parcel_id": event.parcel_id,
            "happened_at": event.happened_at,
            "recorded_at": now,
            "inbox_id": (sources or {}).get(key),
            "declined": _declined(base, key, event, flows),
            "source": event.source,
        }
        for (shop_id, _), (key, event) in holding.items()
    ]
    stored = put_rows(session, events, rows, "ON CONFLICT DO NOTHING", "shop_id, key")
    new: dict[OrderKey, list[Event]] = defaultdict(list)
    for row in stored:
        key, event = holding[row.shop_id, row.key]
        new[key].append(event)
    return new


def _known(base: FactBase, key: OrderKey, event: Event) -> frozenset[EventKind]:
    """Kinds that are recorded already and happen once an order or parcel: no need to try again."""
    if event.kind in REPEATED:
        return frozenset()
    recorded = base.happened.get(key, {})
    return frozenset({event.kind}) if (event.kind, event.parcel_id) in recorded else frozenset()


def _declined(base: FactBase, key: OrderKey, event: Event, flows: Sequence[Flow]) -> dict[str, str]:
    """Flows that this event would have triggered, had the shop allowed them: kept on the event."""
    return {
        flow.key: reason
        for flow in flows
        if event.kind in flow.triggers and (reason := _not_allowed(base, key, event, flow))
    }


def _not_allowed(base: FactBase, key: OrderKey, event: Event, flow: Flow) -> str | None:
    """The start rule: nothing starts for orders from before the connection, nor for an event that
    happened while the flow was off."""
    shop = base.shop(key[0])
    setting = base.settings.get((key[0], flow.key))
    if not shop.active:
        return SHOP_INACTIVE
    # Stores tell whole seconds: an order of the second of the connection came after it.
    if base.pictures[key].order.placed_at < whole_second(shop.connected_at):
        return BEFORE_CONNECT
    if setting is None or not setting.enabled:
        return FLOW_OFF
    if setting.since is not None and event.happened_at < whole_second(setting.since):
        return FLOW_OFF
    return None


def _with_new(
    base: FactBase, new: Mapping[OrderKey, Sequence[Event]], earlier: Mapping[OrderKey, Sequence[Event]]
) -> FactBase:
    happened, inferred = dict(base.happened), dict(base.inferred)
    for key in {*new, *earlier}:
        added = {
            (event.kind, event.parcel_id): event.happened_at
            for event in (*new.get(key, ()), *earlier.get(key, ()))
        }
        happened[key] = {**happened.get(key, {}), **added}
        guessed = {(one.kind, one.parcel_id) for one in new.get(key, ()) if one.source == INFERRED}
        told = {(one.kind, one.parcel_id) for one in earlier.get(key, ())}
        inferred[key] = (inferred.get(key, frozenset()) | guessed) - told
    return replace(base, happened=happened, inferred=inferred)


def _start_triggered(
    base: FactBase, new: Mapping[OrderKey, Sequence[Event]], now: datetime, flows: Sequence[Flow]
) -> list[Started]:
    return [
        Started(
            key[0],
            flow,
            event,
            engine.start(flow, event, base.facts(key, flow.key, event.parcel_id), now),
        )
        for key, found in new.items()
        for event, flow in _triggered(found, flows)
        if _not_allowed(base, key, event, flow) is None
    ]


def _triggered(found: Iterable[Event], flows: Sequence[Flow]) -> Iterable[tuple[Event, Flow]]:
    return ((event, flow) for event in found for flow in flows if event.kind in flow.triggers)
