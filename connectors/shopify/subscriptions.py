"""Keeping a shop's webhook subscriptions as we want them.

Two ways, by `SHOPIFY_WEBHOOK_MODE`. `api`: each shop is asked for every topic here, on installation and
daily, because such subscriptions vanish after eight failures. `toml`: the app's own configuration asks
all shops at once; then only topics are asked for here that need a right which not every shop gives, and
what was made here before the change is removed, or everything would come twice. Demands by law
(`customers/redact` and its like) cannot be asked for here: the configuration names their address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from connectors.base import Store, StoreRefused, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed
from connectors.shopify.scopes import missing_scopes
from connectors.shopify.topics import TOPICS, Topic
from connectors.shopify.version import API_VERSION

PER_PAGE = 100
_MOST_PAGES = 50


def subscribe(store: Store, address: str, *, declared: bool = False) -> tuple[str, ...]:
    """Every topic of ours goes to `address`, once, with its fields and in our version of the API.

    Subscriptions to other addresses are somebody else's and stay. Returns what was done, one line
    each. Raises StoreError; a topic that the shop refuses does not keep the others from being made.
    """
    ours = [item for item in _listed(store) if dig(item, "uri") == address]
    wanted = [topic for topic in TOPICS if _is_wanted(topic, store, declared)]
    done = list(_remove_strangers(store, ours, wanted))
    versions = {API_VERSION}
    refused: list[str] = []
    for topic in wanted:
        mine = [item for item in ours if dig(item, "topic") == enum_name(topic.name)]
        good = [item for item in mine if _is_good(item, topic, versions)]
        for item in mine:
            if item not in good[:1]:
                what = "a double" if item in good else "one of another form or version"
                done.append(_remove(store, item, topic.name, what))
        if good:
            continue
        try:
            version = _create(store, topic, address)
        except StoreRefused as error:
            refused.append(f"{topic.name}: {error}")
            continue
        done.append(f"{topic.name}: {f'created in version {version}' if version else 'there already'}")
        # The version is a setting of the app, not of the call. Once it shows as another than ours,
        # replacing the rest would repair nothing.
        versions |= {version} if version else set()
    if refused:
        raise StoreRefused("no subscription for " + "; ".join(refused))
    return tuple(done)


def enum_name(topic: str) -> str:
    """`orders/create` -> `ORDERS_CREATE`"""
    return topic.replace("/", "_").upper()


def _is_wanted(topic: Topic, store: Store, declared: bool) -> bool:
    """Whether to ask this shop here. A right that every shop gives is not looked for: if it is missing
    all the same, the shop's refusal says so."""
    return not missing_scopes(store.scopes, [topic.needs]) if topic.optional else not declared


def _remove_strangers(
    store: Store, ours: Collection[Mapping[str, Any]], wanted: Collection[Topic]
) -> Iterator[str]:
    """What goes to our address and is not to be asked for here (any longer)."""
    names = {enum_name(topic.name) for topic in wanted}
    for item in ours:
        if dig(item, "topic") not in names:
            yield _remove(store, item, str(dig(item, "topic")), "it is not asked for here")


def _remove(store: Store, item: Mapping[str, Any], name: str, what: str) -> str:
    call(store, "webhook_subscription_delete", {"id": dig(item, "id")})
    return f"{name}: removed {what}" if what.startswith(("a ", "one ")) else f"{name}: removed, {what}"


def _create(store: Store, topic: Topic, address: str) -> str | None:
    """The version of the new subscription; None: somebody else (another process, the app's own
    configuration) was first, and the topic is covered."""
    asked = {"topic": enum_name(topic.name), "uri": address, "fields": list(topic.fields)}
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


def _is_good(item: Mapping[str, Any], topic: Topic, versions: Collection[str]) -> bool:
    whole = dig(item, "format") == "JSON" and not dig(item, "filter")
    fields = set(dig(item, "includeFields") or ()) == set(topic.fields)
    return whole and fields and dig(item, "apiVersion.handle") in versions
