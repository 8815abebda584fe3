"""/wc/v3/webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from sandbox.woocommerce import webhooks
from sandbox.woocommerce.rest.answers import COLLECTION, ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import by_ids, by_time, page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.topics import is_topic

_ORDERINGS = {"date": "date_created_gmt", "id": "id", "title": "name"}


def webhook_routes(shop_of: CurrentShop, origins: Mapping[str, str]) -> Blueprint:
    """`origins`: where the ping's https names really live."""
    routes = Blueprint("rest_webhooks", __name__)

    @routes.get("/webhooks")
    def listing() -> Response:
        shop, status = shop_of(), request.args.get("status", "all")
        entries = by_time(shop, by_ids(shop.every("webhook")))
        kept = [webhooks.shown(one) for one in entries if status in ("all", one["status"])]
        return page(shop, "webhooks", kept, _ORDERINGS)

    @routes.post("/webhooks")
    def make() -> Response:
        shop, wanted = shop_of(), sent()
        topic, url = wanted.get("topic"), str(wanted.get("delivery_url") or "")
        _check(wanted | {"topic": topic, "delivery_url": url})
        name = str(wanted.get("name") or f"Webhook for {topic}")
        secret, status = str(wanted.get("secret") or ""), str(wanted.get("status") or "active")
        webhook = webhooks.make(shop, str(topic), url, name, secret, status)
        webhooks.ping(shop, webhook, origins)
        return answer(shop, webhooks.shown(webhook), COLLECTION, 201)

    @routes.get("/webhooks/<int:webhook_id>")
    def one(webhook_id: int) -> Response:
        shop = shop_of()
        return answer(shop, webhooks.shown(_found(shop, webhook_id)), ITEM)

    @routes.route("/webhooks/<int:webhook_id>", methods=["PUT", "POST", "PATCH"])
    def edit(webhook_id: int) -> Response:
        shop, wanted = shop_of(), sent()
        with shop.documents.transaction():
            webhook = _found(shop, webhook_id)
            _check(wanted)
            webhooks.change(shop, webhook, wanted)
        return answer(shop, webhooks.shown(webhook), ITEM)

    @routes.delete("/webhooks/<int:webhook_id>")
    def delete(webhook_id: int) -> Response:
        shop = shop_of()
        webhook = _found(shop, webhook_id)
        if request.args.get("force", "").lower() not in ("true", "1"):
            message = "Webhooks do not support trashing."
            raise RestError(501, "woocommerce_rest_trash_not_supported", message)
        shop.forget("webhook", webhook_id)
        return answer(shop, webhooks.shown(webhook), ITEM)

    return routes


def _found(shop: Shop, webhook_id: int) -> webhooks.Webhook:
    webhook = shop.read("webhook", webhook_id)
    if webhook is None:
        raise RestError(404, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
    return webhook


def _check(wanted: Mapping[str, Any]) -> None:
    """Looks at what is there. Raises RestError 400."""
    prefix = "woocommerce_rest_shop_webhook"
    if "topic" in wanted and not is_topic(wanted["topic"]):
        raise RestError(400, f"{prefix}_invalid_topic", "Webhook topic is required and must be valid.")
    url = wanted.get("delivery_url")
    if url is not None and not str(url).startswith(("http://", "https://")):
        message = "Webhook delivery URL must start with http:// or https://."
        raise RestError(400, f"{prefix}_invalid_delivery_url", message)
    if wanted.get("status", "active") not in webhooks.STATUSES:
        raise bad_parameter("status", f"status is not one of {', '.join(webhooks.STATUSES)}.")
