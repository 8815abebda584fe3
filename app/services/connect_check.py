"""A connected store is looked at every day, and whenever its merchant asks: what is in the way is kept for
the page that tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.services.locks import lock_shop
from app.services.polls import CONNECTION, HOOKS, ORDERS, poke
from app.services.respite import ask_anyway
from app.services.stores import Stores
from app.services.tokens import keep_secrets
from connectors.base import Store
from connectors.woocommerce.check import look_again
from connectors.woocommerce.showing import in_header
from flows.commerce import Platform

# The look that tells what is wrong comes before what fails by it.
FIRST = timedelta(seconds=1)


def check_connection(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> Store:
    """Before anything else is asked of it, because the rest fails where something is in the way. Returns the
    store as it is to be asked from now on. Raises StoreError only where nothing could be asked at all."""
    if store.platform is not Platform.WOOCOMMERCE:
        return store
    look = look_again(store, real)
    findings = [one.as_row() for one in look.findings]
    secrets = {**in_header(store.secrets), **look.kept} if look.opens else store.secrets
    with database.shops(shop_id) as session:
        session.execute(_CHECKED, {"shop": shop_id, "at": real, "findings": as_json(findings)})
        if secrets == store.secrets:
            return store
        # The shop's server has begun to remove the header that our key is sent in, or passes it on again.
        lock_shop(session, shop_id)
        held = stores.open(session, shop_id, real)
        if held is None or held.secrets != store.secrets:
            return store  # the merchant has left, or connected anew
        keep_secrets(session, shop_id, stores.keys, secrets, real)
    return replace(store, secrets=secrets)


def look_soon(session: Session, shop_id: int, real: datetime) -> None:
    """The merchant wants to know now: connection, webhooks and orders are due at once, also where the store
    is being left alone."""
    ask_anyway(session, shop_id, real)
    poke(session, shop_id, CONNECTION, real - FIRST)
    for noun in (HOOKS, ORDERS):
        poke(session, shop_id, noun, real)


# A shop that left meanwhile has nothing to be noted.
_CHECKED = text(
    "INSERT INTO store_health (shop_id, checked_at, findings)"
    " SELECT id, :at, CAST(:findings AS jsonb) FROM shops WHERE id = :shop AND state <> 'uninstalled'"
    " ON CONFLICT (shop_id) DO UPDATE SET checked_at = excluded.checked_at, findings = excluded.findings"
)
