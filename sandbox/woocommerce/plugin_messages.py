"""What the plugin tells the app, signed: hints of what just happened, that it leaves, demands by law."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import requests
from flask import g, has_request_context

from sandbox.deliveries import NEVER_AGAIN
from sandbox.woocommerce.plugin import Settings, believed_time, key_for, plugin_of
from sandbox.woocommerce.shop import Shop

HINT = "plugin.hint"
_SECONDS = 10.0
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:")

Hint = dict[str, str]


def hint(shop: Shop, order_id: int, event: str, before: str = "", after: str = "") -> None:
    """Leaves at the end of the request in which it happened, one for each order; without any, at once.
    What came first says where the order came from, what came last what is told."""
    if plugin_of(shop) is None or not shop.quirks()["hints"]:
        return
    told: Hint = {"event": event, "order": str(order_id), "from": before, "to": after}
    if not has_request_context():
        _send_hint(shop, told)
        return
    waiting: dict[tuple[str, int], tuple[Shop, Hint]] = g.setdefault("hints", {})
    _, earlier = waiting.get((shop.domain, order_id), (shop, told))
    told |= {"from": earlier["from"] or before, "to": after or earlier["to"]}
    waiting[shop.domain, order_id] = (shop, told)


def send_hints() -> None:
    """At the end of a request, as PHP's own `shutdown`."""
    for shop, told in g.pop("hints", {}).values():
        _send_hint(shop, told)


def _send_hint(shop: Shop, told: Hint) -> None:
    """In the background: neither shopper nor merchant waits for the app. Never tried again."""
    plugin = plugin_of(shop)
    if plugin is None or not plugin["door"]:
        return
    raw = encoded(told)
    shop.deliveries.enqueue(
        f"{plugin['door']}/hint", signed(shop, plugin, "hint", raw), raw, NEVER_AGAIN,
        shop=shop.domain, topic=HINT,
    )  # fmt: skip


def say(
    shop: Shop, origins: Mapping[str, str], action: str, body: Mapping[str, Any]
) -> tuple[int, Any]:  # fmt: skip
    """A message whose answer is waited for: its status and JSON; 0 where there is none."""
    plugin = plugin_of(shop)
    if plugin is None or not plugin["door"]:
        return 0, None
    raw = encoded(body)
    address = f"{plugin['door']}/{action}"
    for origin, there in origins.items():
        if address.startswith(f"{origin}/"):
            address = there + address.removeprefix(origin)
    if not address.startswith(_LOOPBACK):
        return 0, None
    headers = signed(shop, plugin, action, raw)
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(address, data=raw, headers=headers, timeout=_SECONDS, allow_redirects=False)
        except requests.RequestException:
            return 0, None
    try:
        return answer.status_code, answer.json()
    except ValueError:
        return answer.status_code, None


def signed(shop: Shop, plugin: Settings, action: str, raw: bytes) -> dict[str, str]:
    at = str(int(believed_time(shop, plugin).timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"WordPress/6.8.8; {shop.address}",
        "X-Doorstep-Time": at,
        "X-Doorstep-Signature": message_signature(plugin["secret"], action, at, raw),
    }


def message_signature(secret: str, action: str, at: str, raw: bytes) -> str:
    text = f"{action}\n{at}\n".encode() + raw
    return hmac.new(key_for("message", secret), text, hashlib.sha256).hexdigest()


def encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
