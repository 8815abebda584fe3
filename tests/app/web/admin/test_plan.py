"""The page of the plan: equal to the table, and moved by nothing but what Shopify's API answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest

from app.services.billing import keep_billed
from app.services.heal import run_poll
from app.words.plans import PLANS
from connectors.base import Store
from connectors.shopify.documents import document
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, bearer, page_token
from tests.app.web.conftest import Site
from tests.connectors.shopify.graph import answering
from tests.connectors.shopify.samples import sample
from tests.connectors.shopify.shop_server import Call, Reply, ShopServer, shop_server
from wire.http import HttpClient

PAGE = "/shopify/app/plan"
DOMAIN = SHOPS[Platform.SHOPIFY]


@dataclass
class Counter:
    """`holds`: what Shopify would say if asked; `status` other than 200: that it does not answer."""

    site: Site
    server: ShopServer
    holds: dict[str, str | None]

    @property
    def shop(self) -> int:
        return self.site.shopify.shop_id

    def get(self, query: str = "") -> str:
        answer = self.site.client.get(f"{PAGE}{query}", headers=bearer(self.site, Platform.SHOPIFY))
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def ask(self) -> str:
        answer = self.site.client.post(f"{PAGE}/read", headers=bearer(self.site, Platform.SHOPIFY))
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def plan(self) -> list[tuple[str, str]]:
        return [(row.plan, row.status) for row in self.site.rows("SELECT plan, status FROM shop_plans")]

    def asked(self) -> int:
        return sum(call.body["query"] == document("app_subscriptions") for call in self.server.calls)

    def polls(self) -> int:
        """Runs what is due of it; the rest is somebody else's."""
        at, done = self.site.runtime, 0
        self.site.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'plan' RETURNING 1")
        while run_poll(at.database, at.stores(), self.site.now, at.clock.real(), lambda: False):
            done += 1
        return done


@pytest.fixture
def counter(site: Site) -> Iterator[Counter]:
    holds: dict[str, str | None] = {"plan": None}

    def told(info: Any) -> dict[str, Any]:
        line = {
            "plan": {"pricingDetails": {"__typename": "AppRecurringPricing", "planHandle": holds["plan"]}}
        }
        one = {"id": "gid://shopify/AppSubscription/1", "status": "ACTIVE", "lineItems": [line]}
        return {"activeSubscriptions": [one] if holds["plan"] else []}

    spoken = answering({"currentAppInstallation": told})

    def answer(call: Call) -> Reply:
        return Reply(503, {}) if holds["plan"] == "silent" else spoken(call)

    with shop_server(answer) as server:
        client = HttpClient(origins={f"https://{DOMAIN}": server.origin}, pause=lambda seconds: None)
        runtime = replace(site.runtime, http=client, config=replace(site.runtime.config, billing=True))
        site.runtime = site.client.application.extensions["doorstep"] = runtime
        made = Counter(site, server, holds)
        store = Store(Platform.SHOPIFY, DOMAIN, f"https://{DOMAIN}", client)
        keep_billed(runtime.database, runtime.stores(), made.shop, store, runtime.clock.real())
        yield made


def test_the_page_says_what_the_table_says(counter: Counter) -> None:
    page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", counter.get())))
    for plan in PLANS:
        assert f"{plan.name}" in page
        assert f"{plan.price} {plan.limit}" in page
    assert "0 of 50 orders used in November, 50 left." in page


def test_the_way_to_shopify_takes_the_whole_window(counter: Counter) -> None:
    link = re.search(r'<a class="button primary" target="_top" href="([^"]+)">Change plan', counter.get())
    assert link is not None
    assert link[1] == "https://admin.shopify.com/store/hollow-pine/charges/doorstep/pricing_plans"


def test_coming_back_with_a_plan_in_the_address_gives_none(counter: Counter) -> None:
    """It only has the page ask; who forges it learns what holds."""
    for handle in ("unlimited", "growth", "'; DROP TABLE shop_plans; --", "<script>"):
        page = counter.get(f"?plan_handle={handle}")
        assert 'hx-trigger="load"' in page
        assert "<script>" not in page.partition('id="plan"')[2]
    assert (counter.plan(), counter.asked()) == ([], 0)
    assert 'hx-trigger="load"' not in counter.get()
    assert "your plan is Free" in counter.ask()
    assert counter.plan() == [("free", "")]


def test_as_a_document_it_changes_nothing_either(counter: Counter) -> None:
    token = page_token(counter.site, Platform.SHOPIFY)
    answer = counter.site.client.get(f"{PAGE}?plan_handle=unlimited&id_token={token}&shop={DOMAIN}")
    assert answer.status_code == 200
    assert (counter.plan(), counter.asked()) == ([], 0)


def test_what_shopify_answers_is_the_plan(counter: Counter) -> None:
    for handle in ("starter", "growth", "starter"):
        counter.holds["plan"] = handle
        assert f"your plan is {handle.title()}" in counter.ask()
        assert counter.plan() == [(handle, "ACTIVE")]
    counter.holds["plan"] = None
    assert "your plan is Free" in counter.ask()


def test_no_answer_leaves_the_plan_and_has_it_asked_again(counter: Counter) -> None:
    counter.holds["plan"] = "growth"
    counter.ask()
    assert counter.polls() == 1
    counter.holds["plan"] = "silent"
    assert "Shopify did not answer" in counter.ask()
    assert counter.plan() == [("growth", "ACTIVE")]
    counter.holds["plan"] = "starter"
    assert counter.polls() == 1
    assert counter.plan() == [("starter", "ACTIVE")]


def test_a_message_alone_gives_no_plan(counter: Counter) -> None:
    """It names one that nobody pays for; what is asked then is the API."""
    assert counter.polls() == 1
    body = sample("app_subscriptions/update")
    body["app_subscription"] |= {"plan_handle": "unlimited", "status": "ACTIVE"}
    assert counter.site.shop("app_subscriptions/update", json.dumps(body).encode())[0] == 200
    counter.site.settle()
    assert counter.plan() == [("free", "")]
    counter.holds["plan"] = "growth"
    assert counter.polls() == 1
    assert counter.plan() == [("growth", "ACTIVE")]


def test_a_plan_of_its_own_has_no_limit_and_shows_its_name(counter: Counter) -> None:
    counter.holds["plan"] = "friends-2026"
    page = counter.ask()
    assert "A plan of your own" in page
    assert "friends-2026" in page


def test_the_merchant_is_told_before_and_at_the_limit(counter: Counter) -> None:
    def count(orders: int) -> None:
        counter.site.rows("DELETE FROM orders RETURNING 1")
        counter.site.rows(
            "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
            " SELECT :shop, n::text, :at, n::text, :at, '{}', :at FROM generate_series(1, :n) n RETURNING 1",
            shop=counter.shop,
            at=counter.site.runtime.clock.now(),
            n=orders,
        )

    def home() -> str:
        headers = bearer(counter.site, Platform.SHOPIFY)
        return counter.site.client.get("/shopify/app/", headers=headers).get_data(as_text=True)

    for orders, words in ((39, ""), (40, "40 of the 50 orders of your plan are used."), (50, "are used up.")):
        count(orders)
        for page in (counter.get(), home()):
            assert (words in page) if words else ("of your plan are used" not in page)


def test_nobody_has_a_plan_where_nothing_is_billed(site: Site) -> None:
    for platform in Platform:
        headers = bearer(site, platform)
        for method, path in (("GET", "/plan"), ("POST", "/plan/read")):
            answer = site.client.open(f"/{platform.value}/app{path}", method=method, headers=headers)
            assert answer.status_code == 404
        page = site.client.get(f"/{platform.value}/app/", headers=headers).get_data(as_text=True)
        assert "/app/plan" not in page


def test_the_operator_s_switch_reaches_every_shop(counter: Counter) -> None:
    at, site = counter.site.runtime, counter.site
    counter.ask()
    store = Store(Platform.SHOPIFY, DOMAIN, f"https://{DOMAIN}", at.http)
    keep_billed(at.database, at.stores(), counter.shop, store, at.clock.real())
    assert (len(counter.plan()), len(site.rows("SELECT 1 FROM polls WHERE noun = 'plan'"))) == (1, 1)
    off = replace(at.stores(), billing=False)
    keep_billed(at.database, off, counter.shop, store, at.clock.real())
    assert (counter.plan(), site.rows("SELECT 1 FROM polls WHERE noun = 'plan'")) == ([], [])
    assert site.client.get(PAGE, headers=bearer(site, Platform.SHOPIFY)).status_code == 404
    woo = replace(store, platform=Platform.WOOCOMMERCE)
    keep_billed(at.database, at.stores(), site.woocommerce.shop_id, woo, at.clock.real())
    assert site.rows("SELECT 1 FROM shops WHERE billed") == []
