"""A store that fails again and again is left alone, for longer each time.

What was to be asked of it waits meanwhile, whatever it is, and loses nothing by it: no try is counted. The
first call that brings something ends it, and what waited is due. A store of which nothing is heard for
hours, neither answers nor messages, is not written about: its shop waits until its orders can be read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.services.locks import lock_shop
from app.services.pauses import pause
from connectors.base import NotNow, StoreBusy, StoreUnreachable

# Failures in a row; fewer may be about single things, which have pauses of their own.
PATIENT = 3
FIRST = timedelta(seconds=20)
LONGEST = timedelta(minutes=30)
SILENT = timedelta(hours=6)
# What failed by itself before is tried again at once only after a time in which nothing else worked either.
LONG = timedelta(minutes=10)


def note_fault(session: Session, shop_id: int, error: Exception, real: datetime) -> None:
    """A call failed that may succeed later. Of WooCommerce: Shopify says itself how often it may be asked."""
    if isinstance(error, NotNow) or not isinstance(error, StoreUnreachable | StoreBusy):
        return
    lock_shop(session, shop_id)
    found = session.execute(_FAILED, {"shop": shop_id, "real": real}).one_or_none()
    if found is None:
        return
    rest = rest_after(found.failures, error)
    if rest:
        waits = {"shop": shop_id, "until": real + rest}
        for statement in _WAIT:
            session.execute(statement, waits)
    if real - found.failing_since >= SILENT:
        _pause_if_silent(session, shop_id, str(error), real)


def rest_after(failures: int, error: Exception) -> timedelta:
    """How long the store is left alone: doubled with each failure, or as long as it says itself."""
    asked = timedelta(seconds=error.wait) if isinstance(error, StoreBusy) else timedelta()
    if failures < PATIENT:
        return asked
    doubled: timedelta = FIRST * 2 ** min(failures - PATIENT, 10)
    return max(asked, min(doubled, LONGEST))


def note_answer(session: Session, shop_id: int, real: datetime) -> None:
    """A call brought something: what was put off for the store's sake is due."""
    ended = session.execute(_ANSWERED, {"shop": shop_id}).one_or_none()
    if ended is None:
        return
    due = {"shop": shop_id, "real": real}
    if ended.rests_until is not None:
        for statement in _DUE:
            session.execute(statement, {**due, "until": ended.rests_until})
    if real - ended.failing_since >= LONG:
        for statement in _FAILED_BEFORE:
            session.execute(statement, due)


def wait_together(session: Session, shop_id: int, error: NotNow, real: datetime) -> None:
    """The store cannot be asked just now. All that is due of the shop waits with what found out: else each
    of it would keep a worker waiting in vain, and other shops behind it."""
    lock_shop(session, shop_id)
    waits = {"shop": shop_id, "real": real, "until": real + timedelta(seconds=error.wait)}
    for statement in _WAIT_TOGETHER:
        session.execute(statement, waits)


def ask_anyway(session: Session, shop_id: int, real: datetime) -> None:
    """The merchant says so: what was put off is due. What failed stays counted, so where it fails again the
    store is left alone again."""
    ended = session.execute(_ENDED, {"shop": shop_id, "real": real}).one_or_none()
    if ended is not None:
        for statement in _DUE:
            session.execute(statement, {"shop": shop_id, "real": real, "until": ended.rests_until})


def _pause_if_silent(session: Session, shop_id: int, said: str, real: datetime) -> None:
    paused = session.execute(
        text(
            "UPDATE shops s SET problem = :problem WHERE id = :shop AND state = 'connected'"
            " AND paused_at IS NULL AND NOT EXISTS (SELECT FROM inbox i"
            "  WHERE i.shop_id = s.id AND i.received_at > :since)"
        ),
        {"shop": shop_id, "since": real - SILENT, "problem": f"nothing is heard of the store: {said}"[:500]},
    )
    if paused.rowcount:
        pause(session, shop_id, real)


_FAILED = text(
    "INSERT INTO store_health (shop_id, failures, failing_since)"
    " SELECT id, 1, :real FROM shops WHERE id = :shop AND platform = 'woocommerce' AND state <> 'uninstalled'"
    " ON CONFLICT (shop_id) DO UPDATE SET failures = store_health.failures + 1,"
    " failing_since = coalesce(store_health.failing_since, excluded.failing_since)"
    " RETURNING failures, failing_since"
)
_ANSWERED = text(
    "WITH was AS (SELECT shop_id, rests_until, failing_since FROM store_health"
    "  WHERE shop_id = :shop AND failures > 0 FOR UPDATE), ended AS"
    " (UPDATE store_health h SET failures = 0, failing_since = NULL, rests_until = NULL FROM was"
    "  WHERE h.shop_id = was.shop_id)"
    " SELECT rests_until, failing_since FROM was"
)
_ENDED = text(
    "WITH was AS (SELECT shop_id, rests_until FROM store_health"
    "  WHERE shop_id = :shop AND rests_until > :real FOR UPDATE), ended AS"
    " (UPDATE store_health h SET rests_until = NULL FROM was WHERE h.shop_id = was.shop_id)"
    " SELECT rests_until FROM was"
)
# What somebody is at keeps its lease. Writes find out by themselves: which of them is in hand cannot be seen.
_WAIT = (
    text("UPDATE store_health SET rests_until = greatest(rests_until, :until) WHERE shop_id = :shop"),
    text("UPDATE wishes SET next_at = :until WHERE shop_id = :shop AND state = 'open' AND next_at < :until"),
    text("UPDATE polls SET next_at = :until WHERE shop_id = :shop AND next_at < :until AND NOT held"),
)
# What comes meanwhile finds the store at rest. A lease lies ahead, so what is in hand is not touched.
_WAIT_TOGETHER = (
    text(
        "INSERT INTO store_health (shop_id, rests_until) SELECT id, :until FROM shops"
        " WHERE id = :shop AND platform = 'woocommerce' AND state <> 'uninstalled'"
        " ON CONFLICT (shop_id) DO UPDATE"
        " SET rests_until = greatest(store_health.rests_until, excluded.rests_until)"
    ),
    text("UPDATE wishes SET next_at = :until WHERE shop_id = :shop AND state = 'open' AND next_at <= :real"),
    text("UPDATE polls SET next_at = :until WHERE shop_id = :shop AND next_at <= :real"),
    text(
        "UPDATE store_writes SET next_at = :until"
        " WHERE shop_id = :shop AND state = 'open' AND next_at <= :real"
    ),
)
_DUE = tuple(
    text(
        f"UPDATE {table} SET next_at = :real WHERE shop_id = :shop AND {whose}"
        " AND next_at = :until AND next_at > :real"
    )
    for table, whose in (
        ("wishes", "state = 'open'"),
        ("polls", "NOT held"),
        ("store_writes", "state = 'open'"),
    )
)
_FAILED_BEFORE = (
    text(
        "UPDATE wishes SET next_at = :real"
        " WHERE shop_id = :shop AND state = 'open' AND error IS NOT NULL AND next_at > :real"
    ),
    text(
        "UPDATE polls SET next_at = :real"
        " WHERE shop_id = :shop AND NOT held AND error IS NOT NULL AND next_at > :real"
        " AND next_at < 'infinity'"
    ),
)
