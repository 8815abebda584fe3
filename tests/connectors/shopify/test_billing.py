"""What the Admin API says of a plan, in our words; the address at which plans are chosen."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import StoreError
from connectors.news import Subscription
from connectors.shopify.billing import active_subscription, plans_page
from connectors.woocommerce.connector import WooCommerceConnector
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.shop_server import Reply, shop_server


def line(plan: str | None, kind: str = "AppRecurringPricing") -> dict[str, Any]:
    return {"plan": {"pricingDetails": {"__typename": kind, "planHandle": plan}}}


def subscription(*lines: dict[str, Any], status: str = "ACTIVE", number: int = 1) -> dict[str, Any]:
    return {"id": f"gid://shopify/AppSubscription/{number}", "status": status, "lineItems": list(lines)}


def told(*subscriptions: dict[str, Any]) -> Subscription | None:
    root = {"currentAppInstallation": {"activeSubscriptions": list(subscriptions)}}
    with shop_server(answering(root)) as server:
        return active_subscription(server.store)


def test_the_plan_that_holds() -> None:
    found = told(subscription(line("growth")))
    assert found == Subscription("growth", "ACTIVE", "gid://shopify/AppSubscription/1")
    assert told() is None


def test_one_that_does_not_hold_is_none() -> None:
    """The API lists active ones only; should it ever list another, it is passed over."""
    for status in ("PENDING", "DECLINED", "FROZEN", "EXPIRED", "CANCELLED", "ACCEPTED"):
        assert told(subscription(line("unlimited"), status=status)) is None
    both = told(subscription(line("unlimited"), status="FROZEN"), subscription(line("starter"), number=2))
    assert both == Subscription("starter", "ACTIVE", "gid://shopify/AppSubscription/2")


def test_lines_of_use_and_subscriptions_without_a_plan() -> None:
    mixed = told(subscription(line(None, "AppUsagePricing"), line("growth")))
    assert mixed is not None
    assert mixed.plan == "growth"
    bare = told(subscription(line(None)))
    assert bare is not None
    assert bare.plan == ""


BROKEN = (Reply(200, b"<html>"), Reply(200, b""), Reply(200, {"data": None}), Reply(401))


@pytest.mark.parametrize("reply", BROKEN)
def test_an_answer_that_is_none_is_a_store_error(reply: Reply) -> None:
    with shop_server(lambda call: reply) as server, pytest.raises(StoreError):
        active_subscription(server.store)


def test_the_page_of_plans() -> None:
    page = "https://admin.shopify.com/store/hollow-pine/charges/doorstep/pricing_plans"
    assert plans_page("hollow-pine.myshopify.com", "doorstep") == page
    assert plans_page("a/../b?x.myshopify.com", "d#").startswith(
        "https://admin.shopify.com/store/a%2F..%2Fb%3Fx/"
    )


def test_woocommerce_bills_for_nobody() -> None:
    with shop_server(lambda call: Reply(500)) as server:
        assert WooCommerceConnector().plan(server.store) is None
        assert server.calls == []
