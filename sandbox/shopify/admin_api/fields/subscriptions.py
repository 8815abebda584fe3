"""Webhook subscriptions: listing, making and removing them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError

from sandbox.schema import API_VERSION
from sandbox.shopify.admin_api.asking import Asking, Fields, global_id, moment, number_in, plain
from sandbox.shopify.admin_api.connections import Rows, rows
from sandbox.shopify.admin_api.fields.shops import version
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import TOPIC_BY_ENUM

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NOT_HERE = ("filter", "metafieldNamespaces", "metafields")


def subscriptions(asking: Asking, arguments: dict[str, Any]) -> Rows:
    """Narrowed by `topics` and by the address."""
    if arguments.get("query"):
        raise GraphQLError("this store cannot search among subscriptions")
    topics = {TOPIC_BY_ENUM.get(name) for name in arguments.get("topics") or ()}
    address = arguments.get("uri") or arguments.get("callbackUrl")
    chosen = [
        subscription
        for subscription in asking.shop.all("webhook_subscription")
        if (not topics or subscription["topic"] in topics)
        and (address is None or subscription["uri"] == address)
    ]
    return rows(chosen, lambda subscription: (subscription["id"],))


def create(asking: Asking, arguments: dict[str, Any]) -> dict[str, Any]:
    wanted, shop = arguments["webhookSubscription"], asking.shop
    for name in _NOT_HERE:
        if wanted.get(name):
            raise GraphQLError(f"this store cannot do {name}")
    topic = TOPIC_BY_ENUM.get(arguments["topic"])
    if topic is None:
        raise GraphQLError(f"this store never sends {arguments['topic']}")
    if wanted.get("format") == "XML":
        return _refused("format", "this store sends JSON only")
    uri = wanted.get("uri") or wanted.get("callbackUrl") or ""
    if not _may_be_called(uri):
        return _refused("callbackUrl", "Address must be an https address")
    with shop.documents.transaction():
        if any(one["topic"] == topic and one["uri"] == uri for one in shop.all("webhook_subscription")):
            return _refused("callbackUrl", "Address for this topic has already been taken")
        subscription = _new(shop, topic, arguments["topic"], uri, wanted.get("name"))
        subscription["fields"] = list(wanted.get("includeFields") or ())
        shop.write("webhook_subscription", subscription)
    return {"webhookSubscription": subscription, "userErrors": []}


def delete(asking: Asking, arguments: dict[str, Any]) -> dict[str, Any]:
    id = arguments["id"]
    if not asking.shop.forget("webhook_subscription", number_in(id, "WebhookSubscription")):
        problem = {"field": ["id"], "message": "Webhook subscription does not exist"}
        return {"deletedWebhookSubscriptionId": None, "userErrors": [problem]}
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _may_be_called(uri: str) -> bool:
    """Real shops call https only; this one also calls its own machine."""
    parts = urlsplit(uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _refused(field: str, message: str) -> dict[str, Any]:
    problem = {"field": ["webhookSubscription", field], "message": message}
    return {"webhookSubscription": None, "userErrors": [problem]}


def _new(shop: Shop, topic: str, enum: str, uri: str, name: str | None) -> dict[str, Any]:
    id, at = shop.new_id("webhook_subscription"), shop.now_text()
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/WebhookSubscription/{id}",
        "topic": topic,
        "enum": enum,
        "uri": uri,
        "name": name,
        "created_at": at,
        "updated_at": at,
    }


FIELDS: dict[str, Fields] = {
    "WebhookSubscription": {
        "id": global_id("WebhookSubscription"),
        "legacyResourceId": plain("id"),
        "topic": plain("enum"),
        "uri": plain("uri"),
        "format": lambda subscription, asking, arguments: "JSON",
        "filter": lambda subscription, asking, arguments: None,
        "includeFields": lambda subscription, asking, arguments: subscription.get("fields") or [],
        "metafieldNamespaces": lambda subscription, asking, arguments: [],
        "name": plain("name"),
        "apiVersion": lambda subscription, asking, arguments: version(API_VERSION),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
    },
    "WebhookSubscriptionCreatePayload": {
        "webhookSubscription": plain("webhookSubscription"),
        "userErrors": plain("userErrors"),
    },
    "WebhookSubscriptionDeletePayload": {
        "deletedWebhookSubscriptionId": plain("deletedWebhookSubscriptionId"),
        "userErrors": plain("userErrors"),
    },
}
