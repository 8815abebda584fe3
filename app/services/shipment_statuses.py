"""The statuses that a shop's orders may have, read daily, so that the merchant can say what they mean."""

from __future__ import annotations

import logging
from dataclasses import asdict

from sqlalchemy import text

from app.db import Database, as_json
from app.services.stores import Stores
from connectors.base import Store, StoreError

log = logging.getLogger("doorstep.heal")


def keep_statuses(database: Database, stores: Stores, shop_id: int, store: Store) -> None:
    """What a store does not tell stays as it was known: reports are what security plugins and small roles
    shut off first, and nothing else depends on them."""
    try:
        found = stores.connector(store.platform).order_statuses(store)
    except StoreError as error:
        log.warning("shop %s: its statuses could not be read: %s", shop_id, error)
        return
    if not found:
        return
    with database.shops(shop_id) as session:
        session.execute(
            text(
                "INSERT INTO shipment_words (shop_id, known)"
                " SELECT id, CAST(:known AS jsonb) FROM shops WHERE id = :shop AND state <> 'uninstalled'"
                " ON CONFLICT (shop_id) DO UPDATE SET known = excluded.known"
            ),
            {"shop": shop_id, "known": as_json([asdict(one) for one in found])},
        )
