"""Tells the subscribed addresses what changed: signed deliveries with the platform's headers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.deliveries import AttemptsPolicy, Deliveries
from sandbox.schema import API_VERSION
from sandbox.shopify.bodies.fulfillments import fulfillment_on_order
from sandbox.shopify.oauth.signing import body_signature
from sandbox.shopify.shop import Shop

TOPICS = (
    "orders/create", "orders/updated", "orders/paid", "orders/fulfilled", "orders/partially_fulfilled",
    "orders/cancelled", "orders/edited", "orders/delete", "fulfillments/create", "fulfillments/update",
    "fulfillment_events/create", "fulfillment_events/delete", "refunds/create", "customers/create",
    "customers/update", "customers/delete", "customers/merge",
    "customers_email_marketing_consent/update", "products/create", "products/update",
    "products/delete", "shop/update", "app/uninstalled", "app/scopes_update",
    "app_subscriptions/update", "bulk_operations/finish", "returns/request", "returns/approve",
    "returns/decline", "returns/close", "returns/cancel", "returns/update", "variants/in_stock",
    "variants/out_of_stock",
)  # fmt: skip
# Seconds between two deliveries that are turned around.
_APART = 0.05
TOPIC_BY_ENUM = {topic.upper().replace("/", "_"): topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Announcer:
    """Sends what one shop has to say. `secret`: the app's client secret, which signs."""

    deliveries: Deliveries
    secret: str
    policy: AttemptsPolicy

    def announce(
        self,
        shop: Shop,
        topics: tuple[str, ...],
        body: dict[str, Any],
        event_id: str,
        after: float = 0.0,
    ) -> None:
        """One delivery per subscription, `after` seconds from now. `event_id` is shared by all that one
        action caused."""
        quirks = shop.quirks()
        subscriptions = shop.all("webhook_subscription")
        for topic in topics:
            for subscription in subscriptions:
                if subscription["topic"] == topic:
                    told = only(body, subscription.get("fields") or ())
                    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
                    self._send(shop, subscription, raw, event_id, quirks, after)

    def _send(
        self,
        shop: Shop,
        subscription: dict[str, Any],
        raw: bytes,
        event_id: str,
        quirks: dict[str, Any],
        after: float,
    ) -> None:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": subscription["topic"],
            "X-Shopify-Hmac-Sha256": body_signature(raw, self.secret),
            "X-Shopify-Shop-Domain": shop.domain,
            "X-Shopify-API-Version": API_VERSION,
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": event_id,
            "X-Shopify-Triggered-At": shop.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        if subscription["name"]:
            headers["X-Shopify-Name"] = subscription["name"]
        copies = 2 if quirks.get("same_delivery_id") else 1
        for _ in range(copies):
            self.deliveries.enqueue(
                subscription["uri"],
                headers,
                raw,
                self.policy,
                shop=shop.domain,
                topic=subscription["topic"],
                late_seconds=after + float(quirks.get("late_seconds") or 0.0) + self._shuffle(shop, quirks),
                drop=bool(quirks.get("drop")),
                hold=bool(quirks.get("hold")),
            )

    def _shuffle(self, shop: Shop, quirks: dict[str, Any]) -> float:
        """Seconds that turn every so many deliveries around: the first of them goes last."""
        group = int(quirks.get("reorder") or 0)
        if group < 2:
            return 0.0
        return (group - shop.documents.next_number(f"reorder/{shop.domain}") % group) * _APART


def only(body: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """What a subscription wants of a body: keys of the top, `images.src` for those below; all without."""
    if not fields:
        return body
    below: dict[str, list[str]] = {}
    for field in fields:
        name, _, inner = field.partition(".")
        below.setdefault(name, []).extend([inner] if inner else [])
    return {name: _within(body[name], inner) for name, inner in below.items() if name in body}


def _within(value: Any, fields: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_within(item, fields) for item in value]
    return only(value, fields) if isinstance(value, dict) else value


def order_message(order: dict[str, Any]) -> dict[str, Any]:
    """The order as its topics carry it."""
    return order | {"fulfillments": [fulfillment_on_order(parcel) for parcel in order["fulfillments"]]}


def new_event_id() -> str:
    return str(uuid.uuid4())
