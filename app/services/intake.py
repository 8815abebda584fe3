"""From the inbox to what follows: one transaction for a batch, one writer a shop.

A killed process gives its rows back by dying: claims here are row locks, not leases.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json, put_rows, see_shops
from app.keys import Keys
from app.models.inbox import wishes
from app.queries.inbox import claim_inbox
from app.queries.pictures import OrderKey, live_orders
from app.services.connection import (
    close_generation,
    end_what_was_before,
    is_current,
    look_whether_open,
    mark_needs_reconnect,
    set_profile,
    take_rights,
)
from app.services.consent_sync import without_own_consents
from app.services.forgotten import without_the_forgotten
from app.services.freshness import go_on_when_read
from app.services.held_mails import note_held
from app.services.polls import CATALOGUE, CUSTOMERS, HISTORY, PLAN, poke
from app.services.privacy import hear, in_short
from app.services.react import Reaction, react
from app.services.row_reading import Connectors, Sorted, read_rows
from app.services.shipment_words import words_of
from app.services.store_reading import ShopReading, store_readings
from app.services.tracking_links import owe_links, without_own_links
from connectors.base import Mark, Noun, Reading, Wish
from flows.flow import Flow
from flows.presets import PRESETS

# Small enough that the mails of its first rows need not wait long for its last.
BATCH = 200
TRIES = 8

log = logging.getLogger("doorstep.intake")


def take_in(database: Database, connectors: Connectors, secrets: Keys, now: datetime, real: datetime) -> int:
    """Works through one batch. Returns how many rows it settled; 0: nothing was waiting.

    Where the batch as a whole fails, its rows are tried one by one, so that a single bad row
    delays itself and nobody else.
    """
    try:
        return len(_settle(database, connectors, secrets, now, real, BATCH, None))
    except Exception as error:  # one row may be to blame: the others must not wait for it
        log.warning("a batch failed and is tried row by row: %s", type(error).__name__)
        return _one_by_one(database, connectors, secrets, now, real)


def _one_by_one(
    database: Database, connectors: Connectors, secrets: Keys, now: datetime, real: datetime
) -> int:
    with database.crossing() as session:
        waiting = [row.id for row in claim_inbox(session, real, BATCH)]
    for row_id in waiting:
        try:
            _settle(database, connectors, secrets, now, real, 1, row_id)
        except Exception as error:  # kept with its row, quarantined after some tries
            _put_off(database, row_id, real, in_short(error))
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
        rows = claim_inbox(session, real, limit, only)
        if not rows:
            return []
        see_shops(session, {row.shop_id for row in rows})
        words = words_of(session, {row.shop_id for row in rows})
        found = read_rows(connectors, rows, words)
        readings = [(one.shop_id, one.reading) for one in found if one.reading.ignored is None]
        sources = {
            (one.shop_id, order_id): one.row_id for one in found for order_id in _order_ids(one.reading)
        }
        for one in found:
            if one.reading.mark is not Mark.UNINSTALLED:
                continue
            if is_current(session, one.shop_id, one.triggered_at):
                close_generation(session, one.shop_id, now)
            else:
                end_what_was_before(session, one.shop_id, one.triggered_at, now)
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
    *,
    past: bool = False,
    flows: Sequence[Flow] = PRESETS,
) -> Reaction:
    """Stores what stores said, asks for what is missing, and reacts. The shops are locked.

    `sources`: of messages, the row that brought each order; None for what was read.
    `past`: a shop's history. Nothing starts for orders of before its connection, so only the others, and
    those of which something is recorded already, are reacted to; what happened to the rest is read off
    their pictures when a message tells something new of them.
    """
    _apply_marks(session, readings, real)
    readings = without_the_forgotten(session, readings, secrets, now)
    ours = without_own_consents(session, without_own_links(readings, secrets))
    touched, unsure = store_readings(session, ours, real, heard=sources is not None)
    note_held(session, readings, now)
    if not past:
        owe_links(session, readings, secrets, real)
        go_on_when_read(session, touched, now)
    known = _known_orders(session, touched)
    gone = {(shop, one.id) for shop, reading in readings for one in reading.gone}
    orphans = [
        (shop, Wish(Noun.ORDER, order_id, "its order is not known"))
        for shop, order_id in touched - known - gone
    ]
    alike = [(shop, Wish(Noun.ORDER, order_id, "two states of one second")) for shop, order_id in unsure]
    asked = [(shop, wish) for shop, reading in readings for wish in reading.wishes]
    ask_stores(session, [*asked, *orphans, *alike], real)
    return react(session, live_orders(session, known) if past else known, secrets, now, sources, flows)


def _order_ids(reading: Reading) -> set[str]:
    return {
        *(order.id for order in reading.orders),
        *(parcel.order_id for parcel in reading.parcels),
        *(scan.order_id for scan in reading.parcel_events),
        *(refund.order_id for refund in reading.refunds),
        *(one.order_id for one in reading.returns),
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


def _apply_marks(session: Session, readings: Sequence[ShopReading], real: datetime) -> None:
    """What was said last of a connection counts: an error that came after a good answer stands."""
    last = {shop: reading.mark for shop, reading in readings}
    for shop_id, mark in last.items():
        if mark is Mark.NEEDS_RECONNECT:
            mark_needs_reconnect(session, shop_id, "the store's key no longer has its rights", real)
    look_whether_open(session, {shop for shop, mark in last.items() if mark is None}, real)
    for shop_id, reading in readings:
        if reading.profile is not None:
            set_profile(session, shop_id, reading.profile)
        if reading.granted is not None:
            take_rights(session, shop_id, reading.granted, real)
        if reading.plan is not None:
            poke(session, shop_id, PLAN, real)
        if reading.bulk_done is not None:
            for noun in (HISTORY, CATALOGUE, CUSTOMERS):
                poke(session, shop_id, noun, real)
    hear(session, [(shop, one.privacy) for shop, one in readings if one.privacy is not None], real)


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
                " WHERE id = :id AND state = 'new'"  # a person may have been forgotten in between
            ),
            {"id": row_id, "error": error, "tries": TRIES, "real": real, "pause": timedelta(seconds=1)},
        )
