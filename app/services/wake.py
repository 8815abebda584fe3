"""Timers that ring: journeys move on. One writer a shop, fair over shops, all in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, put_rows, see_shops
from app.keys import Keys
from app.models.journey import timers
from app.queries.claims import claim_statement, lock_statement
from app.queries.facts import FactBase, load_fact_base
from app.queries.journeys import JourneyRow, journeys_by_id
from app.services.decisions import Decided, write_decisions
from app.services.pauses import put_away_timers
from app.services.retime import rung_too_early, write_moves
from app.services.switches import end_flow
from flows import engine
from flows.flow import Flow
from flows.guards import UNDO
from flows.journey import Decision
from flows.presets import PRESETS

BATCH = 500

LOCK = text(lock_statement(table="timers", due="due_at"))
CLAIM = text(
    claim_statement(
        table="timers",
        columns="taken.journey_id, taken.shop_id",
        due="due_at",
        waiting="shop_id = any(:mine)",
    )
)
LATER = timedelta(minutes=5)

log = logging.getLogger("doorstep.wake")


def wake_due(
    database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS, limit: int = BATCH
) -> int:
    """Advances up to `limit` journeys whose timer is due. Returns how many were taken.

    A timer whose journey is over, or moved on since, is dropped with it. Where the batch as a whole
    fails, its journeys are woken one by one, and one that fails rings again later.
    """
    try:
        return len(_wake(database, secrets, now, flows, limit, None))
    except Exception as error:  # one row may be to blame: the others must not wait for it
        log.warning("a batch failed and is woken one by one: %s", type(error).__name__)
        return _one_by_one(database, secrets, now, flows, limit)


def _one_by_one(database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow], limit: int) -> int:
    with database.crossing() as session:
        due = _claim(session, now, limit)
    for journey_id, _ in due:
        try:
            _wake(database, secrets, now, flows, limit, journey_id)
        except Exception as error:  # put off and logged, whatever it is
            log.warning("journey %s could not be woken: %s", journey_id, type(error).__name__)
            with database.crossing() as session:
                session.execute(
                    text("UPDATE timers SET due_at = :later WHERE journey_id = :id"),
                    {"later": now + LATER, "id": journey_id},
                )
    return len(due)


def _claim(session: Session, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(journey, shop) of due timers; the shops are locked, so nobody else moves their journeys. What rings
    in a paused shop is put away."""
    locked = session.execute(LOCK, {"now": now, "limit": limit}).all()
    put_away_timers(session, [row.id for row in locked if row.paused], now)
    mine = [row.id for row in locked if not row.paused]
    if not mine:
        return []
    rows = session.execute(CLAIM, {"now": now, "limit": limit, "mine": mine})
    return [(row.journey_id, row.shop_id) for row in rows]


def _wake(
    database: Database,
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow],
    limit: int,
    only: int | None,
) -> list[int]:
    by_key = {flow.key: flow for flow in flows}
    with database.crossing() as session:
        due = [one for one in _claim(session, now, limit) if only in (None, one[0])]
        if not due:
            return []
        see_shops(session, {shop_id for _, shop_id in due})
        ids = [journey_id for journey_id, _ in due]
        rows = [row for row in journeys_by_id(session, ids) if row.flow_key in by_key]
        base = load_fact_base(session, {(row.shop_id, row.order_id) for row in rows}, secrets)
        on = [row for row in rows if _is_on(base, row) and (row.shop_id, row.order_id) in base.pictures]
        early = rung_too_early(session, base, on, by_key, now)
        waiting = {moved.row.id for moved in early}
        decided = [
            Decided(row, by_key[row.flow_key], _advance(by_key[row.flow_key], row, base, now))
            for row in on
            if row.id not in waiting
        ]
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})
        write_decisions(session, base, (), decided, now)
        write_moves(session, early, now)
        _settle_off(session, base, [row for row in rows if not _is_on(base, row)], now)
        return ids


def _is_on(base: FactBase, row: JourneyRow) -> bool:
    setting = base.settings.get((row.shop_id, row.flow_key))
    return setting is not None and setting.enabled


def _advance(flow: Flow, row: JourneyRow, base: FactBase, now: datetime) -> Decision:
    facts = base.facts((row.shop_id, row.order_id), row.flow_key, row.parcel_id)
    return engine.advance(flow, row.state, None, facts, now)


def _settle_off(session: Session, base: FactBase, off: Sequence[JourneyRow], now: datetime) -> None:
    """A flow that has just gone off may come on again within the undo: its timers ring after that. Of one
    that is off for good the journeys end."""
    waiting = [row for row in off if _may_come_on_again(base, row, now)]
    put_rows(
        session,
        timers,
        [{"journey_id": row.id, "shop_id": row.shop_id, "due_at": now + UNDO, "lane": 0} for row in waiting],
    )
    for shop_id, flow_key in {(row.shop_id, row.flow_key) for row in off if row not in waiting}:
        end_flow(session, shop_id, flow_key, now)


def _may_come_on_again(base: FactBase, row: JourneyRow, now: datetime) -> bool:
    setting = base.settings.get((row.shop_id, row.flow_key))
    return setting is not None and setting.since is not None and now < setting.since + UNDO
