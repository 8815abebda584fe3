"""A store's webhooks, looked at again and again: WooCommerce switches them off without telling anybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, as_json
from app.services.settle_in import webhook_address, webhook_secret
from app.services.stores import Stores
from connectors.base import Store

EVERY = timedelta(minutes=10)
WHILE_BROKEN = timedelta(minutes=2)


def mend_hooks(
    database: Database, stores: Stores, shop_id: int, store: Store, now: datetime, real: datetime
) -> timedelta:
    """Mends what is missing, paused, switched off, doubled or led astray. Returns when to look again: soon
    where something was. Raises StoreError."""
    with database.shops(shop_id) as session:
        token = session.execute(text("SELECT token FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    address = webhook_address(store.platform, stores.app_address, token)
    secret = webhook_secret(stores.keys, store.platform, token)
    done = stores.connector(store.platform).subscribe(store, address, secret)
    with database.shops(shop_id) as session:
        session.execute(
            _LOOKED,
            {
                "shop": shop_id,
                "at": real,
                "broken": bool(done),
                "said": as_json(list(done)),
                "mended": len(done),
            },
        )
    return WHILE_BROKEN if done else EVERY


_LOOKED = text(
    "INSERT INTO store_health (shop_id, hooks_at, hooks_broken, hooks_said, mended)"
    " VALUES (:shop, :at, :broken, CAST(:said AS jsonb), :mended)"
    " ON CONFLICT (shop_id) DO UPDATE SET hooks_at = excluded.hooks_at, hooks_broken = excluded.hooks_broken,"
    " hooks_said = CASE WHEN excluded.hooks_broken THEN excluded.hooks_said ELSE store_health.hooks_said END,"
    " mended = store_health.mended + excluded.mended"
)
