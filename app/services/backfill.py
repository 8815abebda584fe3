"""Asking for earlier orders too: the one way in which orders of before the connection get mails.

Nothing of a shop's history ever starts by itself. A merchant may ask for it, for one flow, for what happened
lately; then journeys begin as if by their events, once each, under all rules of the flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.models.shop import CONNECTED
from app.queries.earlier import arrived_earlier
from app.queries.facts import FactBase, load_fact_base
from app.queries.settings import load_settings
from app.services import changes
from app.services.billing import within_plan
from app.services.decisions import Started, write_decisions
from app.services.locks import lock_shop
from app.services.react import record_events
from flows.earlier import MAY_ASK, begun
from flows.events import Event, events_that_hold
from flows.flow import Flow
from flows.presets import BY_KEY, PRESETS

DAYS = (14, 30)
# By one press, the latest first: so that nobody waits long for the shop, which is locked meanwhile.
MOST = 1000
BATCH = 500


class NotAsked(Exception):
    """Nothing was asked for; the text says why, to the merchant."""


class OtherCount(Exception):
    """There are not as many as were seen: `count` are, and nothing was asked for."""

    def __init__(self, count: int) -> None:
        super().__init__(f"there are {count} by now")
        self.count = count


@dataclass(frozen=True, slots=True)
class Asked:
    """`over`: those for which the plan had no room."""

    begun: int
    over: int


def count(
    session: Session,
    shop_id: int,
    flow_key: str,
    since: datetime,
    now: datetime,
    keys: Keys,
    most: int = MOST,
) -> int:
    """How many orders would be asked for, counted no further than `most`; 0 where the shop cannot ask."""
    if why_not(session, shop_id, flow_key):
        return 0
    batches = _found(session, shop_id, BY_KEY[flow_key], since, now, keys, most)
    return sum(len(found) for _, found in batches)


def backfill(
    session: Session,
    shop_id: int,
    flow_key: str,
    since: datetime,
    now: datetime,
    keys: Keys,
    *,
    who: str,
    seen: int | None = None,
) -> Asked:
    """Begins a journey for each earlier order whose event happened since `since`. `seen`: how many the
    merchant agreed to. All of it or nothing; another press finds none of them again. Raises NotAsked,
    OtherCount."""
    lock_shop(session, shop_id)
    if words := why_not(session, shop_id, flow_key):
        raise NotAsked(words)
    flow = BY_KEY[flow_key]
    batches = list(_found(session, shop_id, flow, since, now, keys, MOST))
    total = sum(len(found) for _, found in batches)
    if seen is not None and seen != total:
        raise OtherCount(total)
    started = sum(_begin(session, base, flow, found, now) for base, found in batches)
    if started:
        words = f"Asked for {started:,} earlier {'order' if started == 1 else 'orders'} too."
        changes.record(session, shop_id, now, who, f"flow:{flow_key}", words)
    return Asked(started, total - started)


def why_not(session: Session, shop_id: int, flow_key: str) -> str:
    """Why the shop cannot ask for earlier orders in this flow, in words; "" where it can."""
    if flow_key not in MAY_ASK:
        return "This flow tells news of an order, and there are none of earlier orders."
    setting = load_settings(session, [shop_id]).get((shop_id, flow_key))
    if setting is None or not setting.enabled:
        return "This flow is off. Switch it on first."
    row = session.execute(
        text("SELECT state, paused_at FROM shops WHERE id = :id"), {"id": shop_id}
    ).one_or_none()
    if row is None or row.state != CONNECTED or row.paused_at is not None:
        return "Your store does not let Doorstep in at the moment. Ask again when it does."
    return ""


def _found(
    session: Session, shop_id: int, flow: Flow, since: datetime, now: datetime, keys: Keys, most: int
) -> Iterator[tuple[FactBase, Sequence[Started]]]:
    """What would begin, by batch, `most` at most. As many statements for any size of batch."""
    left = most
    for ids in arrived_earlier(session, shop_id, flow.key, since, min(most, BATCH)):
        base = _as_told(load_fact_base(session, [(shop_id, order_id) for order_id in ids], keys))
        found = [one for one in _starting(base, flow, since, now) if one is not None][:left]
        left -= len(found)
        if found:
            yield _only(base, found), found
        if not left:
            return


def _as_told(base: FactBase) -> FactBase:
    """With everything that the orders' pictures prove, recorded or not: history leaves no events."""
    told = {
        key: {
            **{(event.kind, event.parcel_id): event.happened_at for event in events_that_hold(picture)},
            **base.happened.get(key, {}),
        }
        for key, picture in base.pictures.items()
    }
    return replace(base, happened=told)


def _starting(base: FactBase, flow: Flow, since: datetime, now: datetime) -> Iterator[Started | None]:
    for key, picture in base.pictures.items():
        event = next((one for one in events_that_hold(picture) if one.kind is flow.trigger), None)
        if event is not None and since <= event.happened_at <= now:
            yield _start(base, flow, event, key[0], now)


def _start(base: FactBase, flow: Flow, event: Event, shop_id: int, now: datetime) -> Started | None:
    decision = begun(flow, event, base.facts((shop_id, event.order_id), flow.key, event.parcel_id), now)
    return None if decision is None else Started(shop_id, flow, event, decision)


def _only(base: FactBase, found: Sequence[Started]) -> FactBase:
    keys = {(one.shop_id, one.event.order_id) for one in found}
    return replace(base, pictures={key: picture for key, picture in base.pictures.items() if key in keys})


def _begin(session: Session, base: FactBase, flow: Flow, found: Sequence[Started], now: datetime) -> int:
    """How many began. Their events are recorded, so that what follows is heard by them; no other flow
    takes them up."""
    record_events(session, replace(base, happened={}), now, {}, PRESETS)
    allowed = within_plan(session, base, found, now)
    journeys, _ = write_decisions(session, base, allowed, [], now)
    session.execute(
        text(
            "UPDATE events e SET declined = e.declined - CAST(:flow AS text) FROM shops s"
            " WHERE s.id = e.shop_id AND e.generation = s.generation AND e.shop_id = any(:shops)"
            " AND e.key = any(:keys) AND e.declined ? CAST(:flow AS text)"
        ),
        {
            "flow": flow.key,
            "shops": sorted(base.shops),
            "keys": [one.event.key for one in allowed],
        },
    )
    return journeys
