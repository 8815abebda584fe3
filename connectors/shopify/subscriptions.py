"""Keeping a shop's webhook subscriptions as we want them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from connectors.base import Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed
from connectors.shopify.normalise import READERS
from connectors.shopify.version import API_VERSION

PER_PAGE = 100
_MOST_PAGES = 50


def subscribe(store: Store, address: str) -> tuple[str, ...]:
    """Every topic of ours goes to `address`, once, whole and in our version of the API.

    Subscriptions to other addresses are somebody else's and stay. Returns what was done, one line
    each. Raises StoreError; a topic that the shop refuses does not keep the others from being made.
    """
    ours = [item for item in _listed(store) if dig(item, "uri") == address]
    versions = {API_VERSION}
    done: list[str] = []
    refused: list[str] = []
    for topic in READERS:
        mine = [item for item in ours if dig(item, "topic") == enum_name(topic)]
        good = [item for item in mine if _is_good(item, versions)]
        for item in mine:
            if item not in good[:1]:
                call(store, "webhook_subscription_delete", {"id": dig(item, "id")})
                what = "a double" if item in good else "one of another form or version"
                done.append(f"{topic}: removed {what}")
        if good:
            continue
        try:
            version = _create(store, topic, address)
        except StoreRefused as error:
            refused.append(f"{topic}: {error}")
            continue
        done.append(f"{topic}: {f'created in version {version}' if version else 'there already'}")
        # The version is a setting of the app, not of the call. Once it shows as another than ours,
        # replacing the rest would repair nothing.
        versions |= {version} if version else set()
    if refused:
        raise StoreRefused("no subscription for " + "; ".join(refused))
    return tuple(done)


def enum_name(topic: str) -> str:
    """`orders/create` -> `ORDERS_CREATE`"""
    return topic.replace("/", "_").upper()


def _create(store: Store, topic: str, address: str) -> str | None:
    """The version of the new subscription; None: somebody else (another process, the app's own
    configuration) was first, and the topic is covered."""
    asked = {"topic": enum_name(topic), "uri": address}
    try:
        made = dig(call(store, "webhook_subscription_create", asked), "webhookSubscriptionCreate")
    except StoreRefused as error:
        if "already been taken" in str(error).lower():
            return None
        raise
    return str(dig(made, "webhookSubscription.apiVersion.handle"))


def _listed(store: Store) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    after = None
    for _ in range(_MOST_PAGES):
        answer = call(store, "webhook_subscriptions", {"first": PER_PAGE, "after": after})
        page = dig(answer, "webhookSubscriptions")
        found += listed(page, "nodes")
        after = dig(page, "pageInfo.endCursor")
        if not dig(page, "pageInfo.hasNextPage") or not isinstance(after, str):
            return found
    raise StoreUnreachable("the list of subscriptions does not end")


def _is_good(item: Mapping[str, Any], versions: Collection[str]) -> bool:
    whole = dig(item, "format") == "JSON" and not dig(item, "filter") and not dig(item, "includeFields")
    return whole and dig(item, "apiVersion.handle") in versions
