"""From the inbox to what follows: one transaction for a batch, one writer a shop.

A killed process gives its rows back by dying: claims here are row locks, not leases.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Row, text

from app.db import Database, Session, as_json, put_rows, see_shops
from app.keys import Keys
from app.models.inbox import wishes
from app.queries.pictures import OrderKey
from app.services.connection import close_generation, mark_connected, mark_needs_reconnect, set_profile
from app.services.react import Reaction, react
from app.services.store_reading import ShopReading, store_readings
from connectors.base import Connector, Malformed, Mark, Noun, Reading, Store, Wish
from flows.commerce import Platform
from wire.http import HttpClient

BATCH = 500
TRIES = 8


class Connectors(Protocol):
    def __call__(self, platform: Platform) -> Connector: ...


@dataclass(frozen=True, slots=True)
class Sorted:
    """One inbox row after reading: what it says and the outcome to store."""

    row_id: int
    shop_id: int
    reading: Reading
    outcome: str
    quarantined: str | None = None


def take_in(database: Database, connectors: Connectors, secrets: Keys, now: datetime, real: datetime) -> int:
    """Works through one batch. Returns how many rows it settled; 0: nothing was waiting.

    Where the batch as a whole fails, its rows are tried one by one, so that a single bad row
    delays itself and nobody else.
    """
    try:
        return len(_settle(database, connectors, secrets, now, real, BATCH, None))
    except Exception:
        return _one_by_one(database, connectors, secrets, now, real)


def _one_by_one(
    database: Database, connectors: Connectors, secrets: Keys, now: datetime, real: datetime
) -> int:
    with database.crossing() as session:
        waiting = [row.id for row in _claim(session, real, BATCH, None)]
    for row_id in waiting:
        try:
            _settle(database, connectors, secrets, now, real, 1, row_id)
        except Exception as error:
            _put_off(database, row_id, real, f"{type(error).__name__}: {error}"[:2000])
    return len(waiting)


def _settle(
    database: Database,
    connectors: Connectors,
    secrets: Keys,
    now: datetime,
    real: datetime,
    limit: int,
    only: int | None,
) -> list[int]:
    with database.crossing() as session:
        rows = _claim(session, real, limit, only)
        if not rows:
            return []
        see_shops(session, {row.shop_id for row in rows})
        found = [_sort(connectors, row) for row in rows]
        readings = [(one.shop_id, one.reading) for one in found if one.reading.ignored is None]
        sources = {
            (one.shop_id, order_id): one.row_id for one in found for order_id in _order_ids(one.reading)
        }
        apply_readings(session, readings, secrets, now, real, sources)
        known = _known_orders(session, sources)
        _finish(session, [_parked(one, known) for one in found], real)
        return [one.row_id for one in found]


def apply_readings(
    session: Session,
    readings: Sequence[ShopReading],
    secrets: Keys,
    now: datetime,
    real: datetime,
    sources: dict[OrderKey, int] | None = None,
) -> Reaction:
    """Stores what stores said, asks for what is missing, and reacts. The shops are locked."""
    _apply_marks(session, readings, now)
    touched = store_readings(session, readings)
    known = _known_orders(session, touched)
    gone = {(shop, one.id) for shop, reading in readings for one in reading.gone}
    orphans = [
        (shop, Wish(Noun.ORDER, order_id, "its order is not known"))
        for shop, order_id in touched - known - gone
    ]
    asked = [(shop, wish) for shop, reading in readings for wish in reading.wishes]
    ask_stores(session, [*asked, *orphans], real)
    return react(session, known, secrets, now, sources)


def _claim(session: Session, real: datetime, limit: int, only: int | None) -> list[Row[Any]]:
    """Locks shops that have waiting rows and nobody at work, then takes their oldest rows."""
    return list(
        session.execute(
            text(
                "WITH RECURSIVE waiting AS ("
                " (SELECT shop_id FROM inbox WHERE state = 'new' ORDER BY shop_id LIMIT 1)"
                " UNION ALL SELECT (SELECT i.shop_id FROM inbox i WHERE i.state = 'new'"
                "  AND i.shop_id > w.shop_id ORDER BY i.shop_id LIMIT 1) FROM waiting w"
                "  WHERE w.shop_id IS NOT NULL),"
                " locked AS MATERIALIZED (SELECT s.* FROM shops s WHERE s.id IN (SELECT shop_id FROM waiting)"
                "  ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED)"
                " SELECT i.id, i.shop_id, i.topic, i.body,"
                "  l.platform, l.domain, l.base_url, l.url, l.currency"
                " FROM locked l CROSS JOIN LATERAL (SELECT * FROM inbox"
                "  WHERE shop_id = l.id AND state = 'new' AND next_at <= :real"
                "  AND (CAST(:only AS bigint) IS NULL OR id = :only)"
                "  ORDER BY id LIMIT :share FOR UPDATE SKIP LOCKED) i"
                " ORDER BY i.id LIMIT :limit"
            ),
            {"real": real, "limit": limit, "share": limit, "only": only},
        )
    )


def _sort(connectors: Connectors, row: Row[Any]) -> Sorted:
    """Reads one body; one that is broken is set aside at once, whatever its neighbours are."""
    try:
        payload = json.loads(row.body)
        reading = connectors(Platform(row.platform)).normalise(row.topic, payload, _store(row))
    except (Malformed, ValueError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"[:2000]
        return Sorted(row.id, row.shop_id, Reading(ignored="malformed"), "quarantined", reason)
    if reading.ignored is not None:
        return Sorted(row.id, row.shop_id, reading, f"ignored:{reading.ignored}")
    if reading.mark is Mark.NEEDS_RECONNECT:
        return Sorted(row.id, row.shop_id, reading, "needs_reconnect")
    bare = replace(reading, wishes=(), stamp=None) == Reading()
    return Sorted(row.id, row.shop_id, reading, "hint:reread" if bare and reading.wishes else "processed")


def _store(row: Row[Any]) -> Store:
    """What a body may leave unsaid: the currency of a price, the front page. Nothing is called with it."""
    return Store(
        Platform(row.platform),
        row.domain,
        row.base_url,
        HttpClient(),
        currency=row.currency,
        front_url=row.url,
    )


def _order_ids(reading: Reading) -> set[str]:
    return {
        *(order.id for order in reading.orders),
        *(parcel.order_id for parcel in reading.parcels),
        *(scan.order_id for scan in reading.parcel_events),
        *(refund.order_id for refund in reading.refunds),
    }


def _parked(one: Sorted, known: Collection[OrderKey]) -> Sorted:
    """A child whose order is not known is stored, and waits for it there."""
    missing = any((one.shop_id, order_id) not in known for order_id in _order_ids(one.reading))
    return replace(one, outcome="parked") if one.outcome == "processed" and missing else one


def _known_orders(session: Session, keys: Collection[OrderKey]) -> set[OrderKey]:
    if not keys:
        return set()
    rows = session.execute(
        text(
            "SELECT o.shop_id, o.id FROM orders o JOIN"
            " unnest(CAST(:shops AS bigint[]), CAST(:ids AS text[])) AS k(shop_id, id) USING (shop_id, id)"
        ),
        {"shops": [shop for shop, _ in keys], "ids": [order for _, order in keys]},
    )
    return {(row.shop_id, row.id) for row in rows}


def _apply_marks(session: Session, readings: Sequence[ShopReading], now: datetime) -> None:
    for shop_id, reading in readings:
        if reading.mark is Mark.UNINSTALLED:
            close_generation(session, shop_id, now)
        elif reading.mark is Mark.NEEDS_RECONNECT:
            mark_needs_reconnect(session, shop_id, "the store's key no longer has its rights")
        if reading.profile is not None:
            set_profile(session, shop_id, reading.profile)
    healthy = {shop for shop, reading in readings if reading.mark is None}
    mark_connected(session, healthy)


def ask_stores(session: Session, asked: Sequence[tuple[int, Wish]], real: datetime) -> None:
    """Queues reads from stores. One that is open already is asked again from the start."""
    rows = {
        (shop, wish.noun, wish.id): {
            "shop_id": shop,
            "noun": wish.noun,
            "id": wish.id,
            "reason": wish.reason,
            "asked_at": real,
            "next_at": real,
            "attempts": 0,
            "state": "open",
        }
        for shop, wish in asked
    }
    put_rows(
        session,
        wishes,
        list(rows.values()),
        "ON CONFLICT (shop_id, noun, id) DO UPDATE SET asked_at = excluded.asked_at,"
        " next_at = excluded.next_at, attempts = 0, state = 'open', reason = excluded.reason",
    )


def _finish(session: Session, found: Sequence[Sorted], real: datetime) -> None:
    rows = [
        {
            "id": one.row_id,
            "state": "quarantined" if one.quarantined else "done",
            "outcome": one.outcome,
            "error": one.quarantined,
        }
        for one in found
    ]
    session.execute(
        text(
            "UPDATE inbox i SET state = r.state, outcome = r.outcome, error = r.error, processed_at = :real"
            " FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
            " AS r(id bigint, state text, outcome text, error text)"
            " WHERE i.id = r.id"
        ),
        {"rows": as_json(rows), "real": real},
    )


def _put_off(database: Database, row_id: int, real: datetime, error: str) -> None:
    with database.crossing() as session:
        session.execute(
            text(
                "UPDATE inbox SET attempts = attempts + 1, error = :error,"
                " state = CASE WHEN attempts + 1 >= :tries THEN 'quarantined' ELSE 'new' END,"
                " outcome = CASE WHEN attempts + 1 >= :tries THEN 'quarantined' END,"
                " next_at = CAST(:real AS timestamptz) + CAST(:pause AS interval) * power(2, attempts)"
                " WHERE id = :id"
            ),
            {"id": row_id, "error": error, "tries": TRIES, "real": real, "pause": timedelta(seconds=1)},
        )
