"""Keeping a shop's webhook subscriptions as we want them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base import Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.normalise import READERS
from connectors.shopify.translate import dig, listed
from connectors.shopify.version import API_VERSION

PER_PAGE = 100
_MOST_PAGES = 50


def subscribe(store: Store, address: str) -> tuple[str, ...]:
    """Every topic of ours goes to `address`, once, whole and in our version of the API.

    Subscriptions to other addresses are somebody else's and stay. Returns what was done, one line
    each. Raises StoreError; a topic that the shop refuses does not keep the others from being made.
    """
    ours = [item for item in _listed(store) if dig(item, "uri") == address]
    done: list[str] = []
    refused: list[str] = []
    for topic in READERS:
        mine = [item for item in ours if dig(item, "topic") == enum_name(topic)]
        good = [item for item in mine if _is_good(item)]
        for item in (*good[1:], *(item for item in mine if not _is_good(item))):
            call(store, "webhook_subscription_delete", {"id": dig(item, "id")})
            done.append(f"{topic}: removed {_why(item)}")
        if not good:
            try:
                done.append(f"{topic}: {_create(store, topic, address)}")
            except StoreRefused as error:
                refused.append(f"{topic}: {error}")
    if refused:
        raise StoreRefused("no subscription for " + "; ".join(refused))
    return tuple(done)


def enum_name(topic: str) -> str:
    """`orders/create` -> `ORDERS_CREATE`"""
    return topic.replace("/", "_").upper()


def _create(store: Store, topic: str, address: str) -> str:
    asked = {"topic": enum_name(topic), "uri": address}
    try:
        made = dig(call(store, "webhook_subscription_create", asked), "webhookSubscriptionCreate")
    except StoreRefused as error:
        # The app's own configuration or another process was first: the topic is covered.
        if "already been taken" in str(error).lower():
            return "there already"
        raise
    version = dig(made, "webhookSubscription.apiVersion.handle")
    # The version is a setting of the app, not of the call: it cannot be repaired from here.
    return "created" if version == API_VERSION else f"created, but the app's setting says {version}"


def _listed(store: Store) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    after = None
    for _ in range(_MOST_PAGES):
        page = dig(call(store, "webhook_subscriptions", {"first": PER_PAGE, "after": after}), "webhookSubscriptions")
        found += listed(page, "nodes")
        after = dig(page, "pageInfo.endCursor")
        if not dig(page, "pageInfo.hasNextPage") or not isinstance(after, str):
            return found
    raise StoreUnreachable("the list of subscriptions does not end")


def _is_good(item: Mapping[str, Any]) -> bool:
    whole = dig(item, "format") == "JSON" and not dig(item, "filter") and not dig(item, "includeFields")
    return whole and dig(item, "apiVersion.handle") == API_VERSION


def _why(item: Mapping[str, Any]) -> str:
    return "a double" if _is_good(item) else "one of another version, form or filter"
