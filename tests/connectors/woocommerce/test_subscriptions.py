from __future__ import annotations

from typing import Any

import pytest

from connectors.base import StoreRefused
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.subscriptions import TOPICS
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import Shop

ADDRESS = "https://doorstep.example/webhooks/woocommerce/token-2"
OLD = "https://doorstep.example/webhooks/woocommerce/token-1"
subscribe = WooCommerceConnector().subscribe


def test_a_new_shop_gets_every_topic_once_and_signed_by_us(shop: Shop) -> None:
    listed(shop, [])
    shop.will("POST webhooks", {"id": 1}, 201)
    assert subscribe(shop.store, ADDRESS, "ab12") == tuple(f"{topic}: created" for topic in TOPICS)
    made = [call.body for call in shop.calls if call.method == "POST"]
    assert [hook["topic"] for hook in made] == list(TOPICS)
    assert {(hook["delivery_url"], hook["secret"], hook["status"]) for hook in made} == {
        (ADDRESS, "ab12", "active")
    }


def test_a_shop_that_has_all_is_left_alone(shop: Shop) -> None:
    listed(shop, all_hooks())
    assert subscribe(shop.store, ADDRESS, "ab12") == ()
    assert shop.asked() == ["GET webhooks"]


def test_the_second_page_of_hooks_counts_too(shop: Shop) -> None:
    hooks = all_hooks()
    for part in (hooks[:5], hooks[5:]):
        shop.will("GET webhooks", part, headers={"X-WP-TotalPages": "2"})
    assert subscribe(shop.store, ADDRESS, "ab12") == ()
    assert [call.params["page"] for call in shop.calls] == ["1", "2"]


@pytest.mark.parametrize("status", ["paused", "disabled"])
def test_a_hook_that_stopped_is_started_again(status: str, shop: Shop) -> None:
    hooks = all_hooks()
    hooks[1]["status"] = status
    listed(shop, hooks)
    shop.will("PUT webhooks/2", hooks[1])
    assert subscribe(shop.store, ADDRESS, "ab12") == (f"order.updated: active again, was {status}",)
    assert shop.calls[-1].body == {"status": "active", "secret": "ab12"}


def test_doubles_go_and_the_active_one_stays(shop: Shop) -> None:
    hooks = [hook(50, TOPICS[0], status="disabled"), *all_hooks(), hook(51, TOPICS[0])]
    listed(shop, hooks)
    for number in (50, 51):
        shop.will(f"DELETE webhooks/{number}", {})
    assert len(subscribe(shop.store, ADDRESS, "ab12")) == 2
    assert shop.asked() == ["GET webhooks", "DELETE webhooks/50", "DELETE webhooks/51"]
    assert shop.calls[-1].params == {"force": "true"}


def test_hooks_of_an_earlier_connection_and_of_other_topics_go(shop: Shop) -> None:
    listed(shop, [*all_hooks(), hook(60, "order.updated", OLD), hook(61, "coupon.deleted")])
    for number in (60, 61):
        shop.will(f"DELETE webhooks/{number}", {})
    subscribe(shop.store, ADDRESS, "ab12")
    assert shop.asked()[1:] == ["DELETE webhooks/60", "DELETE webhooks/61"]


@pytest.mark.parametrize(
    "astray",
    [
        f"{ADDRESS}/",
        ADDRESS.replace("https", "http"),
        "https://old.doorstep.example/webhooks/woocommerce/token-2",
        "https://doorstep.example/webhooks/shopify/token-2",
    ],
)
def test_a_hook_that_leads_astray_is_replaced(astray: str, shop: Shop) -> None:
    hooks = all_hooks()
    hooks[1]["delivery_url"] = astray
    listed(shop, hooks)
    shop.will("POST webhooks", {"id": 90}, 201)
    shop.will("DELETE webhooks/2", {})
    said = subscribe(shop.store, ADDRESS, "ab12")
    assert said == ("order.updated: created", "order.updated: removed one that was leading elsewhere")
    assert shop.asked() == ["GET webhooks", "POST webhooks", "DELETE webhooks/2"]


def test_hooks_made_with_another_key_are_replaced_each_once_its_successor_is_there(shop: Shop) -> None:
    """They would go on telling what the owner of that key may read, which may be nothing."""
    listed(shop, all_hooks())
    shop.will("POST webhooks", {"id": 90}, 201)
    for number in range(1, len(TOPICS) + 1):
        shop.will(f"DELETE webhooks/{number}", {})
    done = subscribe(shop.store, ADDRESS, "ab12", anew=True)
    assert len(done) == 2 * len(TOPICS)
    verbs = [asked.split(" ")[0] for asked in shop.asked()]
    assert verbs == ["GET", *["POST"] * len(TOPICS), *["DELETE"] * len(TOPICS)]


def test_hooks_of_others_stay(shop: Shop) -> None:
    others = [
        *rest("webhooks")["body"],
        hook(70, "order.updated", "https://else.example/webhooks/woocommerce/token-9"),
        hook(71, "order.updated", "https://doorstep.example/webhooks/other/token-9"),
        {"id": "x"},
        {"id": 72, "topic": "order.updated", "delivery_url": None},
        None,
    ]
    listed(shop, [*others, *all_hooks()])
    assert subscribe(shop.store, ADDRESS, "ab12") == ()


def test_a_topic_that_the_shop_refuses(shop: Shop) -> None:
    listed(shop, [])
    shop.will("POST webhooks", rest("webhook_bad_topic")["body"], 400)
    with pytest.raises(StoreRefused, match="invalid_topic"):
        subscribe(shop.store, ADDRESS, "ab12")


def hook(number: int, topic: str, address: str = ADDRESS, status: str = "active") -> dict[str, Any]:
    return {"id": number, "topic": topic, "delivery_url": address, "status": status}


def all_hooks() -> list[dict[str, Any]]:
    return [hook(number, topic) for number, topic in enumerate(TOPICS, start=1)]


def listed(shop: Shop, hooks: list[Any]) -> None:
    shop.will("GET webhooks", hooks, headers={"X-WP-TotalPages": "1"})
