"""After the connection, and daily: take over the shop's own description, mend its subscriptions, and
see whether shoppers reach our pages through the store's own address."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Database
from app.keys import Keys
from app.services.connection import set_profile
from app.services.stores import Stores
from connectors.base import Store
from flows.commerce import Platform
from wire.http import WireError

PAGES = "/apps/doorstep"
PONG = b"doorstep"
PING_SECONDS = 10.0


def settle_in(database: Database, stores: Stores, shop_id: int, store: Store) -> None:
    """Raises StoreError. Runs in a job: the store calls us while we call it."""
    connector = stores.connector(store.platform)
    profile = connector.profile(store)
    with database.shops(shop_id) as session:
        set_profile(session, shop_id, profile)
        token = session.execute(text("SELECT token FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    address = webhook_address(store.platform, stores.app_address, token)
    connector.subscribe(store, address, webhook_secret(stores.keys, store.platform, token))
    connector.greet_plugin(store, stores.app_address, stores.keys.plugin_secret(token))
    prefix = PAGES if _leads_to_us(store, profile.url) else ""
    with database.shops(shop_id) as session:
        session.execute(
            text("UPDATE shops SET pages_prefix = :prefix WHERE id = :id AND pages_prefix <> :prefix"),
            {"prefix": prefix, "id": shop_id},
        )


def _leads_to_us(store: Store, front: str) -> bool:
    """Whether the store forwards what is asked below `PAGES` at its public front, where mails would link
    to. A store that does not answer, a closed shop front or a foreign page there: then they link to us."""
    address = front if front.startswith("https://") else store.base_url
    try:
        answer = store.http.request("GET", f"{address.rstrip('/')}{PAGES}/ping", timeout=PING_SECONDS)
    except WireError:
        return False
    return answer.status == 200 and answer.body.strip() == PONG


def webhook_address(platform: Platform, app_address: str, token: str) -> str:
    if platform is Platform.SHOPIFY:
        return f"{app_address}/webhooks/shopify"
    return f"{app_address}/webhooks/woocommerce/{token}"


def webhook_secret(keys: Keys, platform: Platform, token: str) -> str:
    """Shopify signs with the app's own secret, so none is given there."""
    return "" if platform is Platform.SHOPIFY else keys.webhook_secret(token)
