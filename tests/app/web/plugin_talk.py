"""The plugin's side of the talk: messages signed by this file's own hand, not by the code under test."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from werkzeug.test import TestResponse

from tests.app.web.conftest import Site


def say(site: Site, action: str, told: Any, **how: Any) -> TestResponse:
    """`token`: whose door; `secret`: what it is signed with; `late`: seconds since it was signed."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    token = how.get("token", site.woocommerce.token)
    headers = signed(site, action, body, how.get("secret", secret_of(site)), how.get("late", 0))
    return site.client.post(f"/woocommerce/plugin/{token}/{action}", data=body, headers=headers)


def signed(site: Site, action: str, body: bytes, secret: str, late: float = 0) -> dict[str, str]:
    time = str(int(site.runtime.clock.real().timestamp() - late))
    text = f"{action}\n{time}\n".encode() + body
    key = hmac.new(secret.encode(), b"message", hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Doorstep-Time": time,
        "X-Doorstep-Signature": hmac.new(key.encode(), text, hashlib.sha256).hexdigest(),
    }


def secret_of(site: Site) -> str:
    return site.runtime.keys.plugin_secret(site.woocommerce.token)


def hint(order: str = "123", **told: Any) -> dict[str, Any]:
    return {"event": "status", "order": order, "from": "pending", "to": "processing", **told}
