"""A shop is forgotten, 48 hours after it removed the app: all that we hold of it and of its shoppers.

Its line in the directory stays, emptied, so that a shop that comes back is a new generation and does not
write to people who left it. A shop that is back already is alive: of it only goes what belongs to its
generations of before.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from app.db import Database, Session
from app.models.shop import NEEDS_RECONNECT, UNINSTALLED, shops
from app.services.connection import close_generation
from app.services.locks import lock_shop

# Shopify waits this long after the removal before it tells us to forget.
AFTER_REMOVAL = timedelta(hours=48)


def forget_shop(database: Database, shop_id: int, asked_at: datetime, now: datetime, real: datetime) -> bool:
    """In one transaction, under the shop's lock: whoever connects it at the same moment comes before or
    after. Repeating it changes nothing. `asked_at`: when the platform told us. False: the shop is alive,
    and only its past is forgotten."""
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        shop = session.execute(text("SELECT * FROM shops WHERE id = :id"), {"id": shop_id}).one()
        if _removal_was_missed(shop, asked_at):
            close_generation(session, shop_id, now)
        elif shop.state != UNINSTALLED:
            _forget_before(session, shop)
            return False
        session.execute(_VENDORS, {"shop": shop_id})
        for table in SHOP_TABLES:
            session.execute(text(f"DELETE FROM {table} WHERE shop_id = :shop"), {"shop": shop_id})
        session.execute(_ATTEMPTS, {"shop": shop_id, "platform": shop.platform, "domain": shop.domain})
        token = random.token_urlsafe(24)
        session.execute(_EMPTY, {"shop": shop_id, "token": token, "real": real})
    return True


def _removal_was_missed(shop: Row[Any], asked_at: datetime) -> bool:
    """The message of the removal never came, but the store no longer lets us in (what opened it does not, or
    it is closed), and the shop was connected before the 48 hours began. One that works, or is younger, has
    come back."""
    shut = shop.state == NEEDS_RECONNECT or (shop.state != UNINSTALLED and shop.paused_at is not None)
    return bool(shut and shop.connected_at < asked_at - AFTER_REMOVAL)


def _forget_before(session: Session, shop: Row[Any]) -> None:
    parameters = {"shop": shop.id, "generation": shop.generation, "connected_at": shop.connected_at}
    for statement in OLDER_GENERATIONS:
        session.execute(text(statement), parameters)


# In an order in which nothing is left pointing at what has gone.
SHOP_TABLES = (
    "message_events",
    "feedback",
    "messages",
    "timers",
    "watches",
    "journeys",
    "events",
    "review_decisions",
    "reviews",
    "store_writes",
    "held_mails",
    "wishes",
    "polls",
    "inbox",
    "returns",
    "refunds",
    "parcel_events",
    "parcels",
    "credits",
    "coupons",
    "visits",
    "estimates",
    "order_products",
    "orders",
    "customers",
    "consents",
    "product_picks",
    "product_habits",
    "product_words",
    "products",
    "flow_switches",
    "trials",
    "webhook_doors",
    "sending_domains",
    "mail_accounts",
    "segments",
    "features",
    "shop_plans",
    "store_health",
    "mail_limits",
    "desk_turns",
    "reader_paces",
    "outside_sends",
    "shipment_words",
    "mail_versions",
    "texts",
    "contents",
    "brand_logos",
    "brand_kits",
    "admin_changes",
    "shop_secrets",
)

# What stays of a shop that was forgotten, and why.
STAYS: Mapping[str, str] = {
    "suppressions": "keyed hashes of addresses that must not be written to, should the shop come back",
    "forgotten": "keyed hashes of whom and what was forgotten, should the shop come back",
    "privacy_requests": "that and when a demand was met; emptied by whoever works them off",
}

_OLD_MAILS = "SELECT id FROM messages WHERE shop_id = :shop AND generation < :generation"
_OLD_JOURNEYS = "SELECT id FROM journeys WHERE shop_id = :shop AND generation < :generation"
# Orders, products and settings have no generation: the shop that is alive has them, too.
OLDER_GENERATIONS = (
    f"DELETE FROM message_events WHERE shop_id = :shop AND message_id IN ({_OLD_MAILS})",
    f"DELETE FROM feedback WHERE shop_id = :shop AND message_id IN ({_OLD_MAILS})",
    f"DELETE FROM messages WHERE id IN ({_OLD_MAILS})",
    f"DELETE FROM timers WHERE shop_id = :shop AND journey_id IN ({_OLD_JOURNEYS})",
    f"DELETE FROM journeys WHERE id IN ({_OLD_JOURNEYS})",
    "DELETE FROM events WHERE shop_id = :shop AND generation < :generation",
    # Kept is that it came: the same delivery, repeated, is still known.
    "UPDATE inbox SET body = '', error = NULL WHERE shop_id = :shop AND received_at < :connected_at"
    " AND state <> 'new' AND body <> ''",
    "DELETE FROM store_writes WHERE shop_id = :shop AND asked_at < :connected_at AND state <> 'open'",
    "DELETE FROM admin_changes WHERE shop_id = :shop AND at < :connected_at",
)

# What was learnt of its own account. Another shop that has the same learns it anew.
_VENDORS = text(
    "DELETE FROM mail_vendors WHERE account IN (SELECT account FROM mail_accounts WHERE shop_id = :shop)"
)
_ATTEMPTS = text(
    "DELETE FROM install_attempts WHERE shop_id = :shop OR (platform = :platform AND domain = :domain)"
)

# Which shop it was, and how often it came; a column that is added goes.
_LINE_STAYS = {"id", "platform", "domain", "base_url", "state", "generation", "connected_at"}
_SET = {one.name: "DEFAULT" for one in shops.c if one.name not in _LINE_STAYS} | {
    "token": ":token",
    "redacted_at": ":real",
}
_ALL_OF_IT = ", ".join(f"{name} = {value}" for name, value in _SET.items())
_EMPTY = text(f"UPDATE shops SET {_ALL_OF_IT} WHERE id = :shop")
