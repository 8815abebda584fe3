"""Reads that stores owe us: hints are looked up, parents of parked children are fetched.

The call to the store is made outside of any transaction; a lease keeps others from making it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.services.connection import note_failure
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.patience import pause_after
from app.services.respite import note_answer, wait_together
from app.services.stores import Stores
from connectors.base import AccessLost, NotNow, Noun, Reading, StoreError, StoreFrozen, Wish

LEASE = timedelta(minutes=3)
# Some minutes of doubling pauses, then three days of hourly ones: a store may be away for a weekend.
TRIES = 80


@dataclass(frozen=True, slots=True)
class Errand:
    shop_id: int
    wish: Wish
    attempts: int
    asked_at: datetime


def run_errand(database: Database, stores: Stores, now: datetime, real: datetime) -> bool:
    """Makes the read that is due first. False: none was due."""
    errand = _claim(database, real)
    if errand is None:
        return False
    try:
        _run(database, stores, errand, now, real)
    except Exception as error:  # whatever it is: told to the operator, tried again, others go on
        _put_off(database, errand, error, real)
    return True


def _claim(database: Database, real: datetime) -> Errand | None:
    with database.crossing() as session:
        row = session.execute(
            text(
                "UPDATE wishes w SET next_at = :lease, attempts = w.attempts + 1 FROM ("
                " SELECT shop_id, noun, id FROM wishes WHERE state = 'open' AND next_at <= :real"
                " ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED) c"
                " WHERE w.shop_id = c.shop_id AND w.noun = c.noun AND w.id = c.id"
                " RETURNING w.shop_id, w.noun, w.id, w.reason, w.attempts, w.asked_at"
            ),
            {"real": real, "lease": real + LEASE},
        ).one_or_none()
    if row is None:
        return None
    return Errand(row.shop_id, Wish(Noun(row.noun), row.id, row.reason), row.attempts, row.asked_at)


def _run(database: Database, stores: Stores, errand: Errand, now: datetime, real: datetime) -> None:
    with database.shops(errand.shop_id) as session:
        store = stores.open(session, errand.shop_id, real)
    reading = Reading() if store is None else stores.connector(store.platform).fetch(store, errand.wish)
    with database.shops(errand.shop_id) as session:
        lock_shop(session, errand.shop_id)
        if not _still_wished(session, errand):
            return
        note_answer(session, errand.shop_id, real)
        apply_readings(session, [(errand.shop_id, reading)], stores.keys, now, real)
        # Asked again while we were reading: then this answer may be too old, and the wish stays.
        session.execute(
            text(
                "DELETE FROM wishes WHERE shop_id = :shop AND noun = :noun AND id = :id"
                " AND asked_at = :asked_at"
            ),
            {
                "shop": errand.shop_id,
                "noun": errand.wish.noun,
                "id": errand.wish.id,
                "asked_at": errand.asked_at,
            },
        )


def _still_wished(session: Session, errand: Errand) -> bool:
    """Its shop was removed, or its person forgotten, while the store was being read: then what it told us
    is thrown away."""
    found = session.execute(
        text("SELECT 1 FROM wishes WHERE shop_id = :shop AND noun = :noun AND id = :id"),
        {"shop": errand.shop_id, "noun": errand.wish.noun, "id": errand.wish.id},
    )
    return found.first() is not None


def _put_off(database: Database, errand: Errand, error: Exception, real: datetime) -> None:
    """Tried again later, for days; then, or where trying cannot help, it stays as given up, with the
    reason. A lost key may come back, so it does not count as hopeless. Where the store was not asked at all,
    that was no try."""
    if isinstance(error, NotNow):
        _wait(database, errand, error, real)
        return
    hopeless = isinstance(error, StoreError) and not error.retry and not isinstance(error, AccessLost)
    # A shop that is shut may stay so for months: that is no reason to give up.
    over = hopeless or (errand.attempts >= TRIES and not isinstance(error, StoreFrozen))
    with database.shops(errand.shop_id) as session:
        note_failure(session, errand.shop_id, error, real)
        session.execute(
            text(
                "UPDATE wishes SET state = :state, error = :error, next_at = :next_at"
                " WHERE shop_id = :shop AND noun = :noun AND id = :id AND asked_at = :asked_at"
            ),
            {
                "state": "given_up" if over else "open",
                "error": f"{type(error).__name__}: {error}"[:500],
                "next_at": real + pause_after(errand.attempts, error),
                "shop": errand.shop_id,
                "noun": errand.wish.noun,
                "id": errand.wish.id,
                "asked_at": errand.asked_at,
            },
        )


def _wait(database: Database, errand: Errand, error: NotNow, real: datetime) -> None:
    with database.shops(errand.shop_id) as session:
        wait_together(session, errand.shop_id, error, real)
        session.execute(
            text(
                "UPDATE wishes SET attempts = :attempts, next_at = :next_at"
                " WHERE shop_id = :shop AND noun = :noun AND id = :id AND asked_at = :asked_at"
            ),
            {
                "attempts": errand.attempts - 1,
                "next_at": real + pause_after(errand.attempts, error),
                "shop": errand.shop_id,
                "noun": errand.wish.noun,
                "id": errand.wish.id,
                "asked_at": errand.asked_at,
            },
        )
