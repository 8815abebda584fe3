"""WooCommerce's webhooks at the door: is this really from the shop that the path names, and what is it.

Source of the rules: WC_Webhook of WooCommerce. The signature is base64 of HMAC-SHA256 over the raw
body; there is no time in it, and no header is covered by it.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from hashlib import sha256

from connectors.base import Delivery, Refused, Verified

TOPIC = "X-WC-Webhook-Topic"
SIGNATURE = "X-WC-Webhook-Signature"
SOURCE = "X-WC-Webhook-Source"

_TOPIC = re.compile(r"[a-z0-9_]{1,40}\.[A-Za-z0-9_./-]{1,100}")
_PING = re.compile(rb"webhook_id=\d{1,20}")
_CHANGED = re.compile(rb'"date_modified_gmt"\s*:\s*"([0-9T:-]{19})"')
_RESTATED = frozenset({"product.created", "product.updated", "product.restored"})
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*(\d{1,20})\b')


def verify_webhook(delivery: Delivery, secrets: tuple[str, ...]) -> Verified:
    """Raises Refused: 400 where the topic is missing, 401 for the signature.

    A header that came twice arrives joined by a comma, which no signature contains.
    """
    if is_ping(delivery):
        return Verified(topic="ping", dedupe="ping", ignored="ping")
    topic = delivery.headers.get(TOPIC.lower(), "")
    if not _TOPIC.fullmatch(topic):
        raise Refused(400, f"{TOPIC} is missing or is none")
    if not is_signed(delivery, secrets):
        raise Refused(401, "the signature does not match the body")
    return Verified(topic=topic, dedupe=dedupe_key(topic, delivery.body), hint=is_hint(delivery.body))


def is_ping(delivery: Delivery) -> bool:
    """What the shop sends, unsigned, while a webhook is being created: a form, no JSON."""
    kind = delivery.headers.get("content-type", "").partition(";")[0].strip().lower()
    signed = SIGNATURE.lower() in delivery.headers
    is_form = kind == "application/x-www-form-urlencoded"
    return is_form and not signed and _PING.fullmatch(delivery.body) is not None


def is_signed(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    given = delivery.headers.get(SIGNATURE.lower(), "").encode("utf-8", "surrogateescape")
    # Every secret is tried, so that the time taken does not tell which one fitted; an empty one
    # would let everybody sign.
    fits = [hmac.compare_digest(_signature(delivery.body, secret), given) for secret in secrets if secret]
    return any(fits)


def dedupe_key(topic: str, body: bytes) -> str:
    """Topic, object and hash of the raw body. Never the delivery id: it is made of the webhook and the
    second, so different orders share one."""
    found = _ID.match(body)
    number = found[1].decode() if found else "-"
    return f"{topic}:{number}:{sha256(body).hexdigest()}"


def is_hint(body: bytes) -> bool:
    """A body without its time of change (`{id}` of a delete, a hook's argument, an error) comes again
    byte for byte when the same thing happens again."""
    return b'"date_modified_gmt"' not in body


def restated(topic: str, body: bytes) -> tuple[str, str] | None:
    """Products: they are told with every sale, all of them. The first time of change in the body is its own,
    because what stands before it is plain; in what somebody typed, quotes are escaped."""
    if topic not in _RESTATED:
        return None
    number, changed = _ID.match(body), _CHANGED.search(body)
    return (f"product {number[1].decode()}", changed[1].decode()) if number and changed else None


def sign_webhook(body: bytes, secret: str) -> Mapping[str, str]:
    """The header that the shop sends over `body`."""
    return {SIGNATURE: _signature(body, secret).decode()}


def _signature(body: bytes, secret: str) -> bytes:
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest())
