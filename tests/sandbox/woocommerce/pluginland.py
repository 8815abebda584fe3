"""The plugin of a fake store, connected with the receiver that stands where the app would."""

from __future__ import annotations

import json
import re
import time
from html import unescape
from typing import Any

from tests.sandbox.woocommerce.receiving import Received
from tests.sandbox.woocommerce.running import Store

SECRET = "0123456789abcdef" * 4
SETTINGS = "/wp-json/wc-doorstep/v1/settings"
DOOR = "/woocommerce/plugin/tok-1"


def settings_for(store: Store, **changes: Any) -> dict[str, Any]:
    return {
        "secret": SECRET, "app": store.receiver.address, "door": f"{store.receiver.address}{DOOR}",
        "shop": store.shop, "pages": "/apps/doorstep", "mails_off": [], "script": True,
        "time": int(time.time()), "since": 1, **changes,
    }  # fmt: skip


def connect(store: Store, **changes: Any) -> dict[str, Any]:
    answer = store.call("POST", SETTINGS, json=settings_for(store, **changes), auth=store.key)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def messages(store: Store, action: str = "hint") -> list[Received]:
    """What the plugin told us."""
    return [one for one in store.receiver.got if one.path == f"{DOOR}/{action}"]


def hints(store: Store) -> list[Any]:
    store.settle()
    return [json.loads(one.raw) for one in messages(store)]


def log_in(store: Store, there: str) -> dict[str, str]:
    """The merchant's cookie."""
    sent = store.call("GET", there)
    form = store.call("GET", sent.headers["Location"])
    (action,) = re.findall(r'method="post" action="([^"]+)"', form.text)
    answer = store.call("POST", unescape(action), data={"username": "merchant", "password": "sandbox"})
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
