"""Demands by law: told to us by the platform, stored, worked off by a job, kept as proof of that."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, Session, put_rows
from app.keys import BadSeal, Keys
from app.models.privacy import privacy_requests
from app.services.export import gather, tells_of
from app.services.farewell import held_keys, say_farewell
from app.services.forget import forget_person
from app.services.forget_shop import forget_shop
from app.services.person import Person
from app.services.stores import Stores
from connectors.news import PrivacyAsk, PrivacyKind
from flows.plain import from_plain, to_plain

# Shopify and the GDPR both give thirty days; we are done within minutes or say why not.
TIME_ALLOWED = timedelta(days=30)
KEPT = timedelta(days=30)
LEASE = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
FORGOTTEN_BEFORE = "the person was forgotten before"

log = logging.getLogger("doorstep.privacy")


@dataclass(frozen=True, slots=True)
class Demand:
    """One that is ours to work off until its lease ends."""

    id: int
    shop_id: int
    ask: PrivacyAsk
    received_at: datetime
    attempts: int


def hear(session: Session, asked: Sequence[tuple[int, PrivacyAsk]], real: datetime) -> None:
    """Stores demands; one that is still to be met changes nothing."""
    put_rows(
        session,
        privacy_requests,
        [
            {
                "shop_id": shop,
                "kind": ask.kind,
                "key": ask.key,
                "body": to_plain(ask),
                "received_at": real,
                "due_at": real + TIME_ALLOWED,
                "next_at": real,
                "attempts": 0,
            }
            for shop, ask in asked
        ],
        "ON CONFLICT (shop_id, kind, key) DO NOTHING",
    )


def run_request(
    database: Database, keys: Keys, now: datetime, real: datetime, stores: Stores | None = None
) -> bool:
    """Works off the request that is due first. False: none was due. One that fails is tried again, for
    ever and each time later: there is no giving up what the law demands."""
    demand = _claim(database, real)
    if demand is None:
        return False
    try:
        _meet(database, keys, demand, now, real, stores)
    except Exception as error:  # whatever it is: told to the operator, tried again, others go on
        _put_off(database, demand, error, real)
    return True


def _claim(database: Database, real: datetime) -> Demand | None:
    with database.crossing() as session:
        row = session.execute(
            text(
                "UPDATE privacy_requests p SET next_at = :lease, attempts = p.attempts + 1 FROM ("
                " SELECT id FROM privacy_requests WHERE done_at IS NULL AND next_at <= :real"
                " ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) c WHERE p.id = c.id"
                " RETURNING p.id, p.shop_id, p.body, p.received_at, p.attempts"
            ),
            {"real": real, "lease": real + LEASE},
        ).one_or_none()
    if row is None:
        return None
    return Demand(row.id, row.shop_id, from_plain(PrivacyAsk, row.body), row.received_at, row.attempts)


def _meet(
    database: Database, keys: Keys, demand: Demand, now: datetime, real: datetime, stores: Stores | None
) -> None:
    shop_id = demand.shop_id
    match demand.ask.kind:
        case PrivacyKind.EXPORT:
            with database.shops(shop_id) as session:
                told = gather(session, keys, shop_id, demand.ask, real)
                sealed = keys.seal(shop_id, {"text": told, "subject": demand.ask.customer_id})
                _done(session, demand, real, sealed)
        case PrivacyKind.FORGET_PERSON:
            person = forget_person(database, keys, shop_id, demand.ask, now, real)
            with database.shops(shop_id) as session:
                _drop_exports(session, keys, demand, person, real)
                _done(session, demand, real)
        case PrivacyKind.FORGET_SHOP:
            store = held_keys(database, stores, shop_id, real) if stores else None
            forgotten = forget_shop(database, shop_id, demand.received_at, now, real)
            with database.shops(shop_id) as session:
                if forgotten:
                    _drop_all(session, demand, real)
                _done(session, demand, real)
            if stores and store and forgotten:
                say_farewell(stores, store)


def _done(session: Session, demand: Demand, real: datetime, sealed: bytes | None = None) -> None:
    """The proof stays, without a word of whom it was about. A demand to forget may come again, as another."""
    again = demand.ask.kind is not PrivacyKind.EXPORT
    session.execute(
        text(
            "UPDATE privacy_requests SET done_at = :real, body = '{}', error = NULL, export = :export,"
            " export_until = :until, key = CASE WHEN :again THEN 'done:' || id ELSE key END"
            " WHERE shop_id = :shop AND id = :id AND done_at IS NULL"
        ),
        {
            "shop": demand.shop_id,
            "id": demand.id,
            "real": real,
            "export": sealed,
            "until": real + KEPT if sealed else None,
            "again": again,
        },
    )


def _drop_exports(session: Session, keys: Keys, demand: Demand, person: Person, real: datetime) -> None:
    """What was gathered of the person goes, and what is still to be gathered never will be."""
    rows = session.execute(
        text(
            "SELECT id, body, export FROM privacy_requests WHERE shop_id = :shop AND kind = 'export'"
            " AND id <> :id AND (done_at IS NULL OR export IS NOT NULL)"
        ),
        {"shop": demand.shop_id, "id": demand.id},
    )
    ids = [row.id for row in rows if _is_about(row, keys, demand.shop_id, person)]
    session.execute(_DROP, {"shop": demand.shop_id, "ids": ids, "real": real, "why": FORGOTTEN_BEFORE})


def _is_about(row: Any, keys: Keys, shop_id: int, person: Person) -> bool:
    if row.export is not None:
        told = unsealed(keys, shop_id, bytes(row.export)).get("text")
        return told is None or tells_of(told, person)  # what nobody can open is of no use to anybody
    ask = from_plain(PrivacyAsk, row.body)
    orders = not set(ask.order_ids).isdisjoint(person.order_ids)
    return ask.customer_id in person.customer_ids or ask.email.strip().lower() in person.emails or orders


def _drop_all(session: Session, demand: Demand, real: datetime) -> None:
    """Of a shop that is gone nobody can ask anything any more."""
    rows = session.execute(
        text("SELECT id FROM privacy_requests WHERE shop_id = :shop AND id <> :id"),
        {"shop": demand.shop_id, "id": demand.id},
    )
    ids = [row.id for row in rows]
    session.execute(
        _DROP, {"shop": demand.shop_id, "ids": ids, "real": real, "why": "the shop was forgotten"}
    )


_DROP = text(
    "UPDATE privacy_requests SET body = '{}', export = NULL, export_until = NULL,"
    " error = CASE WHEN done_at IS NULL THEN :why ELSE error END, done_at = coalesce(done_at, :real)"
    " WHERE shop_id = :shop AND id = any(:ids)"
)


def _put_off(database: Database, demand: Demand, error: Exception, real: datetime) -> None:
    reason = in_short(error)
    log.warning("demand %s of shop %s is not met yet: %s", demand.id, demand.shop_id, reason)
    pause = min(PAUSE * 2 ** min(demand.attempts - 1, 10), LONGEST_PAUSE)
    with database.shops(demand.shop_id) as session:
        session.execute(
            text(
                "UPDATE privacy_requests SET next_at = :next_at, error = :error"
                " WHERE shop_id = :shop AND id = :id AND done_at IS NULL"
            ),
            {"shop": demand.shop_id, "id": demand.id, "next_at": real + pause, "error": reason},
        )


def in_short(error: Exception) -> str:
    """What went wrong, never with whom: the sentences of a failed statement carry its values, so only the
    kind of failure is kept."""
    name = type(error).__name__
    if isinstance(error, DBAPIError):
        return f"{name}: {type(error.orig).__name__} {getattr(error.orig, 'sqlstate', None) or ''}".strip()
    return name


def unsealed(keys: Keys, shop_id: int, export: bytes) -> Mapping[str, str]:
    """What was gathered; nothing where none of our keys opens it any more."""
    try:
        return keys.unseal(shop_id, export)
    except BadSeal:
        return {}


def drop_old_exports(database: Database, real: datetime) -> int:
    """What nobody came for in time is not kept. Returns how many."""
    with database.crossing() as session:
        dropped = session.execute(
            text(
                "UPDATE privacy_requests SET export = NULL, export_until = NULL WHERE export_until <= :real"
            ),
            {"real": real},
        )
        return dropped.rowcount
