"""Timers that ring: journeys move on. Claims are row locks in one transaction, fair over shops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, put_rows, see_shops
from app.keys import Keys
from app.models.journey import timers
from app.queries.claims import claim_statement
from app.queries.facts import FactBase, load_fact_base
from app.queries.journeys import JourneyRow, journeys_by_id
from app.services.decisions import Decided, write_decisions
from flows import engine
from flows.flow import Flow
from flows.guards import UNDO
from flows.journey import Decision
from flows.presets import PRESETS

BATCH = 500

CLAIM = text(claim_statement(table="timers", columns="taken.journey_id, taken.shop_id", due="due_at"))


def wake_due(
    database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS, limit: int = BATCH
) -> int:
    """Advances up to `limit` journeys whose timer is due. Returns how many were taken.

    A timer whose journey is over, or moved on since, is dropped with it.
    """
    by_key = {flow.key: flow for flow in flows}
    with database.crossing() as session:
        due = session.execute(CLAIM, {"now": now, "limit": limit}).all()
        if not due:
            return 0
        see_shops(session, {row.shop_id for row in due})
        ids = [row.journey_id for row in due]
        rows = [row for row in journeys_by_id(session, ids) if row.flow_key in by_key]
        base = load_fact_base(session, {(row.shop_id, row.order_id) for row in rows}, secrets)
        off = [row for row in rows if not _is_on(base, row)]
        decided = [
            Decided(row, by_key[row.flow_key], _advance(by_key[row.flow_key], row, base, now))
            for row in rows
            if _is_on(base, row) and (row.shop_id, row.order_id) in base.pictures
        ]
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})
        write_decisions(session, base, (), decided, now)
        _wait_for_undo(session, off, now)
        return len(due)


def _is_on(base: FactBase, row: JourneyRow) -> bool:
    setting = base.settings.get((row.shop_id, row.flow_key))
    return setting is not None and setting.enabled


def _advance(flow: Flow, row: JourneyRow, base: FactBase, now: datetime) -> Decision:
    facts = base.facts((row.shop_id, row.order_id), row.flow_key, row.parcel_id)
    return engine.advance(flow, row.state, None, facts, now)


def _wait_for_undo(session: Session, off: Sequence[JourneyRow], now: datetime) -> None:
    """A flow that has just gone off may come on again within the undo: its timers ring after that."""
    put_rows(
        session,
        timers,
        [{"journey_id": row.id, "shop_id": row.shop_id, "due_at": now + UNDO, "lane": 0} for row in off],
    )
