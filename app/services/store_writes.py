"""What we owe a store: asked for once by its key, done by a job, kept until the store has taken it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, as_json, put_rows
from app.models.store_write import store_writes
from app.services.connection import WRITE_LEASE, WRITE_TRIES, note_failure
from app.services.pages import page_of
from app.services.patience import pause_after
from app.services.respite import note_answer, wait_together
from app.services.stores import Stores
from connectors.base import (
    AccessLost,
    NotNow,
    RightMissing,
    Store,
    StoreError,
    StoreFrozen,
    StoreUnreachable,
    Unsupported,
)
from connectors.writes import WRITES, PointTracking, Write, Written
from flows.plain import from_plain, to_plain

TRIES = WRITE_TRIES
# Of the lease, for what comes before and after the calls.
SPARE = timedelta(seconds=15)

_KINDS: Mapping[str, type[Write]] = {kind.kind: kind for kind in WRITES}


@dataclass(frozen=True, slots=True)
class Owed:
    shop_id: int
    key: str
    kind: str
    body: Mapping[str, Any]
    attempts: int
    asked_at: datetime


def owe(session: Session, shop_id: int, wanted: Mapping[str, Write], real: datetime) -> None:
    """Asks for writes, each under its key. The newest value of a key counts: one that is open or done
    already is asked again where the value differs, and left alone where it is the same. One that may be
    under way waits for its end, else the older value could reach the store after the newer."""
    put_rows(
        session,
        store_writes,
        [
            {
                "shop_id": shop_id,
                "key": key,
                "kind": what.kind,
                "body": to_plain(what),
                "state": "open",
                "asked_at": real,
                "next_at": real,
                "attempts": 0,
            }
            for key, what in wanted.items()
        ],
        "ON CONFLICT (shop_id, key) DO UPDATE SET kind = excluded.kind, body = excluded.body, state = 'open',"
        " asked_at = excluded.asked_at, error = NULL, answer = NULL,"
        " attempts = CASE WHEN store_writes.state = 'open' THEN least(store_writes.attempts, 1) ELSE 0 END,"
        " next_at = CASE WHEN store_writes.state = 'open' AND store_writes.attempts > 0"
        f"  THEN least(store_writes.next_at, excluded.next_at + interval '{WRITE_LEASE.seconds} seconds')"
        "  ELSE excluded.next_at END"
        " WHERE store_writes.body <> excluded.body OR store_writes.state = 'given_up'",
    )


def run_write(database: Database, stores: Stores, real: datetime) -> bool:
    """Does the write that is due first. False: none was due. The call is made outside of any
    transaction; a lease keeps others from making it too."""
    owed = _claim(database, real)
    if owed is None:
        return False
    try:
        _settle(database, owed, _write(database, stores, owed, real), real)
    except Exception as error:  # whatever it is: told to the operator, tried again, others go on
        _put_off(database, owed, error, real)
    return True


def _claim(database: Database, real: datetime) -> Owed | None:
    with database.crossing() as session:
        row = session.execute(
            text(
                "UPDATE store_writes w SET next_at = :lease, attempts = w.attempts + 1 FROM ("
                " SELECT shop_id, key FROM store_writes WHERE state = 'open' AND next_at <= :real"
                " ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED) c"
                " WHERE w.shop_id = c.shop_id AND w.key = c.key"
                " RETURNING w.shop_id, w.key, w.kind, w.body, w.attempts, w.asked_at"
            ),
            {"real": real, "lease": real + WRITE_LEASE},
        ).one_or_none()
    return None if row is None else Owed(**row._mapping)


def _write(database: Database, stores: Stores, owed: Owed, real: datetime) -> Written | None:
    """None: the shop is gone, nothing is owed to it any more."""
    with database.shops(owed.shop_id) as session:
        store = stores.open(session, owed.shop_id, real)
        what = _whole(session, owed, stores.app_address)
    return None if store is None else stores.connector(store.platform).write(_ending(store), what)


def _ending(store: Store) -> Store:
    """The store for one write, however many calls that takes: none begins that could still be under way when
    the lease is over and another may do the same."""
    end, turn = monotonic() + (WRITE_LEASE - SPARE).total_seconds(), store.http.turn

    @contextmanager
    def within(seconds: float) -> Iterator[None]:
        with turn(seconds):
            if monotonic() + seconds > end:
                raise StoreUnreachable("the write took too long: it goes on with the next try")
            yield

    return replace(store, http=replace(store.http, turn=within))


def _whole(session: Session, owed: Owed, app_address: str) -> Write:
    """A link to one of our pages is asked for by its path, and leads to where the pages are by now."""
    what = from_plain(_KINDS[owed.kind], owed.body)
    if isinstance(what, PointTracking) and "://" not in what.url:
        return replace(what, url=page_of(session, owed.shop_id, app_address, what.url))
    return what


def _settle(database: Database, owed: Owed, written: Written | None, real: datetime) -> None:
    """Asked again with another value meanwhile: then this answer is for the old one, and it stays open. The
    store's number is true of both."""
    with database.shops(owed.shop_id) as session:
        note_answer(session, owed.shop_id, real)
        session.execute(
            text(
                "UPDATE store_writes SET state = 'done', answer = :answer, error = NULL"
                " WHERE shop_id = :shop AND key = :key AND asked_at = :asked_at"
            ),
            {
                "shop": owed.shop_id,
                "key": owed.key,
                "asked_at": owed.asked_at,
                "answer": as_json(to_plain(written)) if written else None,
            },
        )
        _go_on(session, owed, real, written.reference if written else "")


def _go_on(session: Session, owed: Owed, real: datetime, reference: str = "") -> None:
    """The value that was asked for meanwhile is due now, and names what it changes where it can."""
    session.execute(
        text(
            "UPDATE store_writes SET next_at = :real, body = CASE WHEN body->>'reference' = ''"
            " THEN jsonb_set(body, '{reference}', to_jsonb(CAST(:named AS text))) ELSE body END"
            " WHERE shop_id = :shop AND key = :key AND state = 'open' AND asked_at > :asked_at"
        ),
        {
            "real": real,
            "named": reference,
            "shop": owed.shop_id,
            "key": owed.key,
            "asked_at": owed.asked_at,
        },
    )


def _put_off(database: Database, owed: Owed, error: Exception, real: datetime) -> None:
    """A missing right is given by the merchant or never: it waits without trying. Where the store was not
    asked at all, that was no try."""
    waits = isinstance(error, RightMissing)
    tried = not isinstance(error, NotNow)
    hopeless = isinstance(error, Unsupported) or (
        isinstance(error, StoreError) and not error.retry and not isinstance(error, AccessLost) and not waits
    )
    # A shop that is shut may stay so for months: that is no reason to give up.
    over = hopeless or (owed.attempts >= TRIES and not isinstance(error, StoreFrozen) and tried)
    with database.shops(owed.shop_id) as session:
        note_failure(session, owed.shop_id, error, real)
        if isinstance(error, NotNow):
            wait_together(session, owed.shop_id, error, real)
        session.execute(
            text(
                "UPDATE store_writes SET state = :state, error = :error, attempts = attempts - :untried,"
                " next_at = CASE WHEN :waits THEN 'infinity' ELSE CAST(:next_at AS timestamptz) END"
                " WHERE shop_id = :shop AND key = :key AND asked_at = :asked_at"
            ),
            {
                "state": "given_up" if over else "open",
                "error": f"{type(error).__name__}: {error}"[:500],
                "waits": waits,
                "untried": 0 if tried else 1,
                "next_at": real + pause_after(owed.attempts, error),
                "shop": owed.shop_id,
                "key": owed.key,
                "asked_at": owed.asked_at,
            },
        )
        _go_on(session, owed, real)
