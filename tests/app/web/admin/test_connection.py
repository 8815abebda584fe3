"""The page "Connection": each thing that may be wrong with a store is one line that merchants understand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from app.services.hooks import SILENT
from app.words.connect_words import WORDS, told
from app.words.connection_lines import LINES, line
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import Finding
from flows.commerce import Platform
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site

FACTS: Mapping[str, Mapping[str, str]] = {
    found.MOVED: {"to": "https://www.larkhus.example"},
    found.CLOCK_OFF: {"off": "9 hours", "way": "ahead"},
    found.OLD_VERSION: {"woocommerce": "3.9.5", "wordpress": "5.3.2"},
    found.HTML_ANSWER: {"status": "403"},
    found.MAINTENANCE: {"status": "503"},
    found.REST_BLOCKED: {"status": "401"},
    found.ANOTHER_SITE: {"named": "staging.example"},
    found.UNNAMED: {"named": "other.example"},
}
PLUGIN = {"version": "1.0.0", "wordpress": "6.8.8", "woocommerce": "10.2.4", "php": "8.2.1", "offset": 0}


@pytest.fixture
def woo(site: Site) -> Counter:
    return Counter(site)


def health(woo: Counter, **columns: Any) -> None:
    """What was found of the store, some minutes ago in real time."""
    real = woo.site.runtime.clock.real()
    values = {
        name: json.dumps(value) if isinstance(value, list | dict) else real - value
        if isinstance(value, timedelta)
        else value
        for name, value in columns.items()
    }  # fmt: skip
    woo.sql("DELETE FROM store_health WHERE shop_id = :shop")
    names = "".join(f", {name}" for name in values)
    gaps = "".join(f", :{name}" for name in values)
    woo.sql(f"INSERT INTO store_health (shop_id{names}) VALUES (:shop{gaps})", **values)


def shown(woo: Counter) -> str:
    status, page = woo.get("/connection")
    assert status == 200
    plain = re.sub(r"</?code>", "", page.partition('id="main"')[2])
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", plain)))


def quiet(woo: Counter) -> None:
    """No look is due."""
    woo.sql("UPDATE polls SET next_at = 'infinity' WHERE shop_id = :shop")


def test_a_shop_that_was_just_connected(woo: Counter) -> None:
    page = shown(woo)
    assert "It is looked at for the first time shortly" in page and "Being set up" in page
    assert "No message yet" in page and "Not installed" in page and "make plugin" in page


def test_all_is_well(woo: Counter) -> None:
    quiet(woo)
    ago = timedelta(minutes=4)
    health(woo, checked_at=ago, hooks_at=ago, plugin=PLUGIN, plugin_seen_at=ago)
    page = shown(woo)
    for words in ("lets us in, to read and to write", "Nothing is in the way", "looked 4 minutes ago"):
        assert words in page
    assert "All of your shop's messages (webhooks) are on Looked at 4 minutes ago." in page
    assert "Version 1.0.0 On WordPress 6.8.8, WooCommerce 10.2.4, PHP 8.2.1." in page
    assert "It answered 4 minutes ago" in page and "No order was missed" in page
    assert "make plugin" not in page and "What to do" not in page and "Connect again" not in page


@pytest.mark.parametrize("key", sorted(set(WORDS) - {found.ANOTHER_STORE, found.UNNAMED}))
def test_each_finding_is_one_line_and_says_what_to_do(woo: Counter, key: str) -> None:
    finding = Finding(key, FACTS.get(key, {}))
    health(woo, checked_at=timedelta(hours=3), findings=[finding.as_row()])
    page = shown(woo)
    words = told(finding)
    for part in (words.title, line(finding), words.why, *words.do, words.helps, "looked 3 hours ago"):
        assert part.replace("`", "") in page
    assert "Nothing is in the way" not in page
    assert ("Something is in the way" in page) is (finding.blocks and not finding.may_go_on)


def test_every_line_is_whole() -> None:
    assert set(LINES) == set(WORDS)
    for key in LINES:
        told_line = line(Finding(key, FACTS.get(key, {})))
        assert "{" not in told_line and "unknown" not in told_line and told_line.endswith(".")


def test_an_address_that_moved_is_one_click_away(woo: Counter) -> None:
    health(woo, checked_at=timedelta(0), findings=[Finding(found.MOVED, FACTS[found.MOVED]).as_row()])
    _, page = woo.get("/connection")
    assert 'href="/woocommerce/install?shop=https%3A//www.larkhus.example"' in page


def test_a_shop_that_does_not_let_us_in(woo: Counter) -> None:
    woo.sql("UPDATE shops SET state = 'needs_reconnect', problem = '401' WHERE id = :shop")
    page = shown(woo)
    assert "Not connected" in page and line(Finding(found.KEYS_REFUSED)) in page and "Connect again" in page
    cause = [Finding(found.PLAIN_PERMALINKS).as_row()]
    health(woo, checked_at=timedelta(0), findings=cause)
    page = shown(woo)
    assert line(Finding(found.PLAIN_PERMALINKS)) in page and line(Finding(found.KEYS_REFUSED)) not in page
    assert "What is wrong" in woo.get("/")[1]


def test_a_store_that_is_left_alone_for_a_while(woo: Counter) -> None:
    health(woo, failing_since=timedelta(hours=5), rests_until=-timedelta(minutes=9), failures=12)
    assert "Your shop has not answered for 5 hours. We ask ever less often" in shown(woo)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"hooks_broken": True, "hooks_said": ["order.updated: active again, was disabled"], "mended": 1},
            ("Some had to be put right just now", "Put right 1 time The last time: 1 switched on again."),
        ),
        (
            {"hooks_said": ["order.created: created", "order.updated: created"], "mended": 1200},
            ("(webhooks) are on", "Put right 1,200 times The last time: 2 set up anew."),
        ),
        (
            {"hooks_broken": True, "hooks_said": [SILENT]},
            (
                "They are on, and do not arrive",
                WORDS[found.HOOKS_FAILING].title,
                WORDS[found.HOOKS_FAILING].do[0],
            ),
        ),
    ],
)
def test_messages_that_were_mended_or_do_not_arrive(
    woo: Counter, columns: dict[str, Any], words: tuple[str, ...]
) -> None:
    health(woo, hooks_at=timedelta(minutes=1), **columns)
    page = shown(woo)
    assert all(part in page for part in words)


def test_what_was_found_by_asking_is_counted(woo: Counter) -> None:
    woo.sql("UPDATE polls SET healed = 3 WHERE shop_id = :shop AND noun = 'orders'")
    woo.sql("UPDATE polls SET healed = 2 WHERE shop_id = :shop AND noun = 'nightly'")
    assert "5 missed orders found by asking" in shown(woo)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"plugin_seen_at": timedelta(hours=7)},
            "It last answered 7 hours ago Until it does, your shop sends",
        ),
        ({"plugin": PLUGIN | {"offset": -33000}}, "Its clock is 550 minutes off It is reckoned with"),
        ({"plugin": {"version": "1.0.0"}}, "Version 1.0.0 It answered just now"),
    ],
)
def test_the_plugin(woo: Counter, columns: dict[str, Any], words: str) -> None:
    health(woo, **{"plugin": PLUGIN, "plugin_seen_at": timedelta(0), **columns})
    assert words in shown(woo)


def test_a_plugin_that_is_kept_from_us_is_not_one_that_is_not_there(woo: Counter) -> None:
    health(woo, plugin_error="403 Forbidden by the firewall")
    page = shown(woo)
    assert "Cannot be reached" in page and "Not installed" not in page
    assert "When we called it: 403 Forbidden by the firewall" in page and "begin with /wp-json/wc in" in page
    health(woo, plugin_error="")
    assert "Not installed" in shown(woo) and "Cannot be reached" not in shown(woo)
    health(woo, plugin=PLUGIN, plugin_seen_at=timedelta(hours=7), plugin_error="401 by a plugin")
    page = shown(woo)
    assert "It last answered 7 hours ago" in page and "When we called it: 401 by a plugin" in page


def test_another_address_that_speaks_as_the_shop_is_named_for_some_days(woo: Counter) -> None:
    health(woo, strayed_from="staging.example", strayed_at=timedelta(hours=30))
    page = shown(woo)
    assert "Messages come from another address: staging.example" in page and "If your shop has moved" in page
    assert "Something is in the way" not in page
    health(woo, strayed_from="staging.example", strayed_at=timedelta(hours=50))
    assert "staging.example" not in shown(woo)


def test_look_again_now_makes_the_looks_due_and_asks_nothing_itself(woo: Counter) -> None:
    quiet(woo)
    later = woo.site.runtime.clock.real() + timedelta(hours=9)
    woo.sql("UPDATE polls SET next_at = :later WHERE shop_id = :shop", later=later)
    _, before = woo.get("/connection")
    assert "We are looking at your shop now" not in before
    status, page = woo.post("/connection/look")
    assert status == 200 and "We are looking at your shop now" in page and "disabled" in page
    due = woo.sql(
        "SELECT noun FROM polls WHERE shop_id = :shop AND next_at < :later ORDER BY noun", later=later
    )
    assert [row.noun for row in due] == ["connection", "hooks", "orders"]


def test_shopify_has_no_such_page(site: Site) -> None:
    shopify = Counter(site, Platform.SHOPIFY)
    assert (shopify.get("/connection")[0], shopify.post("/connection/look")[0]) == (404, 404)
    assert "/app/connection" not in shopify.get("/")[1]
    assert "/woocommerce/app/connection" in Counter(site).get("/")[1]


def test_words_of_a_store_stay_words(woo: Counter) -> None:
    evil = "<script>alert(1)</script>{x}"
    rows = [Finding(found.OLD_VERSION, {"woocommerce": evil, "wordpress": evil}).as_row()]
    health(woo, checked_at=timedelta(0), findings=rows, plugin={"version": evil}, plugin_seen_at=timedelta(0))
    _, page = woo.get("/connection")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
