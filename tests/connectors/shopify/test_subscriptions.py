"""Subscriptions: what is missing is made, what is double or foreign goes, what is others' stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from graphql import GraphQLEnumType

from connectors.base import StoreRefused
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.normalise import READERS
from connectors.shopify.subscriptions import enum_name
from connectors.shopify.topics import TOPICS
from connectors.shopify.version import API_VERSION
from connectors.shopify.webhooks import COMPLIANCE
from tests.connectors.shopify.graph import answering, connection
from tests.connectors.shopify.samples import admin_schema
from tests.connectors.shopify.shop_server import shop_server

ADDRESS = "https://app.example/webhooks/shopify"


class Subscriptions:
    """The shop's side: a list that mutations change, one subscription a topic and address."""

    def __init__(self, version: str = API_VERSION, refuses: str | None = None, hidden: bool = False) -> None:
        self.items: list[dict[str, Any]] = []
        self.numbers = count(1)
        self.version = version
        self.refuses = refuses
        self.hidden = hidden

    def add(self, topic: str, uri: str = ADDRESS, **changed: Any) -> None:
        item: dict[str, Any] = {
            "id": f"gid://shopify/WebhookSubscription/{next(self.numbers)}",
            "topic": enum_name(topic),
            "uri": uri,
            "format": "JSON",
            "filter": None,
            "includeFields": _fields(topic),
            "apiVersion": {"handle": self.version},
        }
        self.items.append({**item, **changed})

    def root(self) -> dict[str, Callable[..., Any]]:
        return {
            "webhookSubscriptions": lambda info, **page: connection([] if self.hidden else self.items)(
                info, **page
            ),
            "webhookSubscriptionCreate": self._create,
            "webhookSubscriptionDelete": self._delete,
        }

    def topics(self, uri: str = ADDRESS) -> list[str]:
        return sorted(item["topic"] for item in self.items if item["uri"] == uri)

    def _create(self, info: Any, topic: str, webhookSubscription: dict[str, Any]) -> dict[str, Any]:
        uri, fields = webhookSubscription["uri"], webhookSubscription["includeFields"]
        assert webhookSubscription == {"uri": uri, "format": "JSON", "includeFields": fields}
        if topic == self.refuses:
            return _complaint("You do not have permission to create or update webhooks with this topic.")
        if any((item["topic"], item["uri"]) == (topic, uri) for item in self.items):
            return _complaint("Address for this topic has already been taken")
        self.add(topic, uri, includeFields=fields)
        return {"webhookSubscription": self.items[-1], "userErrors": []}

    def _delete(self, info: Any, id: str) -> dict[str, Any]:
        self.items = [item for item in self.items if item["id"] != id]
        return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _complaint(message: str) -> dict[str, Any]:
    return {
        "webhookSubscription": None,
        "userErrors": [{"field": ["webhookSubscription"], "message": message}],
    }


def _fields(topic: str) -> list[str]:
    found = next((one for one in TOPICS if topic in (one.name, enum_name(one.name))), None)
    return list(found.fields) if found else []


def _subscribe(shop: Subscriptions, scopes: tuple[str, ...] = (), declared: bool = False) -> tuple[str, ...]:
    with shop_server(answering(shop.root())) as server:
        store = replace(server.store, scopes=scopes)
        return ShopifyConnector().subscribe(store, ADDRESS, "", declared=declared)


ALL = sorted(enum_name(topic.name) for topic in TOPICS if not topic.optional)
MERGES = "read_customer_merge"


def test_what_is_asked_for_is_what_is_read() -> None:
    """Demands by law come by the app's configuration: no shop can be asked for them."""
    assert {topic.name for topic in TOPICS} == set(READERS) - set(COMPLIANCE)
    told = admin_schema(API_VERSION).type_map["WebhookSubscriptionTopic"]
    assert isinstance(told, GraphQLEnumType)
    for name in COMPLIANCE:
        assert name not in {one.name for one in TOPICS}
        assert enum_name(name) not in told.values
    for topic in TOPICS:
        assert enum_name(topic.name) in told.values


def test_a_topic_of_an_optional_right_is_asked_for_where_the_right_is_given() -> None:
    shop = Subscriptions()
    _subscribe(shop)
    assert "CUSTOMERS_MERGE" not in shop.topics()
    assert _subscribe(shop, (MERGES,)) == (f"customers/merge: created in version {API_VERSION}",)
    assert _subscribe(shop) == ("CUSTOMERS_MERGE: removed, it is not asked for here",)


def test_where_the_configuration_asks_our_own_are_doubles() -> None:
    shop = Subscriptions()
    _subscribe(shop)
    shop.add("orders/create", "https://other.example/hook")
    done = _subscribe(shop, declared=True)
    assert len(done) == len(ALL) and shop.topics() == []
    assert shop.topics("https://other.example/hook") == ["ORDERS_CREATE"]
    assert _subscribe(shop, declared=True) == ()
    _subscribe(shop, (MERGES,), declared=True)
    assert shop.topics() == ["CUSTOMERS_MERGE"]


def test_what_is_no_longer_read_is_no_longer_asked_for() -> None:
    shop = Subscriptions()
    shop.add("variants/in_stock")
    assert "VARIANTS_IN_STOCK: removed, it is not asked for here" in _subscribe(shop)
    assert shop.topics() == ALL


@pytest.mark.parametrize("fields", [[], ["id"], [*_fields("products/update"), "body_html"]])
def test_other_fields_are_another_form(fields: list[str]) -> None:
    shop = Subscriptions()
    shop.add("products/update", includeFields=fields)
    done = _subscribe(shop)
    assert "products/update: removed one of another form or version" in done
    (item,) = [one for one in shop.items if one["topic"] == "PRODUCTS_UPDATE"]
    assert item["includeFields"] == _fields("products/update")


def test_every_topic_that_is_read_is_subscribed_once() -> None:
    shop = Subscriptions()
    done = _subscribe(shop)
    assert shop.topics() == ALL
    assert len(done) == len(ALL) and all("created" in line for line in done)
    assert _subscribe(shop) == ()
    assert shop.topics() == ALL


def test_doubles_go_and_one_stays() -> None:
    shop = Subscriptions()
    _subscribe(shop)
    for _ in range(3):
        shop.add("orders/create")
    assert _subscribe(shop) == ("orders/create: removed a double",) * 3
    assert shop.topics() == ALL


@pytest.mark.parametrize(
    "changed",
    [
        {"apiVersion": {"handle": "2025-10"}},
        {"format": "XML"},
        {"filter": "total_price:>100"},
        {"includeFields": ["id"]},
    ],
)
def test_a_leftover_of_another_form_is_replaced(changed: dict[str, Any]) -> None:
    shop = Subscriptions()
    shop.add("orders/paid", **changed)
    done = _subscribe(shop)
    assert "orders/paid: removed one of another form or version" in done
    assert shop.topics() == ALL
    assert all(item["apiVersion"]["handle"] == API_VERSION for item in shop.items)


def test_other_addresses_are_left_alone() -> None:
    shop = Subscriptions()
    shop.add("orders/create", "https://other.example/hook")
    shop.add("orders/create", ADDRESS + "/old")
    _subscribe(shop)
    assert shop.topics("https://other.example/hook") == shop.topics(ADDRESS + "/old") == ["ORDERS_CREATE"]


def test_already_taken_is_success() -> None:
    """The listing may lag behind: the shop says so itself when the subscription is made."""
    shop = Subscriptions(hidden=True)
    shop.add("orders/create")
    done = _subscribe(shop)
    assert "orders/create: there already" in done
    assert shop.topics() == ALL


def test_another_version_in_the_apps_settings_is_not_fought() -> None:
    shop = Subscriptions(version="2026-07")
    for topic in TOPICS:
        if not topic.optional:
            shop.add(topic.name)
    done = _subscribe(shop)
    assert shop.topics() == ALL
    assert len(done) == 2 and "2026-07" in done[1]


def test_one_refused_topic_does_not_cost_the_others() -> None:
    shop = Subscriptions(refuses="ORDERS_CREATE")
    with pytest.raises(StoreRefused) as caught:
        _subscribe(shop)
    assert "orders/create" in str(caught.value) and "permission" in str(caught.value)
    assert shop.topics() == [topic for topic in ALL if topic != "ORDERS_CREATE"]
