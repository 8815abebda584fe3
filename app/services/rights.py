"""The rights that a store gives us: asked for by features, told by the store, and what goes on with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.connection import set_scopes
from app.services.features import FULL_HISTORY, Feature, enabled
from app.services.polls import HISTORY, begin_again
from app.services.store_writes import try_again
from app.services.stores import Stores
from connectors.base import Store
from connectors.shopify.scopes import missing_scopes


def missing_rights(session: Session, shop_id: int, feature: Feature) -> tuple[str, ...]:
    return missing_scopes(_granted(session, shop_id), feature.scopes)


def take_rights(session: Session, shop_id: int, granted: Collection[str], real: datetime) -> None:
    """The rights that we have from now on. With new ones, what waited for them goes on, and orders that
    were out of sight are read."""
    new = missing_scopes(_granted(session, shop_id), granted)
    set_scopes(session, shop_id, granted)
    if new:
        try_again(session, shop_id, real)
    if set(FULL_HISTORY.scopes) <= set(new) and enabled(session, [shop_id], FULL_HISTORY.key):
        begin_again(session, shop_id, HISTORY, real)


def read_rights(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> None:
    """Asks the store itself, because a message of it may be lost. Raises StoreError."""
    granted = stores.connector(store.platform).rights(store)
    if granted is not None:
        with database.shops(shop_id) as session:
            take_rights(session, shop_id, granted, real)


def _granted(session: Session, shop_id: int) -> str:
    return str(session.execute(text("SELECT scopes FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one())
