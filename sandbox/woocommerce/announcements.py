"""From a change in the shop to signed deliveries, with the real platform's habits.

A body is made when it is sent, not when the change happened. Nothing is ever sent twice, and the
seventh failure in a row switches a webhook off.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from sandbox.deliveries import AttemptsPolicy
from sandbox.woocommerce.php_json import encode
from sandbox.woocommerce.shop import Shop

USER_AGENT = "WooCommerce/10.2.4 Hookshot (WordPress/6.8.8)"
TRANSPORT = {"Accept": "*/*", "Accept-Encoding": "deflate, gzip, br, zstd", "Connection": "close"}
FAILURES_FORGIVEN = 6

_ONCE = AttemptsPolicy(connect=5.0, total=60.0)
# With merging on, a delivery waits at least this long, or there would be nothing to merge with.
_MERGE_SECONDS = 1.0
_LOST_RIGHTS = {
    "code": "woocommerce_rest_cannot_view",
    "message": "Sorry, you cannot view this resource.",
    "data": {"status": 403},
}


def announce(
    shop: Shop, topic: str, id: int, body: Mapping[str, Any] | None = None, wait: float = 0.0
) -> None:
    """Queues a delivery for every active webhook of the topic.

    `body`: sent as it is now; without it the resource is read when the delivery leaves, `wait`
    seconds from now or later.
    """
    quirks = shop.quirks()
    wait += max(quirks["late_seconds"], _MERGE_SECONDS if quirks["merge"] else 0.0)
    with shop.documents.transaction():
        for webhook in shop.every("webhook"):
            if webhook["topic"] != topic or webhook["status"] != "active":
                continue
            if quirks["merge"] and body is None and _is_waiting(shop, webhook["id"], id):
                continue
            _queue(shop, webhook, id, body, wait, drop=quirks["drop"])


def tell_hook(shop: Shop, hook: str, id: int, arg: Any) -> None:
    """For whoever listens to one of the platform's own hooks: its name and its first argument, no more."""
    announce(shop, f"action.{hook}", id, body={"action": hook, "arg": arg})


def compose(shop: Shop, webhook_id: str, number: str) -> tuple[dict[str, str], bytes] | None:
    """Headers and body of a delivery that leaves now; None where its webhook is gone."""
    with shop.documents.transaction():
        wish = shop.read("pending", number)
        webhook = shop.read("webhook", webhook_id)
        shop.forget("pending", number)
        if wish is None or webhook is None:
            return None
        body = encode(_payload(shop, webhook["topic"], wish))
    return headers(shop, webhook, body), body


def settle(shop: Shop, webhook_id: str, status: int | None) -> None:
    """Counts how a delivery ended. A redirect to a found page is a success for this platform."""
    with shop.documents.transaction():
        webhook = shop.read("webhook", webhook_id)
        if webhook is None:
            return
        if status is not None and 200 <= status <= 302:
            webhook["failures"] = 0
        elif webhook["failures"] >= FAILURES_FORGIVEN:
            webhook["status"] = "disabled"
        else:
            webhook["failures"] += 1
        shop.write("webhook", webhook_id, webhook)


def headers(shop: Shop, webhook: Mapping[str, Any], body: bytes) -> dict[str, str]:
    topic = str(webhook["topic"])
    resource, _, event = topic.partition(".")
    digest = hmac.new(webhook["secret"].encode(), body, hashlib.sha256).digest()
    return {
        "User-Agent": USER_AGENT,
        **TRANSPORT,
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": f"{shop.address}/",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": base64.b64encode(digest).decode("ascii"),
        "X-WC-Webhook-ID": str(webhook["id"]),
        "X-WC-Webhook-Delivery-ID": _delivery_id(shop, webhook["id"]),
    }


def _queue(
    shop: Shop,
    webhook: Mapping[str, Any],
    id: int,
    body: Mapping[str, Any] | None,
    wait: float,
    *,
    drop: bool,
) -> None:
    key = ""
    if not drop:
        number = shop.number("pending")
        key = f"{shop.domain}/{webhook['id']}/{number}"
        shop.write("pending", number, {"webhook": webhook["id"], "resource": id, "body": body})
    shop.deliveries.enqueue(
        webhook["delivery_url"], {}, b"", _ONCE, shop=shop.domain, topic=webhook["topic"],
        late_seconds=wait, drop=drop, key=key,
    )  # fmt: skip


def _payload(shop: Shop, topic: str, wish: Mapping[str, Any]) -> Any:
    resource, _, event = topic.partition(".")
    if shop.quirks()["lost_rights"]:
        return _LOST_RIGHTS
    if wish["body"] is not None:
        return wish["body"]
    found = None if event == "deleted" else shop.read(resource, wish["resource"])
    return found if found is not None else {"id": wish["resource"]}


def _delivery_id(shop: Shop, webhook_id: int) -> str:
    """Not unique, as in real shops: one webhook and one second give one id."""
    second = "" if shop.quirks()["same_delivery_id"] else str(int(shop.now().timestamp()))
    return hashlib.md5(f"{shop.domain}|{webhook_id}{second}".encode(), usedforsecurity=False).hexdigest()


def _is_waiting(shop: Shop, webhook_id: int, resource: int) -> bool:
    return any(
        wish["webhook"] == webhook_id and wish["resource"] == resource and wish["body"] is None
        for wish in shop.every("pending")
    )
