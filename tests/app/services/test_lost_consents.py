"""A message of consent that was lost: the next reading of an order of that person brings what it said."""

from __future__ import annotations

from datetime import datetime

from app.db import Database
from connectors.base import Reading
from connectors.shopify.connector import ShopifyConnector
from tests.app.desk import START, Desk, connect_shop
from tests.connectors.shopify import one_order
from tests.connectors.shopify.graph import answering, connection
from tests.connectors.shopify.shop_server import shop_server


def listed(state: str, at: str) -> Reading:
    """What reconciliation reads."""
    node = one_order.node()
    email = {**node["customer"]["defaultEmailAddress"], "marketingState": state, "marketingUpdatedAt": at}
    node["customer"] = {**node["customer"], "defaultEmailAddress": email}

    with shop_server(answering({"orders": connection([node])})) as server:
        return ShopifyConnector().changed_since(server.store, START, None).reading


def consent(desk: Desk) -> tuple[str, datetime]:
    (row,) = desk.rows("SELECT state, at FROM consents WHERE email = 'ines@example.com'")
    return row.state, row.at


def test_reconciliation_brings_a_lost_consent_and_the_newest_word_stays(db: Database) -> None:
    desk = connect_shop(db)
    desk.read(listed("SUBSCRIBED", "2026-11-20T15:00:00Z"))
    assert consent(desk)[0] == "subscribed"
    desk.read(listed("UNSUBSCRIBED", "2026-11-21T15:00:00Z"))
    assert consent(desk)[0] == "unsubscribed"
    newest = consent(desk)
    desk.read(listed("SUBSCRIBED", "2026-11-20T15:00:00Z"))
    assert consent(desk) == newest, "an old listing gives no consent back"
