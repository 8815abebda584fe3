"""A connected store is looked at every day, and whenever its merchant asks: what is in the way is kept for
the page that tells it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.services.polls import CONNECTION, HOOKS, ORDERS, poke
from app.services.stores import Stores
from connectors.base import Store
from connectors.woocommerce.check import look_again
from flows.commerce import Platform


def check_connection(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> None:
    """Before anything else is asked of it, because the rest fails where something is in the way. Raises
    StoreError only where nothing could be asked at all."""
    if store.platform is not Platform.WOOCOMMERCE:
        return
    findings = [one.as_row() for one in look_again(store, real)]
    with database.shops(shop_id) as session:
        session.execute(_CHECKED, {"shop": shop_id, "at": real, "findings": as_json(findings)})


def look_soon(session: Session, shop_id: int, real: datetime) -> None:
    """The merchant wants to know now: connection, webhooks and orders are due at once."""
    for noun in (CONNECTION, HOOKS, ORDERS):
        poke(session, shop_id, noun, real)


# A shop that left meanwhile has nothing to be noted.
_CHECKED = text(
    "INSERT INTO store_health (shop_id, checked_at, findings)"
    " SELECT id, :at, CAST(:findings AS jsonb) FROM shops WHERE id = :shop AND state <> 'uninstalled'"
    " ON CONFLICT (shop_id) DO UPDATE SET checked_at = excluded.checked_at, findings = excluded.findings"
)
