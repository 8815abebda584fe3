"""Orders whose moment has come are looked at again: what time has brought is recorded and followed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, see_shops
from app.keys import Keys
from app.queries.claims import claim_statement, lock_statement
from app.queries.pictures import KEYS, OrderKey, key_arrays
from app.services.pauses import put_away_watches
from app.services.react import react
from flows.flow import Flow
from flows.presets import PRESETS

BATCH = 500
LATER = timedelta(minutes=5)

_LOCK = text(lock_statement(table="watches", due="due_at"))
_CLAIM = text(
    claim_statement(
        table="watches",
        columns="taken.shop_id, taken.order_id",
        due="due_at",
        waiting="shop_id = any(:mine)",
    )
)
_TAKE = text(f"DELETE FROM watches w USING {KEYS} WHERE w.shop_id = k.shop_id AND w.order_id = k.id")
_PUT_OFF = text(
    f"UPDATE watches w SET due_at = :later FROM {KEYS} WHERE w.shop_id = k.shop_id AND w.order_id = k.id"
)

log = logging.getLogger("doorstep.look")


def look_due(
    database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS, limit: int = BATCH
) -> int:
    """Looks at up to `limit` orders. Returns how many were due. Where the batch as a whole fails they are
    looked at one by one, and one that fails is looked at again later."""
    try:
        return len(_look(database, secrets, now, flows, limit, None))
    except Exception as error:  # one order may be to blame: the others must not wait for it
        log.warning("a batch failed and is looked at one by one: %s", type(error).__name__)
    with database.crossing() as session:
        due = _claim(session, now, limit)
    for key in due:
        try:
            _look(database, secrets, now, flows, limit, key)
        except Exception as error:  # put off and logged, whatever it is
            log.warning("an order could not be looked at: %s", type(error).__name__)
            with database.crossing() as session:
                session.execute(_PUT_OFF, {**key_arrays([key]), "later": now + LATER})
    return len(due)


def _look(
    database: Database,
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow],
    limit: int,
    only: OrderKey | None,
) -> Collection[OrderKey]:
    with database.crossing() as session:
        due = [key for key in _claim(session, now, limit) if only in (None, key)]
        if due:
            see_shops(session, {shop_id for shop_id, _ in due})
            session.execute(_TAKE, key_arrays(due))
            react(session, due, secrets, now, flows=flows)
        return due


def _claim(session: Session, now: datetime, limit: int) -> list[OrderKey]:
    """Due orders of shops that nobody else works for; those shops are locked. What is due in a paused shop is
    put away."""
    locked = session.execute(_LOCK, {"now": now, "limit": limit}).all()
    put_away_watches(session, [row.id for row in locked if row.paused], now)
    mine = [row.id for row in locked if not row.paused]
    if not mine:
        return []
    rows = session.execute(_CLAIM, {"now": now, "limit": limit, "mine": mine})
    return [(row.shop_id, row.order_id) for row in rows]
