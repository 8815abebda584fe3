"""After the connection, and daily: take over the shop's own description, mend its subscriptions."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Database
from app.keys import Keys
from app.services.connection import set_profile
from app.services.stores import Stores
from connectors.base import Store
from flows.commerce import Platform


def settle_in(database: Database, stores: Stores, shop_id: int, store: Store) -> None:
    """Raises StoreError. Runs in a job: the store calls us while we call it."""
    connector = stores.connector(store.platform)
    profile = connector.profile(store)
    with database.shops(shop_id) as session:
        set_profile(session, shop_id, profile)
        token = session.execute(text("SELECT token FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    address = webhook_address(store.platform, stores.app_address, token)
    connector.subscribe(store, address, webhook_secret(stores.keys, store.platform, token))


def webhook_address(platform: Platform, app_address: str, token: str) -> str:
    if platform is Platform.SHOPIFY:
        return f"{app_address}/webhooks/shopify"
    return f"{app_address}/webhooks/woocommerce/{token}"


def webhook_secret(keys: Keys, platform: Platform, token: str) -> str:
    """Shopify signs with the app's own secret, so none is given there."""
    return "" if platform is Platform.SHOPIFY else keys.webhook_secret(token)
