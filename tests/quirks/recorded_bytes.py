"""Recorded messages, sent to the door of a shop by its store: the same bytes, signed with its
secret, from its own address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import requests

from tests.quirks.living import Home
from tests.sandbox.woocommerce.running import RECORDINGS


def signed(raw: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def deliver(home: Home, recording: dict[str, Any], raw: bytes | None = None, signature: str = "") -> int:
    """Sends a recording to the door of the shop, signed as its store would. Returns the answer's status."""
    raw = base64.b64decode(recording["raw_body_base64"]) if raw is None else raw
    headers = {
        name: value
        for name, value in recording["headers"].items()
        if name not in ("Host", "Content-Length", "Connection")
    }
    if "X-WC-Webhook-Source" in headers:
        headers["X-WC-Webhook-Source"] = f"https://{home.store.shop}/"  # no signature covers it
    if "X-WC-Webhook-Signature" in headers:
        headers["X-WC-Webhook-Signature"] = signature or signed(raw, home.secret())
    address = f"{home.runtime.config.address}/webhooks/woocommerce/{home.shop.token}"
    return requests.post(address, data=raw, headers=headers, timeout=10).status_code


def recorded(name: str) -> dict[str, Any]:
    recording: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    return recording


def names() -> list[str]:
    return sorted(path.stem for path in RECORDINGS.glob("*.json") if path.stem != "wc_auth_callback")


def each(name: str) -> list[dict[str, Any]]:
    recording = recorded(name)
    deliveries: list[dict[str, Any]] = recording.get("deliveries", [recording])
    return deliveries


def tell(home: Home, *names: str) -> None:
    """Recorded messages, one after the other; the store answers with the same when it is asked."""
    for name in names:
        for one in each(name):
            noun = name.partition(".")[0]
            if noun in ("order", "product", "customer") and len(one["body"]) > 1 and "id" in one["body"]:
                home.store.post("/sandbox/put", {"noun": noun, "body": one["body"]})
            assert deliver(home, one) == 200
            home.rest()
