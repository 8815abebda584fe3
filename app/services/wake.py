"""Timers that ring: journeys move on. One writer a shop, fair over shops, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, put_rows
from app.keys import Keys
from app.models.journey import timers
from app.queries.facts import FactBase, load_fact_base
from app.queries.journeys import JourneyRow, journeys_by_id
from app.services.decisions import Decided, write_decisions
from app.services.due_rows import Due, do_due, due_rows
from app.services.retime import rung_too_early, write_moves
from app.services.switches import end_flow
from flows import engine
from flows.flow import Flow
from flows.guards import UNDO
from flows.journey import Decision
from flows.presets import PRESETS

BATCH = 500

_DUE = due_rows("timers", "journey_id")


def wake_due(
    database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS, limit: int = BATCH
) -> int:
    """Advances up to `limit` journeys whose timer is due. Returns how many were taken.

    A timer whose journey is over, or moved on since, is dropped with it.
    """

    def wake(session: Session, due: list[Due]) -> None:
        _wake(session, [journey_id for _, journey_id in due], secrets, now, flows)

    return do_due(database, _DUE, wake, now, limit)


def _wake(session: Session, ids: list[int], secrets: Keys, now: datetime, flows: Sequence[Flow]) -> None:
    by_key = {flow.key: flow for flow in flows}
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
