"""After the connection, and daily: take over the shop's own description, mend its subscriptions, and
see whether shoppers reach our pages through the store's own address."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import text

from app.clock import going_on
from app.db import Database
from app.keys import Keys
from app.services.connection import set_profile
from app.services.pages import STORE_PATH
from app.services.plugin_settings import push_settings
from app.services.polls import CONNECTION, poke
from app.services.stores import Stores
from connectors.base import Store
from flows.commerce import Platform
from wire.http import WireError

PING_SECONDS = 10.0


def settle_in(
    database: Database,
    stores: Stores,
    shop_id: int,
    store: Store,
    now: datetime,
    real: datetime,
    clock: Callable[[], datetime] | None = None,
) -> None:
    """Raises StoreError. Runs in a job: the store calls us while we call it.

    The pages are looked at whatever came before: a store whose keys no longer open anything may have
    lost our pages too, and no mail must go on linking there. `clock`: `real` as it goes on.
    """
    with database.shops(shop_id) as session:
        token = session.execute(text("SELECT token FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    try:
        _take_over(database, stores, shop_id, store, token, now, real, clock or going_on(real))
    finally:
        _prove_pages(database, stores.keys, shop_id, store, token)


def _take_over(
    database: Database,
    stores: Stores,
    shop_id: int,
    store: Store,
    token: str,
    now: datetime,
    real: datetime,
    clock: Callable[[], datetime],
) -> None:
    connector = stores.connector(store.platform)
    profile = connector.profile(store)
    with database.shops(shop_id) as session:
        set_profile(session, shop_id, profile)
    push_settings(database, stores, shop_id, store, now, real, clock)
    address = webhook_address(store.platform, stores.app_address, token)
    secret = webhook_secret(stores.keys, store.platform, token)
    if store.platform is not Platform.WOOCOMMERCE:  # whose webhooks have a poll of their own (`hooks`)
        connector.subscribe(store, address, secret, declared=stores.topics_declared)


def _prove_pages(database: Database, keys: Keys, shop_id: int, store: Store, token: str) -> None:
    """By the token: a shop that was uninstalled meanwhile, or came back, is not this connection's."""
    with database.shops(shop_id) as session:
        shop = session.execute(
            text("SELECT url, pages_path FROM shops WHERE id = :id"), {"id": shop_id}
        ).one()
    found = (
        _answered_at(keys, shop_id, store, shop.url, path)
        for path in dict.fromkeys((shop.pages_path, STORE_PATH))
    )
    prefix = next(filter(None, found), "")
    with database.shops(shop_id) as session:
        session.execute(
            text(
                "UPDATE shops SET pages_prefix = :prefix WHERE id = :id AND pages_prefix <> :prefix"
                " AND token = :token AND state <> 'uninstalled'"
            ),
            {"prefix": prefix, "id": shop_id, "token": token},
        )


def _answered_at(keys: Keys, shop_id: int, store: Store, front: str, path: str) -> str:
    """Where the store says that it forwards from, when it is asked below `path` at its public front, where
    mails would link to, and forwards to us as this very shop. "" for a store that does not answer, a closed
    shop front, a foreign page or another app there: then mails link to us."""
    address = front if front.startswith("https://") else store.base_url
    asked = random.token_urlsafe(16)
    ping = f"{address.rstrip('/')}{path}/ping?{urlencode({'asked': asked})}"
    try:
        answer = store.http.request("GET", ping, timeout=PING_SECONDS)
    except WireError:
        return ""
    told = answer.body.decode("utf-8", "replace").strip()
    prefix = told.rpartition(" ")[2]
    return prefix if answer.status == 200 and told == keys.pong(shop_id, asked, prefix) else ""


def seen_at(database: Database, shop_id: int, path: str, real: datetime) -> None:
    """A shopper sent a form through the store, which signed that it did so below `path`: not where we look
    for our pages. There we look from now on, soon; links follow when it answers."""
    with database.shops(shop_id) as session:
        changed = session.execute(
            text("UPDATE shops SET pages_path = :path WHERE id = :id AND pages_path <> :path RETURNING id"),
            {"path": path, "id": shop_id},
        ).one_or_none()
        if changed is not None:
            poke(session, shop_id, CONNECTION, real)


def webhook_address(platform: Platform, app_address: str, token: str) -> str:
    if platform is Platform.SHOPIFY:
        return f"{app_address}/webhooks/shopify"
    return f"{app_address}/webhooks/woocommerce/{token}"


def webhook_secret(keys: Keys, platform: Platform, token: str) -> str:
    """Shopify signs with the app's own secret, so none is given there."""
    return "" if platform is Platform.SHOPIFY else keys.webhook_secret(token)
