"""The fake Shopify's own page of our plans, what its API says then, and what it tells us."""

from __future__ import annotations

import jsonschema
import pytest

from app.words.plans import PLANS
from connectors.shopify.documents import document
from sandbox.shopify.plans import OFFERS
from tests.sandbox.shopify.running import KEY, Api, Receiver, Store, json_schema, sample

PAGE = "/store/hollow-pine/charges/doorstep/pricing_plans"


@pytest.fixture
def told(store: Store, api: Api, receiver: Receiver) -> Receiver:
    api.subscribe(receiver.address, "app_subscriptions/update")
    return receiver


def decide(store: Store, plan: str, decision: str = "approve") -> str:
    answer = store.call("POST", f"{PAGE}/{plan}", "127.0.0.1", data={"decision": decision})
    assert answer.status_code == 303
    return answer.headers["Location"]


def holding(api: Api) -> list[str]:
    found = api.data(document("app_subscriptions"))["currentAppInstallation"]["activeSubscriptions"]
    return [line["plan"]["pricingDetails"]["planHandle"] for one in found for line in one["lineItems"]]


def test_the_dashboard_says_what_our_table_says() -> None:
    assert [(one.handle, one.name, one.price, one.features) for one in OFFERS] == [
        (plan.handle, plan.name, f"{plan.cents / 100:.2f}", (plan.limit,)) for plan in PLANS
    ]


def test_choosing_approving_and_changing_a_plan(store: Store, api: Api, told: Receiver) -> None:
    page = store.call("GET", PAGE, "127.0.0.1").text
    assert all(f"{PAGE}/{plan.handle}" in page for plan in PLANS)
    assert "$15.00" in store.call("GET", f"{PAGE}/starter", "127.0.0.1").text
    assert holding(api) == []
    assert decide(store, "starter") == "/store/hollow-pine/apps/doorstep/plan?plan_handle=starter"
    assert holding(api) == ["starter"]
    decide(store, "growth")
    assert holding(api) == ["growth"]
    store.settle()
    bodies = [one.body["app_subscription"] for one in told.of("app_subscriptions/update")]
    assert sorted((one["plan_handle"], one["status"]) for one in bodies) == [
        ("growth", "ACTIVE"),
        ("starter", "ACTIVE"),
        ("starter", "CANCELLED"),
    ]
    for one in told.of("app_subscriptions/update"):
        jsonschema.validate(one.body, json_schema("app_subscriptions/update"))
    assert set(bodies[0]) == set(sample("app_subscriptions/update")["app_subscription"])


def test_a_declined_plan_never_held(store: Store, api: Api, told: Receiver) -> None:
    decide(store, "starter")
    assert decide(store, "growth", "decline") == "/store/hollow-pine/apps/doorstep"
    assert holding(api) == ["starter"]
    store.settle()
    bodies = [one.body["app_subscription"] for one in told.of("app_subscriptions/update")]
    assert {(one["plan_handle"], one["status"]) for one in bodies} == {
        ("starter", "ACTIVE"),
        ("growth", "DECLINED"),
    }


def test_frozen_thawed_and_ended_by_the_uninstallation(store: Store, api: Api) -> None:
    decide(store, "growth")
    assert store.post("/sandbox/plan", {"status": "FROZEN"}) == ["FROZEN"]
    assert holding(api) == []
    store.post("/sandbox/plan", {"status": "ACTIVE"})
    assert holding(api) == ["growth"]
    store.post("/sandbox/uninstall")
    assert holding(Api(store, store.install())) == []


def test_plans_are_there_for_an_app_in_this_shop(store: Store) -> None:
    assert store.call("GET", PAGE, "127.0.0.1").status_code == 404
    store.install()
    assert store.call("GET", PAGE.replace("doorstep", "other"), "127.0.0.1").status_code == 404
    assert store.call("GET", f"{PAGE}/gold", "127.0.0.1").status_code == 404
    assert store.call("GET", PAGE.replace("doorstep", KEY), "127.0.0.1").status_code == 200
    assert store.call("POST", f"{PAGE}/gold", "127.0.0.1").status_code == 404


def test_what_the_address_says_reaches_the_app(store: Store) -> None:
    store.install()
    page = store.call("GET", "/store/hollow-pine/apps/doorstep/plan?plan_handle=growth", "127.0.0.1").text
    assert "/shopify/app/plan?" in page
    assert "plan_handle=growth" in page
    forged = store.call("GET", "/store/hollow-pine/apps/doorstep/plan?embedded=7&hmac=x", "127.0.0.1").text
    assert "embedded=1" in forged
    assert "embedded=7" not in forged
    assert "hmac=x" not in forged
