"""Webhooks as the shop keeps them, and the ping that goes out while one is made."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from sandbox.deliveries import post
from sandbox.woocommerce.announcements import TRANSPORT, USER_AGENT
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.topics import hooks_of

Webhook = dict[str, Any]
STATUSES = ("active", "paused", "disabled")
_PATIENCE = 5.0
_PRIVATE = ("secret", "failures")


def make(shop: Shop, topic: str, url: str, name: str, secret: str, status: str) -> Webhook:
    """`secret` "": a random one, that nobody will ever be shown."""
    now = shop.now()
    id = shop.number("webhook")
    webhook = {
        "id": id, "name": name, "status": status, **_of_topic(topic), "delivery_url": url,
        **shop.stamps("date_created", now), **shop.stamps("date_modified", now),
        "_links": shop.links("webhooks", id), "secret": secret or secrets.token_hex(25), "failures": 0,
    }  # fmt: skip
    shop.write("webhook", id, webhook)
    return webhook


def change(shop: Shop, webhook: Webhook, wanted: Mapping[str, Any]) -> None:
    """Making it active again keeps the count of failures: only a success sets it back."""
    webhook |= {name: str(wanted[name]) for name in ("name", "status", "delivery_url") if name in wanted}
    if wanted.get("secret"):
        webhook["secret"] = str(wanted["secret"])
    if "topic" in wanted:
        webhook |= _of_topic(str(wanted["topic"]))
    webhook |= shop.stamps("date_modified", shop.now())
    shop.write("webhook", webhook["id"], webhook)


def ping(shop: Shop, webhook: Webhook, origins: Mapping[str, str]) -> int | None:
    """A form without any signature; the answer decides nothing. Five seconds of patience, whoever is slow."""
    late = min(shop.quirks()["ping_seconds"], _PATIENCE)
    time.sleep(late)
    if late >= _PATIENCE:
        return None
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = f"webhook_id={webhook['id']}".encode()
    headers = {"User-Agent": USER_AGENT, **TRANSPORT, **kind}
    return post(webhook["delivery_url"], headers, body, origins, (_PATIENCE - late,) * 2)[0]


def shown(webhook: Webhook) -> dict[str, Any]:
    """Without what never comes back out."""
    return {name: value for name, value in webhook.items() if name not in _PRIVATE}


def _of_topic(topic: str) -> dict[str, Any]:
    resource, _, event = topic.partition(".")
    return {"topic": topic, "resource": resource, "event": event, "hooks": hooks_of(topic)}
