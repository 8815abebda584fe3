"""A store's webhooks, looked at again and again: WooCommerce switches them off without telling anybody.

One that is active and fails all the same cannot be told from a good one there. It shows here: by orders that
changed, and that the look at the orders had to find.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.services.polls import HOOKS, ORDERS, poke
from app.services.settle_in import webhook_address, webhook_secret
from app.services.stores import Stores
from connectors.base import NotNow, Store, StoreBusy, StoreError, StoreUnreachable

EVERY = timedelta(minutes=10)
WHILE_BROKEN = timedelta(minutes=2)
# A message takes up to a minute, where the store's own clockwork runs.
LATE = timedelta(seconds=90)
# What was not told is remembered so long: a quiet shop has few orders to judge by.
REMEMBERED = timedelta(hours=1)
# What changed around the connection was not to be told yet.
SETTLING = timedelta(minutes=10)

SILENT = "every webhook is on, and yet orders change without a message"


def mend_hooks(
    database: Database, stores: Stores, shop_id: int, store: Store, now: datetime, real: datetime
) -> timedelta:
    """Mends what is missing, paused, switched off, doubled or led astray. Returns when to look again: soon
    where something was. Raises StoreError."""
    with database.shops(shop_id) as session:
        seen = session.execute(_SEEN, {"shop": shop_id}).one()
    address = webhook_address(store.platform, stores.app_address, seen.token)
    secret = webhook_secret(stores.keys, store.platform, seen.token)
    # A webhook tells what its maker may read, and that is whose key we had then.
    anew = seen.hooks_at is not None and seen.changed_at > seen.hooks_at
    try:
        done = stores.connector(store.platform).subscribe(store, address, secret, anew=anew)
    except NotNow:  # nobody was asked, so nothing new is known
        raise
    except StoreError as error:
        # A store that is away says nothing of its webhooks: they are as they were.
        broken = seen.hooks_broken or not isinstance(error, StoreBusy | StoreUnreachable)
        with database.shops(shop_id) as session:
            _note(session, shop_id, None, broken, [f"could not be looked at: {error}"[:300]], 0)
        raise
    silent = seen.missed_at is not None and real - seen.missed_at < REMEMBERED
    first = seen.hooks_at is None
    broken = silent or (bool(done) and not first and not anew)
    said = [*done, SILENT] if silent else list(done)
    with database.shops(shop_id) as session:
        _note(session, shop_id, real, broken, said, 0 if first else len(done))
        if broken and not seen.hooks_broken:
            poke(session, shop_id, ORDERS, real)
    return WHILE_BROKEN if broken or done else EVERY


def note_missed(
    session: Session, shop_id: int, changes: Collection[datetime], now: datetime, real: datetime
) -> None:
    """Orders changed at these times by our clock, and no message has told us of it. Not of the last moments:
    theirs may be on its way."""
    told_late = [change for change in changes if now - change > LATE]
    if not told_late:
        return
    missed = session.execute(
        _MISSED, {"shop": shop_id, "real": real, "last": max(told_late), "settling": SETTLING}
    )
    if missed.rowcount:
        poke(session, shop_id, HOOKS, real)


def _note(
    session: Session, shop_id: int, at: datetime | None, broken: bool, said: list[str], mended: int
) -> None:
    session.execute(
        _LOOKED,
        {"shop": shop_id, "at": at, "broken": broken, "said": as_json(said), "mended": mended},
    )


# Whether a shop's messages cannot be relied on. Parameters: :shop, :remembered.
UNRELIABLE = (
    "EXISTS (SELECT FROM store_health h WHERE h.shop_id = :shop"
    " AND (h.hooks_broken OR h.missed_at > :remembered))"
)

_SEEN = text(
    "SELECT s.token, k.changed_at, h.hooks_at, h.missed_at, coalesce(h.hooks_broken, false) AS hooks_broken"
    " FROM shops s JOIN shop_secrets k ON k.shop_id = s.id LEFT JOIN store_health h ON h.shop_id = s.id"
    " WHERE s.id = :shop"
)
_LOOKED = text(
    "INSERT INTO store_health (shop_id, hooks_at, hooks_broken, hooks_said, mended)"
    " SELECT id, :at, :broken, CAST(:said AS jsonb), :mended FROM shops"
    " WHERE id = :shop AND state <> 'uninstalled'"
    " ON CONFLICT (shop_id) DO UPDATE SET hooks_at = coalesce(excluded.hooks_at, store_health.hooks_at),"
    " hooks_broken = excluded.hooks_broken, mended = store_health.mended + excluded.mended,"
    " hooks_said = CASE WHEN excluded.hooks_said = '[]' THEN store_health.hooks_said"
    "  ELSE excluded.hooks_said END"
)
_MISSED = text(
    "INSERT INTO store_health (shop_id, missed_at) SELECT id, :real FROM shops"
    " WHERE id = :shop AND platform = 'woocommerce' AND connected_at + :settling < :last"
    " ON CONFLICT (shop_id) DO UPDATE SET missed_at = excluded.missed_at"
)
