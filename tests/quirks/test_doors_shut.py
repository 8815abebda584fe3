"""An API that does not let us in, or answers with something else: nothing is believed that was not said,
nobody is mailed on what may be old, and all goes on by itself once the door is open."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import requests

from connectors.base import Store as OurStore
from connectors.base import StoreUnreachable
from connectors.woocommerce.rest_api import write
from flows.commerce import Platform
from tests.quirks.living import CONFIRMED, Home

# The switch, what the merchant is told of it in words (app/words), and how the shop stands meanwhile.
CLOSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"keys_revoked": True}, "needs_reconnect"),
    ({"basic_ignored": True}, "needs_reconnect"),
    ({"lost_rights": True}, "needs_reconnect"),
    ({"html_200": True}, "connected"),
    ({"html_403": True}, "connected"),
    ({"redirect": True}, "connected"),
    ({"plain_permalinks": True}, "connected"),
    ({"busy_seconds": 60}, "connected"),
    ({"away_seconds": 60}, "connected"),
    ({"garbage": True}, "connected"),
)


def _names(quirks: dict[str, Any]) -> str:
    return next(iter(quirks))


def _poll(home: Home) -> Any:
    return home.rows(
        "SELECT error, next_at - CAST(:real AS timestamptz) AS wait FROM polls"
        " WHERE shop_id = :shop AND noun = 'orders'",
        real=home.real(),
    )[0]


@pytest.mark.parametrize(("quirks", "state"), CLOSED, ids=[_names(quirks) for quirks, _ in CLOSED])
def test_what_was_missed_behind_a_shut_door_is_found_when_it_opens(
    home: Home, quirks: dict[str, Any], state: str
) -> None:
    home.quirks(**quirks, drop=True, hints=False)
    home.order()
    home.look("orders")
    assert (home.state(), home.steps(), home.rows("SELECT id FROM orders")) == (state, [], [])
    assert _poll(home).error, "the operator can read why"
    assert _poll(home).wait > timedelta(seconds=50), "and the door is not rattled at"

    home.quirks(**dict.fromkeys(quirks, 0), drop=False)
    home.later(hours=1)
    home.look("orders")
    assert (home.state(), home.steps(), _poll(home).error) == ("connected", [CONFIRMED], None)
    assert home.healed() == 1
    home.rest()
    assert home.steps() == [CONFIRMED], "once"


@pytest.mark.parametrize("quirk", ["html_200", "html_403", "redirect", "plain_permalinks", "garbage"])
def test_messages_are_taken_while_the_door_is_shut(home: Home, quirk: str) -> None:
    """Deliveries are another way: what they say is enough for a confirmation."""
    home.quirks(**{quirk: True})
    home.order()
    home.rest()
    home.look("orders", "hooks")
    assert (home.state(), home.steps()) == ("connected", [CONFIRMED])
    home.quirks(**{quirk: False})
    home.later(hours=2)
    home.rest()
    assert (home.state(), home.steps()) == ("connected", [CONFIRMED])


def test_an_error_for_a_body_marks_the_shop_and_nothing_else(home: Home) -> None:
    home.quirks(lost_rights=True)
    home.order()
    home.rest()
    assert set(home.outcomes()) == {"needs_reconnect"}
    told = [one for one in home.store.get("/sandbox/deliveries") if one["topic"].startswith("order")]
    assert {one["status"] for one in told} == {200}, "or the store would switch the hook off"
    assert (home.state(), home.rows("SELECT id FROM orders")) == ("needs_reconnect", [])
    home.quirks(lost_rights=False)
    home.order(email="later@example.com")
    home.rest()
    home.look("orders")
    assert (home.state(), home.steps(), home.steps("later@example.com")) == (
        "connected", [CONFIRMED], [CONFIRMED],
    )  # fmt: skip


def test_nothing_leaves_while_the_keys_open_nothing(home: Home) -> None:
    home.quirks(keys_revoked=True)
    home.look("orders")
    assert home.state() == "needs_reconnect"
    assert home.one("SELECT paused_at IS NOT NULL FROM shops WHERE id = :shop")
    order = home.order()
    home.store.settle()
    home.store.act(order, "cancel")
    home.rest()
    home.quirks(keys_revoked=False)
    home.later(hours=1)
    home.look("orders")
    home.rest()
    assert home.steps() == ["cancel_refund_exchange/cancelled"], "what was called off is not confirmed"
    assert home.state() == "connected"


def test_a_key_that_may_only_read_still_hears_and_heals(home: Home) -> None:
    _lose(home, "order.created")
    home.quirks(read_only=True)
    home.look("hooks")
    assert "order.created" not in home.webhooks()
    home.quirks(drop=True, hints=False)
    home.order()
    home.rest()
    home.quirks(drop=False)
    home.look("orders")
    assert home.steps() == [CONFIRMED]
    home.quirks(read_only=False)
    home.later(hours=1)
    home.look("hooks")
    assert home.webhooks()["order.created"] == "active"
    assert home.state() == "connected"


def test_a_write_that_was_redirected_is_not_believed(home: Home) -> None:
    """Whoever follows gets 200 and a list for it, and thinks that the webhook was made."""
    _lose(home, "order.created")
    home.quirks(redirect_writes=True)
    home.look("hooks")
    assert "order.created" not in home.webhooks()
    assert "order.created: created" not in _said(home)
    error = home.one("SELECT error FROM polls WHERE shop_id = :shop AND noun = 'hooks'")
    assert error and "another address" in error
    home.order()
    home.rest()
    assert home.steps() == [CONFIRMED], "order.updated is enough"
    home.quirks(redirect_writes=False)
    home.later(hours=1)
    home.look("hooks")
    assert home.webhooks()["order.created"] == "active"


def test_a_busy_store_is_left_alone_as_long_as_it_wants(home: Home) -> None:
    home.quirks(busy_seconds=600)
    home.look("orders")
    assert timedelta(seconds=590) < _poll(home).wait <= timedelta(seconds=600)
    home.later(seconds=500)
    asked = home.store.asked.count(("GET", "/wp-json/wc/v3/orders"))
    home.rest()
    assert home.store.asked.count(("GET", "/wp-json/wc/v3/orders")) == asked, "not asked meanwhile"


def test_a_store_that_thinks_long_is_waited_for(home: Home) -> None:
    home.quirks(slow_seconds=1.5, drop=True, hints=False)
    home.order()
    began = time.monotonic()
    home.look("orders")
    assert time.monotonic() - began >= 1.5
    assert (home.state(), home.steps()) == ("connected", [CONFIRMED])


def test_an_answer_from_a_cache_does_not_turn_back_what_is_known(home: Home) -> None:
    """The plugin's hint is looked up, and the store answers with what it said before the payment."""
    order = home.order(payment="bank_transfer")
    home.rest()
    home.quirks(cache_seconds=60.0)
    home.store.act(order, "status", status="pending")
    home.rest()
    home.store.asked.clear()
    home.later(seconds=2)  # of two changes within one second nobody knows which came last
    home.store.act(order, "pay")
    home.rest()
    assert home.store.asked == [("GET", "/wp-json/wc/v3/orders")], "the hint was looked up"
    row = home.rows("SELECT body->>'paid_at' AS paid, version FROM orders")[0]
    assert row.paid is not None
    home.look("orders")
    assert home.rows("SELECT body->>'paid_at' AS paid, version FROM orders")[0] == row
    assert home.steps() == [CONFIRMED]


def test_a_hint_is_read_past_every_cache(home: Home) -> None:
    order = home.order(payment="bank_transfer")
    home.rest()
    home.quirks(cache_seconds=60.0, drop=True)
    home.store.act(order, "status", status="pending")
    home.rest()
    home.store.act(order, "pay")
    home.rest()
    assert home.steps() == [CONFIRMED], "without a message: the hint alone, and no answer of the past"


def test_an_over_refund_is_an_error_of_the_stores_and_no_crash_of_ours(home: Home) -> None:
    """500, and `data` is a bare number where everybody expects an object. We never refund by ourselves."""
    order = home.order()
    key, secret = home.store.key
    store = OurStore(
        Platform.WOOCOMMERCE, home.store.shop, f"https://{home.store.shop}", home.runtime.http,
        secrets={"consumer_key": key, "consumer_secret": secret},
    )  # fmt: skip
    with pytest.raises(StoreUnreachable, match="500 woocommerce_rest_cannot_create_order_refund"):
        write(store, "post", f"orders/{order['id']}/refunds", {"amount": "500.00", "api_refund": False})


def test_garbage_for_a_day_makes_no_storm(home: Home) -> None:
    home.quirks(garbage=True)
    asked = home.calls()
    for _ in range(24 * 6):
        home.later(minutes=10)
        home.work()
    day = home.calls() - asked
    assert 20 < day < 600, day
    home.quirks(garbage=False)
    home.later(hours=1)
    home.rest()
    assert home.state() == "connected"
    assert not home.rows("SELECT noun FROM polls WHERE shop_id = :shop AND error IS NOT NULL")


@pytest.mark.parametrize(
    ("quirk", "words"),
    [
        ("plain_permalinks", "Your shop uses plain permalinks"),
        ("html_200", "A page answered where your shop's interface should be"),
        ("html_403", "A page answered where your shop's interface should be"),
        ("redirect", "Your shop lives at https://www.throwaway.example"),
        ("garbage", "Your shop's answers break off"),
        ("sparse_index", "Your shop's interface is closed"),
    ],
)
def test_who_begins_to_connect_such_a_shop_reads_what_to_do(home: Home, quirk: str, words: str) -> None:
    home.quirks(**{quirk: True})
    page = requests.get(
        f"{home.runtime.config.address}/woocommerce/install", {"shop": f"https://{home.store.shop}"},
        timeout=60, allow_redirects=False,
    )  # fmt: skip
    assert words in page.text.replace("&#39;", "'"), page.text


def _lose(home: Home, topic: str) -> None:
    shop = home.store.stores.named(home.store.shop)
    (gone,) = [one for one in shop.every("webhook") if one["topic"] == topic]
    shop.forget("webhook", gone["id"])


def _said(home: Home) -> list[str]:
    found = home.rows("SELECT hooks_said FROM store_health WHERE shop_id = :shop AND hooks_broken")
    return list(found[0].hooks_said) if found else []
