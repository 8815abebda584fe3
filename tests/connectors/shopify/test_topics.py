"""What is asked for is all that is read: no reader misses a field, no field comes for nothing."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Malformed, Store
from connectors.shopify import normalise as readers
from connectors.shopify.normalise import normalise
from connectors.shopify.scopes import OPTIONAL_SCOPES, SCOPES
from connectors.shopify.topics import BY_NAME, TOPICS
from connectors.shopify.version import API_VERSION
from connectors.shopify.webhooks import COMPLIANCE
from flows.commerce import Platform
from sandbox.shopify.webhooks import only
from tests.connectors.shopify import one_order
from tests.connectors.shopify.samples import sample
from wire.http import HttpClient

CONFIGURATION = Path(readers.__file__).with_name("shopify.app.toml")
STORE = Store(
    Platform.SHOPIFY,
    "hollow-pine.myshopify.com",
    "https://hollow-pine.myshopify.com",
    HttpClient(),
    currency="USD",
)
NAMED = [topic.name for topic in TOPICS if topic.fields]
# Every topic may name its shop; where it does not, there is nothing to ask for.
OF_ANY = {"shop_domain", "myshopify_domain", "shop_id", "admin_graphql_api_shop_id"}
# No delivery says these; they are our own names for what the store answers when it is asked.
OF_ANSWERS = {"for_tests", "tracks_inventory", "total_inventory"}


class Watched(dict[str, Any]):
    """A body that remembers which of its keys were asked for, `images.src` for those below."""

    def __init__(self, data: dict[str, Any], found: set[str], path: str = "") -> None:
        super().__init__({key: _watched(value, found, f"{path}{key}.") for key, value in data.items()})
        self.found, self.path = found, path

    def __getitem__(self, key: str) -> Any:
        self.found.add(f"{self.path}{key}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.found.add(f"{self.path}{key}")
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.found.add(f"{self.path}{key}")
        return super().__contains__(key)


def _watched(value: Any, found: set[str], path: str) -> Any:
    if isinstance(value, dict):
        return Watched(value, found, path)
    return [_watched(item, found, path) for item in value] if isinstance(value, list) else value


def touched(topic: str) -> set[str]:
    """All keys that are ever asked for: of the whole body, and of the body without each of its keys,
    where a reader looks elsewhere."""
    found: set[str] = set()
    for body in bodies(topic):
        for gone in [None, *body]:
            less = {key: value for key, value in body.items() if key != gone}
            try:
                normalise(topic, Watched(less, found), STORE)
            except Malformed:
                continue
    return found - OF_ANSWERS - (OF_ANY - set(BY_NAME[topic].fields))


def bodies(topic: str) -> list[dict[str, Any]]:
    own = [one_order.webhook_order()] if topic.startswith("orders/") else []
    if topic.startswith("products/"):
        picture = {"id": 7, "src": "https://cdn.example/lamp.jpg", "width": 640}
        own = [{**sample(topic), "image": picture, "images": [picture, picture]}]
    nothing = {"admin_graphql_api_id": "gid://shopify/Thing/1", "updated_at": "2026-01-01T00:00:00Z"}
    return [sample(topic), *own, nothing, {"id": 1, "created_at": "2026-01-01T00:00:00Z"}]


@pytest.mark.parametrize("topic", NAMED)
def test_every_key_that_a_reader_touches_comes(topic: str) -> None:
    fields = BY_NAME[topic].fields
    inner = {field.partition(".")[0] for field in fields if "." in field}
    read = touched(topic)
    assert "admin_graphql_api_id" in read or topic == "app/uninstalled"
    missing = {
        key
        for key in read
        if not ({key, key.partition(".")[0]} & set(fields) or (key in inner and "." not in key))
    }
    assert missing == set()


@pytest.mark.parametrize("topic", NAMED)
def test_a_body_of_these_fields_says_the_same(topic: str) -> None:
    for body in bodies(topic):
        assert normalise(topic, only(body, BY_NAME[topic].fields), STORE) == normalise(topic, body, STORE)


@pytest.mark.parametrize("topic", NAMED)
def test_nothing_comes_for_nothing(topic: str) -> None:
    """But for ids and dates, which tell a body from others whatever a reader looks at."""
    read = {key for one in touched(topic) for key in (one, one.partition(".")[0])}
    dates = {"id", "admin_graphql_api_id", "created_at", "updated_at", "variants.id", "myshopify_domain"}
    assert set(BY_NAME[topic].fields) - read <= dates


@pytest.mark.parametrize("topic", NAMED)
def test_it_saves_bytes(topic: str) -> None:
    whole = sample(topic)
    part = len(json.dumps(only(whole, BY_NAME[topic].fields))) / len(json.dumps(whole))
    assert part < 0.76


def test_the_browsers_address_never_comes() -> None:
    for body in bodies("orders/create"):
        told = only(body, BY_NAME["orders/create"].fields)
        assert {"browser_ip", "client_details", "checkout_token", "landing_site"}.isdisjoint(told)


def test_the_configuration_file_says_what_the_code_says() -> None:
    told = tomllib.loads(CONFIGURATION.read_text("utf-8"))
    assert told["webhooks"]["api_version"] == API_VERSION
    assert told["access_scopes"]["scopes"].split(",") == list(SCOPES)
    assert told["access_scopes"]["optional_scopes"] == list(OPTIONAL_SCOPES)
    subscriptions = told["webhooks"]["subscriptions"]
    assert {one["uri"] for one in subscriptions} == {"https://YOUR_ADDRESS/webhooks/shopify"}
    compliance = [topic for one in subscriptions for topic in one.get("compliance_topics", ())]
    assert sorted(compliance) == sorted(COMPLIANCE)
    declared = Counter(topic for one in subscriptions for topic in one.get("topics", ()))
    assert declared == {topic.name: 1 for topic in TOPICS if not topic.optional}
    for one in subscriptions:
        for topic in one.get("topics", ()):
            assert tuple(one.get("include_fields", ())) == BY_NAME[topic].fields
            assert "filter" not in one


def test_the_configuration_names_our_own_doors() -> None:
    told = tomllib.loads(CONFIGURATION.read_text("utf-8"))
    at = "https://YOUR_ADDRESS"
    assert told["application_url"] == f"{at}/shopify/app" and told["embedded"] is True
    assert told["auth"]["redirect_urls"] == [f"{at}/shopify/callback"]
    assert told["app_proxy"] == {"url": f"{at}/proxy/shopify", "prefix": "apps", "subpath": "doorstep"}


def test_no_topic_needs_a_right_that_we_do_not_ask_for() -> None:
    """Unless it is for the few shops that gave it all the same."""
    for topic in TOPICS:
        assert not topic.needs or topic.optional or topic.needs in SCOPES, topic
