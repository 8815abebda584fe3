"""Answers about plans that come too late: after a removal, after a newer answer; and for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.db import Database
from app.services.billing import read_plan
from app.services.connection import close_generation
from app.services.stores import Stores
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.test_plan_limit import billed
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.shop_server import shop_server

NOBODY = AppKeys("", "", None)


def answered(desk: Desk, plan: str, at: datetime = START, before: Callable[[], Any] = lambda: None) -> None:
    """Shopify answers `plan`; `before` happens while it thinks."""
    line = {"plan": {"pricingDetails": {"__typename": "AppRecurringPricing", "planHandle": plan}}}
    one = {"id": "gid://shopify/AppSubscription/1", "status": "ACTIVE", "lineItems": [line]}

    def thinking(info: Any) -> dict[str, Any]:
        before()
        return {"activeSubscriptions": [one]}

    with shop_server(answering({"currentAppInstallation": thinking})) as server:
        stores = Stores(
            connector=connector_for,
            keys=desk.keys,
            http=server.http,
            app_address="http://127.0.0.1:8000",
            shopify=NOBODY,
            database=desk.database,
        )
        read_plan(desk.database, stores, desk.shop_id, server.store, at)


def plans(desk: Desk) -> list[str]:
    return [row.plan for row in desk.rows("SELECT plan FROM shop_plans")]


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(db: Database) -> None:
    desk = billed(db)
    answered(desk, "starter", before=lambda: answered(desk, "growth", START + timedelta(seconds=1)))
    assert plans(desk) == ["growth"]
    answered(desk, "starter", START + timedelta(seconds=2))
    assert plans(desk) == ["starter"]


def test_an_answer_about_a_connection_that_ended_gives_the_next_one_nothing(db: Database) -> None:
    desk = billed(db)

    def removed() -> None:
        with db.shops(desk.shop_id) as session:
            close_generation(session, desk.shop_id, START)

    def back() -> None:
        removed()
        assert connect_shop(db).shop_id == desk.shop_id

    answered(desk, "unlimited", before=removed)
    assert plans(desk) == []
    back()
    answered(desk, "unlimited", before=back)
    assert plans(desk) == []


def test_a_shop_that_is_not_billed_is_on_no_plan(db: Database) -> None:
    desk = connect_shop(db)
    answered(desk, "unlimited")
    assert plans(desk) == []
