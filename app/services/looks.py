"""Polls that are a single look and no listing."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import going_on
from app.db import Database
from app.services.billing import keep_billed, read_plan
from app.services.connect_check import check_connection
from app.services.held_mails import settle_held
from app.services.hooks import mend_hooks
from app.services.plugin_settings import push_settings
from app.services.polls import CONNECTION, HOOKS, PLAN, TOKEN
from app.services.rights import read_rights
from app.services.settle_in import settle_in
from app.services.shipment_statuses import keep_statuses
from app.services.stars import owe_all_stars
from app.services.stores import Stores
from connectors.base import Store

# A mail that the plugin should hold back no longer is one that somebody waits for.
UNTOLD = timedelta(seconds=50)

LOOKS = frozenset({CONNECTION, HOOKS, PLAN, TOKEN})


def look(
    database: Database,
    stores: Stores,
    noun: str,
    shop_id: int,
    store: Store,
    now: datetime,
    real: datetime,
) -> timedelta | None:
    """Returns when to look again, where the usual time is not right. Raises StoreError."""
    clock = going_on(real)
    if noun == TOKEN:
        stores.tokens().renewed_if_silent(shop_id, store.domain, real)
    elif noun == PLAN:
        read_plan(database, stores, shop_id, store, real)
    elif noun == HOOKS:
        told = push_settings(database, stores, shop_id, store, now, real, clock)
        settle_held(database, shop_id, now, real)
        again = mend_hooks(database, stores, shop_id, store, now, real)
        return again if told else min(again, UNTOLD)
    else:
        store = check_connection(database, stores, shop_id, store, real)
        keep_billed(database, stores, shop_id, store, real)
        settle_in(database, stores, shop_id, store, now, real, clock)
        read_rights(database, stores, shop_id, store, real)
        keep_statuses(database, stores, shop_id, store)
        with database.shops(shop_id) as session:
            owe_all_stars(session, shop_id, real)
    return None
