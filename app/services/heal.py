"""The healing poll: stores are asked what changed, so that a message that never came is no loss.

Every few minutes, from the last look with an overlap, oldest change first; nightly, three days once
more; after an outage of ours, since it began (`outage`). The same poll brings in catalogue, customers
and history after an installation.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from app.clock import going_on
from app.db import Database
from app.keys import Keys
from app.services.connection import note_failure, note_success
from app.services.hooks import EVERY as HOOKS_EVERY
from app.services.hooks import REMEMBERED, UNRELIABLE, WHILE_BROKEN, note_missed
from app.services.intake import apply_readings
from app.services.listed_orders import NOT_AHEAD, known_orders, new_changes, without_known
from app.services.locks import lock_shop
from app.services.looks import LOOKS, look
from app.services.poll_rows import LEASE, Poll, claim_poll, go_on_later, is_ours
from app.services.polls import (
    CATALOGUE,
    CONNECTION,
    CUSTOMERS,
    HISTORY,
    HOOKS,
    NIGHTLY,
    ORDERS,
    PLAN,
    TOKEN,
    TRASH,
    next_night,
)
from app.services.respite import note_answer, wait_together
from app.services.stores import Stores
from app.services.trash import EVERY as TRASH_EVERY
from app.services.trash import trash_page
from app.services.watermarks import NEXT_WATERMARK, OVERLAP, changed_from, own_clock
from connectors.base import (
    AccessLost,
    Connector,
    NotNow,
    Page,
    Store,
    StoreBusy,
    StoreFrozen,
    StoreGone,
    StoreRefused,
    StoreUnreachable,
)
from flows.commerce import Platform

# WooCommerce never repeats a delivery that failed, so it is looked at more often.
EVERY = {Platform.SHOPIFY: timedelta(minutes=15), Platform.WOOCOMMERCE: timedelta(minutes=10)}
MEND_EVERY = timedelta(days=1)
# So far back the past is read at the connection; Shopify's rights say how far by themselves.
PAST = timedelta(days=731)
EVERY_NIGHT = timedelta(days=3)
# Doubled with each failure.
AFTER_ERROR = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
# A door that is shut is seldom opened by knocking; a merchant who comes by makes the polls due at once.
AFTER_SHUT = timedelta(minutes=30)
# Seconds that a worker rests with a store; for longer ones the poll is put off.
SHORT_REST = 0.5
# Of a page's entries that could not be read, so many are named in the log.
_TOLD = 5

log = logging.getLogger("doorstep.heal")


def run_poll(
    database: Database, stores: Stores, now: datetime, real: datetime, stop: Callable[[], bool]
) -> bool:
    """Runs the poll that is due first, page by page until `stop` says so. False: none was due.

    Each page is committed with the place where the next one begins.
    """
    poll = claim_poll(database, now, real)
    if poll is None:
        return False
    try:
        _run(database, stores, poll, now, real, stop)
    except Exception as error:  # whatever it is: told to the operator, tried again, other polls go on
        _put_off(database, poll, error, real)
    return True


def _run(
    database: Database,
    stores: Stores,
    poll: Poll,
    now: datetime,
    real: datetime,
    stop: Callable[[], bool],
) -> None:
    with database.shops(poll.shop_id) as session:
        store = stores.open(session, poll.shop_id, real)
    if store is None:
        return
    if poll.noun in LOOKS:
        again = look(database, stores, poll.noun, poll.shop_id, store, now, real)
        _finish(database, store, poll, now, real, again)
        return
    read = _reader(database, stores.connector(store.platform), store, poll)
    cursor, heard, clock = poll.cursor, False, going_on(real)
    while True:
        page = read(cursor)
        cursor, heard = page.cursor, heard or not page.idle
        ahead = page.clock - clock() if page.clock else NOT_AHEAD
        if not _apply(database, stores.keys, poll, page, now, real, clock() + LEASE, ahead):
            return
        if cursor is None:
            _finish(database, store, poll, now, real, heard=heard, newest=page.newest)
            return
        if page.wait > SHORT_REST or stop():
            go_on_later(database, poll, real + timedelta(seconds=page.wait))
            return
        store.http.pause(page.wait)


def _reader(
    database: Database, connector: Connector, store: Store, poll: Poll
) -> Callable[[str | None], Page]:
    if poll.noun == CATALOGUE:
        return lambda cursor: connector.catalogue(store, cursor)
    if poll.noun == HISTORY:
        return lambda cursor: connector.history(store, cursor, poll.watermark - PAST)
    if poll.noun == CUSTOMERS:
        return lambda cursor: connector.customers(store, cursor)
    if poll.noun == TRASH:
        return lambda cursor: trash_page(database, connector, poll.shop_id, store, cursor or "")
    nightly = poll.noun == NIGHTLY and poll.began_at is not None
    looked = changed_from(poll.watermark, poll.began_at if own_clock(store.platform) else None)
    since = poll.began_at - EVERY_NIGHT if nightly and poll.began_at else looked
    return lambda cursor: connector.changed_since(store, since, cursor)


def _apply(
    database: Database,
    keys: Keys,
    poll: Poll,
    page: Page,
    now: datetime,
    real: datetime,
    lease: datetime,
    ahead: timedelta,
) -> bool:
    """Stores one page and where the next begins; counts the orders that no message had told us of: the
    store's clock is so much `ahead` of ours. The poll is ours until `lease` then. False: the listing is no
    longer ours (its shop was removed, or a person forgotten), and so is the page."""
    for reason in page.unread[:_TOLD]:
        log.warning("shop %s: %s: passed over: %s", poll.shop_id, poll.noun, reason)
    with database.shops(poll.shop_id) as session:
        lock_shop(session, poll.shop_id)
        if not is_ours(session, poll):
            return False
        missed: list[datetime] = []
        if poll.noun in (ORDERS, NIGHTLY):
            known = known_orders(session, poll.shop_id, page.reading)
            missed = new_changes(page.reading, known, ahead=ahead, all_of_them=poll.noun == NIGHTLY)
            page = without_known(page, known)
        if not page.idle:
            note_answer(session, poll.shop_id, real)
        if poll.noun == ORDERS:
            note_missed(session, poll.shop_id, missed, now, real)
        if not page.idle:
            apply_readings(
                session, [(poll.shop_id, page.reading)], keys, now, real, past=poll.noun == HISTORY
            )
        session.execute(
            text(
                "UPDATE polls SET cursor = :cursor, healed = healed + :healed, error = NULL, failures = 0,"
                " done = coalesce(:done, done), total = coalesce(:total, total), next_at = :until"
                " WHERE shop_id = :shop AND noun = :noun AND next_at = :lease"
            ),
            {
                "cursor": page.cursor,
                "healed": len(missed),
                "done": page.done,
                "total": page.total,
                "shop": poll.shop_id,
                "noun": poll.noun,
                "lease": poll.next_at,
                "until": lease,
            },
        )
    poll.next_at = lease
    return True


def _finish(
    database: Database,
    store: Store,
    poll: Poll,
    now: datetime,
    real: datetime,
    again: timedelta | None = None,
    *,
    heard: bool = True,
    newest: datetime | None = None,
) -> None:
    """The next look begins where this one began, or with the `newest` change that it was told of, so what
    changed meanwhile is seen again. `again`: when to look, where the usual time is not right. `heard`: the
    store was asked, and answered."""
    with database.shops(poll.shop_id) as session:
        if heard and poll.noun != TOKEN:  # which mostly need not ask the store anything
            note_success(session, poll.shop_id, poll.noun, real)
        session.execute(
            text(
                f"UPDATE polls SET watermark = {NEXT_WATERMARK}, newest = coalesce(:newest, newest),"
                " began_at = NULL, cursor = NULL,"
                " held = false, error = NULL, failures = 0, looked_at = :real,"
                " confirmed_at = CASE WHEN :heard THEN asked_at ELSE confirmed_at END,"
                f" next_at = CASE WHEN noun = 'orders' AND {UNRELIABLE} THEN CAST(:soon AS timestamptz)"
                "  ELSE coalesce(CAST(:next_at AS timestamptz), 'infinity') END"
                " WHERE shop_id = :shop AND noun = :noun AND next_at = :lease"
            ),
            {
                "now": now,
                "own": poll.noun == ORDERS and own_clock(store.platform),
                "newest": newest,
                "heard": heard,
                "overlap": OVERLAP,
                "next_at": real + again if again else _again_at(store, poll, real),
                "real": real,
                "soon": real + WHILE_BROKEN,
                "remembered": real - REMEMBERED,
                "shop": poll.shop_id,
                "noun": poll.noun,
                "lease": poll.next_at,
            },
        )
        session.execute(
            text(
                "UPDATE shops SET imported_at = :now WHERE id = :shop AND imported_at IS NULL"
                " AND NOT EXISTS (SELECT FROM polls WHERE shop_id = :shop"
                "  AND noun IN ('catalogue', 'history') AND next_at <> 'infinity')"
            ),
            {"now": now, "shop": poll.shop_id},
        )


def _again_at(store: Store, poll: Poll, real: datetime) -> datetime | None:
    """None: it has been done once and for all."""
    if poll.noun == NIGHTLY:
        return next_night(poll.shop_id, store.timezone, real)
    daily = dict.fromkeys((CONNECTION, PLAN, TOKEN), MEND_EVERY)
    often = {ORDERS: EVERY[store.platform], HOOKS: HOOKS_EVERY, TRASH: TRASH_EVERY}
    every = {**often, **daily}.get(poll.noun)
    return real + every if every else None


def _put_off(database: Database, poll: Poll, error: Exception, real: datetime) -> None:
    """Changes are few: where the store refuses to go on with them, they are read from their beginning. Where
    it could not do so much at once, the listing goes on with less."""
    with database.shops(poll.shop_id) as session:
        stands = note_failure(session, poll.shop_id, error, real)
        if isinstance(error, NotNow):
            wait_together(session, poll.shop_id, error, real)
        session.execute(
            text(
                "UPDATE polls SET next_at = :next_at, held = false, failures = failures + :failed,"
                " error = CASE WHEN :failed = 0 THEN error ELSE :error END,"
                " cursor = CASE WHEN :anew THEN NULL ELSE coalesce(:gentler, cursor) END"
                " WHERE shop_id = :shop AND noun = :noun AND next_at = :lease"
            ),
            {
                "lease": poll.next_at,
                "next_at": real + _pause(error, poll.failures) if stands else real,
                "failed": 0 if isinstance(error, NotNow) else 1,
                "anew": isinstance(error, StoreRefused) and poll.noun in (ORDERS, NIGHTLY),
                "gentler": error.cursor if isinstance(error, StoreUnreachable) else None,
                "error": f"{type(error).__name__}: {error}"[:500],
                "shop": poll.shop_id,
                "noun": poll.noun,
            },
        )


def _pause(error: Exception, failures: int) -> timedelta:
    if isinstance(error, StoreBusy):
        return timedelta(seconds=max(error.wait, 1.0))
    if isinstance(error, StoreUnreachable) and error.cursor is not None:
        return AFTER_ERROR  # it was too much at once: with less it may go at once
    doubled: timedelta = AFTER_ERROR * 2 ** min(failures, 10)
    return AFTER_SHUT if isinstance(error, _SHUT) else min(doubled, LONGEST_PAUSE)


# What a shop will say again: its door is shut, or it understood and said no.
_SHUT = (AccessLost, StoreFrozen, StoreGone, StoreRefused)
