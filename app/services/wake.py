"""Timers that ring: journeys move on. Claims are row locks in one transaction, fair over shops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, see_shops
from app.keys import Keys
from app.queries.claims import claim_statement
from app.queries.facts import load_fact_base
from app.queries.journeys import journeys_by_id
from app.services.decisions import Decided, write_decisions
from flows import engine
from flows.flow import Flow
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
        decided = []
        for row in rows:
            key = (row.shop_id, row.order_id)
            if key in base.pictures:
                flow = by_key[row.flow_key]
                facts = base.facts(key, row.flow_key, row.parcel_id)
                decided.append(Decided(row, flow, engine.advance(flow, row.state, None, facts, now)))
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": ids})
        write_decisions(session, base, (), decided, now)
        return len(due)
