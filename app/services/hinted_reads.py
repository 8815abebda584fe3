"""Orders that our plugin told of, read many at a time: one call and one transaction, however many there are.

What cannot be read so is left to the errands, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.connection import note_failure
from app.services.errands import LEASE
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.patience import pause_after
from app.services.respite import note_answer, wait_together
from app.services.stores import Stores
from connectors.base import NotNow, Reading, Store
from connectors.woocommerce.listings import named_orders

MOST = 50


@dataclass(frozen=True, slots=True)
class Hinted:
    """Of one shop: by order, when it was told of last. They are ours until `lease`."""

    shop_id: int
    asked_at: dict[str, datetime]
    lease: datetime


def read_hinted(database: Database, stores: Stores, now: datetime, real: datetime) -> bool:
    """Reads what was told of a shop, that which was told first. False: nothing waits."""
    hinted = _claim(database, real)
    if hinted is None:
        return False
    try:
        _read(database, stores, hinted, now, real)
    except NotNow as error:
        _wait(database, hinted, error, real)
    except Exception as error:  # whatever it is: each is tried by itself, and says there what is wrong
        _leave_to_errands(database, hinted, error, real)
    return True


def _claim(database: Database, real: datetime) -> Hinted | None:
    lease = real + LEASE
    with database.crossing() as session:
        rows = session.execute(_CLAIM, {"real": real, "lease": lease, "most": MOST}).all()
    return Hinted(rows[0].shop_id, {row.id: row.asked_at for row in rows}, lease) if rows else None


def _read(database: Database, stores: Stores, hinted: Hinted, now: datetime, real: datetime) -> None:
    with database.shops(hinted.shop_id) as session:
        store = stores.open(session, hinted.shop_id, real)
    reading, found = _asked(store, hinted)
    with database.shops(hinted.shop_id) as session:
        lock_shop(session, hinted.shop_id)
        if not _all_wished(session, hinted):
            # Its shop was removed, or a person forgotten, while the store was being read.
            session.execute(_ONE_BY_ONE, _values(hinted, real))
            return
        if store is not None:
            note_answer(session, hinted.shop_id, real)
        session.execute(_MISSING, {**_values(hinted, real), "found": sorted(found)})
        session.execute(_READ, _values(hinted, real))
        apply_readings(session, [(hinted.shop_id, reading)], stores.keys, now, real)


def _asked(store: Store | None, hinted: Hinted) -> tuple[Reading, set[str]]:
    return (Reading(), set()) if store is None else named_orders(store, list(hinted.asked_at))


def _all_wished(session: Session, hinted: Hinted) -> bool:
    found = session.execute(_WISHED, {"shop": hinted.shop_id, "ids": list(hinted.asked_at)})
    return int(found.scalar_one()) == len(hinted.asked_at)


def _leave_to_errands(database: Database, hinted: Hinted, error: Exception, real: datetime) -> None:
    with database.shops(hinted.shop_id) as session:
        note_failure(session, hinted.shop_id, error, real)
        session.execute(_ONE_BY_ONE, _values(hinted, real + pause_after(1, error)))


def _wait(database: Database, hinted: Hinted, error: NotNow, real: datetime) -> None:
    """The store was not asked: what was told stays together, and is read together then."""
    with database.shops(hinted.shop_id) as session:
        wait_together(session, hinted.shop_id, error, real)
        session.execute(_TOGETHER, _values(hinted, real + pause_after(1, error)))


def _values(hinted: Hinted, at: datetime) -> dict[str, object]:
    return {
        "shop": hinted.shop_id,
        "ids": list(hinted.asked_at),
        "asked": list(hinted.asked_at.values()),
        "at": at,
    }


# Only what was not tried yet: what failed once says more when it is tried alone.
_DUE = "noun = 'order' AND state = 'open' AND next_at <= :real AND attempts = 0 AND reason LIKE 'hint: %'"
_CLAIM = text(f"""
UPDATE wishes w SET next_at = :lease, attempts = 1 FROM (
    SELECT shop_id, noun, id FROM wishes
    WHERE {_DUE} AND shop_id = (SELECT shop_id FROM wishes WHERE {_DUE} ORDER BY next_at LIMIT 1)
    ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED
) c
WHERE w.shop_id = c.shop_id AND w.noun = c.noun AND w.id = c.id
RETURNING w.shop_id, w.id, w.asked_at
""")
_WISHED = text("SELECT count(*) FROM wishes WHERE shop_id = :shop AND noun = 'order' AND id = any(:ids)")
_OURS = (
    "unnest(CAST(:ids AS text[]), CAST(:asked AS timestamptz[])) AS c(id, asked_at)"
    " WHERE w.shop_id = :shop AND w.noun = 'order' AND w.id = c.id"
)
# What was told of again while we were reading stays: this answer may be too old for it.
_SAME = "w.asked_at = c.asked_at"
_ONE_BY_ONE = text(f"UPDATE wishes w SET next_at = :at FROM {_OURS} AND {_SAME}")
_TOGETHER = text(f"UPDATE wishes w SET next_at = :at, attempts = 0 FROM {_OURS} AND {_SAME}")
# What the store does not list may be in its trash. Whoever we have never heard of has nothing to lose there.
_MISSING = text(
    f"UPDATE wishes w SET next_at = :at, asked_at = :at FROM {_OURS} AND {_SAME} AND w.id <> all(:found)"
    " AND EXISTS (SELECT FROM orders o WHERE o.shop_id = w.shop_id AND o.id = w.id)"
)
_READ = text(f"DELETE FROM wishes w USING {_OURS} AND {_SAME}")
