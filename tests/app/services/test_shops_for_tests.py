"""Test orders get no mails, but in a shop that sells nothing: there they stand for real ones. Whoever tries
the app has no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.db import Database
from app.services.connection import set_profile
from connectors.base import Reading
from connectors.shopify.reading import profile
from flows.commerce import ShopProfile
from tests.app.desk import an_order, connect_shop
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.shop_server import shop_server

KNOWN = ShopProfile("Larkhus", "https://larkhus.example", "hi@larkhus.example", "EUR", "Europe/Berlin")
NODE = {
    "id": "gid://shopify/Shop/1",
    "name": "Larkhus",
    "email": "hi@larkhus.example",
    "contactEmail": "hi@larkhus.example",
    "currencyCode": "EUR",
    "ianaTimezone": "Europe/Berlin",
    "myshopifyDomain": "hollow-pine.myshopify.com",
    "primaryDomain": {"url": "https://larkhus.example", "localization": {"defaultLocale": "en"}},
    "shopAddress": {},
}


@pytest.mark.parametrize("development", [True, False])
def test_shopify_says_which_shops_are_for_tests(development: bool) -> None:
    root = {"shop": {**NODE, "plan": {"partnerDevelopment": development}}}
    with shop_server(answering(root)) as server:
        assert profile(server.store).for_tests is development


def test_a_test_order_is_a_real_one_there(db: Database) -> None:
    for for_tests, flows in (
        (None, []),
        (True, ["order_confirmation"]),
        (None, ["order_confirmation"]),
        (False, []),
    ):
        desk = connect_shop(db)
        with db.shops(desk.shop_id) as session:
            set_profile(session, desk.shop_id, replace(KNOWN, for_tests=for_tests))
        desk.rows("DELETE FROM messages RETURNING 1")
        desk.rows("DELETE FROM timers RETURNING 1")
        desk.rows("DELETE FROM journeys RETURNING 1")
        desk.rows("DELETE FROM events RETURNING 1")
        desk.read(Reading(orders=(an_order(is_test=True),)))
        rows = desk.rows(
            "SELECT flow_key FROM journeys WHERE status <> 'declined' AND flow_key = 'order_confirmation'"
        )
        assert [row.flow_key for row in rows] == flows, for_tests
