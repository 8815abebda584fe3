"""The rights that a store gives us: asked for by features, told by the store, and what goes on with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.services.connection import take_rights
from app.services.features import Feature
from app.services.stores import Stores
from connectors.base import Store
from connectors.shopify.scopes import missing_scopes
from flows.commerce import Platform


def missing_rights(session: Session, shop_id: int, feature: Feature) -> tuple[str, ...]:
    """None on a platform that gives all at once."""
    shop = session.execute(text("SELECT platform, scopes FROM shops WHERE id = :id"), {"id": shop_id}).one()
    return missing_scopes(shop.scopes, feature.scopes) if shop.platform == Platform.SHOPIFY else ()


def read_rights(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> None:
    """Asks the store itself, because a message of it may be lost. Raises StoreError."""
    granted = stores.connector(store.platform).rights(store)
    if granted is not None:
        with database.shops(shop_id) as session:
            take_rights(session, shop_id, granted, real)
