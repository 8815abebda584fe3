"""The plugin leaves, and passes on what people demand by law."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.services import plugin_privacy
from app.services.install import Attempt, connect
from app.services.plugin_privacy import groups_of
from app.services.privacy import run_request
from flows.commerce import Platform
from tests.app.web.conftest import RECORDED, Site, recording
from tests.app.web.plugin_talk import say
from tests.app.web.shopping import bought
from tests.security.parties import all_rows, changed, residents

EMAIL = "mia@example.com"


def shop(site: Site) -> Any:
    (row,) = site.rows("SELECT * FROM shops WHERE id = :id", id=site.woocommerce.shop_id)
    return row


def test_leaving_closes_the_generation_at_once(site: Site) -> None:
    bought(site, Platform.WOOCOMMERCE)
    other = all_rows(residents(site)[Platform.SHOPIFY])
    assert say(site, "left", {"reason": "disconnected"}).get_json() == {"outcome": "left"}
    assert shop(site).state == "uninstalled"
    for table in ("shop_secrets", "wishes", "polls", "flow_switches", "timers", "store_health"):
        assert site.rows(f"SELECT 1 FROM {table} WHERE shop_id = :id", id=site.woocommerce.shop_id) == [], (
            table
        )
    assert site.rows("SELECT 1 FROM journeys WHERE status = 'active'") == []
    assert not changed(other, all_rows(residents(site)[Platform.SHOPIFY]))


@pytest.mark.parametrize(("late", "outcome"), [(120, "outdated"), (60, "left"), (0, "left")])
def test_a_word_from_before_the_newest_keys_closes_nothing(site: Site, late: int, outcome: str) -> None:
    """The merchant left and came back, and the first word of that arrives last."""
    at, now = site.runtime, site.runtime.clock.real()
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
    connect(at.database, at.keys, attempt, {"consumer_key": "new"}, now, now - timedelta(seconds=60.5))
    told = say(site, "left", {"reason": "disconnected"}, late=late).get_json()
    assert told == {"outcome": outcome}
    assert shop(site).state == ("connected" if outcome == "outdated" else "uninstalled")


def test_an_export_tells_all_but_what_came_in(site: Site) -> None:
    bought(site, Platform.WOOCOMMERCE)
    bought(site, Platform.SHOPIFY)
    answer = say(site, "export", {"email": f" {EMAIL.upper()} "})
    assert answer.status_code == 200
    groups = {group["title"]: group["items"] for group in answer.get_json()["groups"]}
    assert [*groups][:1] + [*groups][-1:] == ["what this is", "the rest"]
    (order,) = groups["orders"]
    told = {one["name"]: one["value"] for one in order}
    assert told["order, email"] == EMAIL and told["order, first name"] == "Mia"
    assert told["order, lines 1, title"] == "Lampshade"
    assert all(set(one) == {"name", "value"} and one["value"] != "" for one in order)
    assert all(isinstance(one["value"], str) for one in order)


def test_the_export_is_a_demand_too_and_gathers_the_rest(site: Site) -> None:
    """What the store sent is found by the job; the merchant reads it on the page Privacy."""
    assert site.woo("order.created", recording("order.created.paid"))[0] == 200
    site.settle()
    email = json.loads(recording("order.created.paid"))["billing"]["email"]
    first = say(site, "export", {"email": email})
    assert "messages from the shop's platform" not in first.get_data(as_text=True)
    assert say(site, "export", {"email": email}).status_code == 200  # in the same second: the same message
    at, real = site.runtime, site.runtime.clock.real()
    while run_request(at.database, at.keys, RECORDED, real + timedelta(seconds=1)):
        pass
    rows = site.rows("SELECT * FROM privacy_requests ORDER BY id")
    assert 1 <= len(rows) <= 2 and {row.kind for row in rows} == {"export"}
    held = at.keys.unseal(site.woocommerce.shop_id, bytes(rows[0].export))["text"]
    assert "messages from the shop's platform" in held


def test_of_a_stranger_nothing_is_told(site: Site) -> None:
    bought(site, Platform.WOOCOMMERCE)
    assert say(site, "export", {"email": "nobody@example.com"}).get_json() == {"groups": []}


def test_an_export_is_never_more_than_the_plugin_reads(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(site, Platform.WOOCOMMERCE)
    whole = say(site, "export", {"email": EMAIL})
    monkeypatch.setattr(plugin_privacy, "LARGEST", 700)
    short = say(site, "export", {"email": EMAIL})
    assert len(short.data) < 1_200 < len(whole.data)
    assert short.get_json()["groups"][-1]["title"] == "the rest"


def test_groups_leave_out_what_is_empty() -> None:
    told = {
        "shop": "L",
        "orders": [{"order": {"a": None, "b": [], "c": "", "d": 0, "e": False, "f": ["x", 2]}}],
    }
    _, orders, _ = groups_of(told)
    assert orders["items"] == [
        [
            {"name": "order, d", "value": "0"},
            {"name": "order, e", "value": "no"},
            {"name": "order, f", "value": "x, 2"},
        ]
    ]


def test_erasing_is_a_demand_that_the_job_meets(site: Site) -> None:
    bought(site, Platform.WOOCOMMERCE)
    bought(site, Platform.SHOPIFY)
    answer = say(site, "erase", {"email": EMAIL})
    assert answer.get_json() == {"removed": True, "kept": False, "messages": []}
    assert say(site, "erase", {"email": EMAIL.upper()}).status_code == 200
    (demand,) = site.rows("SELECT * FROM privacy_requests")
    assert (demand.shop_id, demand.kind, demand.done_at) == (site.woocommerce.shop_id, "forget_person", None)
    assert "mia" not in demand.key
    at, real = site.runtime, site.runtime.clock.real()
    assert run_request(at.database, at.keys, real, real + timedelta(seconds=1))
    (done,) = site.rows("SELECT * FROM privacy_requests")
    assert done.done_at is not None and done.body == {}
    held = {row.shop_id: row.email for row in site.rows("SELECT shop_id, email FROM orders")}
    assert held == {site.woocommerce.shop_id: None, site.shopify.shop_id: EMAIL}, "of that shop alone"


@pytest.mark.parametrize("action", ["export", "erase"])
def test_the_law_counts_after_we_have_left(site: Site, action: str) -> None:
    bought(site, Platform.WOOCOMMERCE)
    say(site, "left", {"reason": "disconnected"})
    assert say(site, action, {"email": EMAIL}).status_code == 200
    assert len(site.rows("SELECT 1 FROM privacy_requests")) == 1
