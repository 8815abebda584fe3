"""We close a shop by ourselves: its plugin is told, so that nothing of ours stays in the store. Elsewhere the
store is the one that closes, and its plugin has cleared up before it told us."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import text

from app.db import Database
from app.keys import BadSeal
from app.services.stores import Stores
from connectors.base import Store, StoreError
from flows.commerce import Platform

log = logging.getLogger("doorstep.leaving")


def held_keys(database: Database, stores: Stores, shop_id: int, real: datetime) -> Store | None:
    """The store as long as we have what opens it; None where we have left before, where it is left alone, and
    on the platform that has no plugin of ours."""
    try:
        with database.shops(shop_id) as session:
            platform = session.execute(_PLATFORM, {"id": shop_id}).scalar_one()
            return stores.open(session, shop_id, real) if platform == Platform.WOOCOMMERCE else None
    except (StoreError, BadSeal):
        return None


def say_farewell(stores: Stores, store: Store) -> None:
    """After the shop is closed with us, in a job. Nothing hangs on it: a plugin that is not told lets the
    store speak for itself within half an hour."""
    try:
        stores.connector(store.platform).tell_plugin(store, None)
    except StoreError as error:
        log.warning("%s could not be told that we have left: %s", store.domain, error)


_PLATFORM = text("SELECT platform FROM shops WHERE id = :id")
