"""Rows that fall due, of shops that nobody else works for: done together, and where that fails one by one.
One that fails says why, and is due again later."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text

from app.db import Database, Session, see_shops
from app.queries.claims import claim_statement, lock_statement
from app.services.pauses import put_away

LATER = timedelta(minutes=5)
Due = tuple[int, Any]
"""Its shop, and what names it there."""
Work = Callable[[Session, list[Due]], None]
"""Takes the rows out of their table, too."""

log = logging.getLogger("doorstep.due_rows")


@dataclass(frozen=True, slots=True)
class DueRows:
    table: str
    lock: TextClause
    take: TextClause
    put_off: TextClause


def due_rows(table: str, name: str) -> DueRows:
    """A table with `due_at`, `lane` and `error`; `name`: the column that names a row in its shop."""
    columns = f"taken.shop_id, taken.{name} AS name"
    mine = "shop_id = any(:mine)"
    return DueRows(
        table,
        text(lock_statement(table=table, due="due_at")),
        text(claim_statement(table=table, columns=columns, due="due_at", waiting=mine)),
        text(f"UPDATE {table} SET due_at = :later, error = :error WHERE shop_id = :shop AND {name} = :name"),
    )


def do_due(database: Database, rows: DueRows, work: Work, now: datetime, limit: int) -> int:
    """Up to `limit`, in one transaction. Returns how many were due."""
    try:
        return _do(database, rows, work, now, limit)
    except Exception as error:  # any row may be to blame: what it broke is rolled back, the others go on
        log.warning("due %s are done one by one: %s", rows.table, type(error).__name__)
    with database.crossing() as session:
        due = _claim(session, rows, now, limit)
    for one in due:
        try:
            _do(database, rows, work, now, limit, one)
        except Exception as error:  # kept with its row, which is due again later; the next one has its turn
            _put_off(database, rows, one, error, now)
    return len(due)


def _do(
    database: Database, rows: DueRows, work: Work, now: datetime, limit: int, only: Due | None = None
) -> int:
    with database.crossing() as session:
        due = [one for one in _claim(session, rows, now, limit) if only in (None, one)]
        if due:
            see_shops(session, {shop_id for shop_id, _ in due})
            work(session, due)
        return len(due)


def _claim(session: Session, rows: DueRows, now: datetime, limit: int) -> list[Due]:
    """Their shops are locked. What falls due in a paused shop is put away."""
    locked = session.execute(rows.lock, {"now": now, "limit": limit}).all()
    put_away(session, rows.table, [row.id for row in locked if row.paused], now)
    mine = [row.id for row in locked if not row.paused]
    if not mine:
        return []
    return [
        (row.shop_id, row.name)
        for row in session.execute(rows.take, {"now": now, "limit": limit, "mine": mine})
    ]


def _put_off(database: Database, rows: DueRows, one: Due, error: Exception, now: datetime) -> None:
    shop_id, name = one
    log.warning("%s %s of shop %s: %s", rows.table, name, shop_id, type(error).__name__)
    with database.crossing() as session:
        session.execute(
            rows.put_off,
            {"shop": shop_id, "name": name, "later": now + LATER, "error": type(error).__name__},
        )
