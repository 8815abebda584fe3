"""Shopify's webhooks at the door: is this really from Shopify, which shop, which topic."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from connectors.base import Delivery, Refused, Verified
from connectors.shopify.domain import shop_domain

# Every header in both spellings. Live is the first column: what Shopify sends today, and what replays
# send. The second is that of its next generation of events, a preview that no shop of ours is subscribed
# to yet; a delivery is read in one spelling or in the other, never in a mixture.
SPELLINGS: Mapping[str, tuple[str, str]] = {
    "topic": ("X-Shopify-Topic", "Shopify-Topic"),
    "signature": ("X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256"),
    "shop": ("X-Shopify-Shop-Domain", "Shopify-Shop-Domain"),
    "delivery": ("X-Shopify-Webhook-Id", "Shopify-Webhook-Id"),
    "version": ("X-Shopify-API-Version", "Shopify-Api-Version"),
    "event": ("X-Shopify-Event-Id", "Shopify-Event-Id"),
    "triggered": ("X-Shopify-Triggered-At", "Shopify-Triggered-At"),
}
HEADERS: Mapping[str, str] = {name: live for name, (live, _) in SPELLINGS.items()}
NEXT_HEADERS: Mapping[str, str] = {name: coming for name, (_, coming) in SPELLINGS.items()}

# Demands by law, which Shopify also sends for a shop that has left.
COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")

_TOPIC = re.compile(r"[a-z0-9_]+(?:[./][a-z0-9_]+)+")
_DELIVERY_ID = re.compile(r"[\x21-\x7e]{1,200}")


def verify_webhook(delivery: Delivery, secrets: tuple[str, ...]) -> Verified:
    """Raises Refused: 401 for the signature or the shop, 400 for other headers.

    The signature comes first, so that a stranger learns nothing about the rest. A header that came
    twice arrives joined by a comma and matches nothing.
    """
    if not _is_signed(delivery, secrets):
        raise Refused(401, "the signature does not match the body")
    names = _spelling(delivery)
    missing = [names[name] for name in ("topic", "shop", "delivery") if not _header(delivery, name)]
    if missing:
        raise Refused(400, f"missing header: {', '.join(missing)}")
    # The signature does not cover headers: what they say is only trusted in shape.
    shop = shop_domain(_header(delivery, "shop"))
    if shop is None:
        raise Refused(401, "the shop header does not name a shop")
    topic = _header(delivery, "topic").lower()
    number = _header(delivery, "delivery")
    if len(topic) > 100 or not _TOPIC.fullmatch(topic) or not _DELIVERY_ID.fullmatch(number):
        raise Refused(400, "topic or delivery id is not one")
    return Verified(
        topic=topic,
        dedupe=f"{topic}:{number}",
        shop=shop,
        triggered_at=_triggered_at(delivery),
        by_law=topic in COMPLIANCE,
    )


def sign_webhook(body: bytes, secret: str) -> Mapping[str, str]:
    """The header that Shopify sends over `body`: base64 of HMAC-SHA256 with the client secret."""
    return {HEADERS["signature"]: signature(body, secret)}


def signature(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def _is_signed(delivery: Delivery, secrets: tuple[str, ...]) -> bool:
    given = _header(delivery, "signature").encode("utf-8", "surrogateescape")
    expected = (signature(delivery.body, secret).encode() for secret in secrets if secret)
    return any(hmac.compare_digest(one, given) for one in expected)


def _triggered_at(delivery: Delivery) -> datetime | None:
    try:
        found = datetime.fromisoformat(_header(delivery, "triggered"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _header(delivery: Delivery, name: str) -> str:
    return delivery.headers.get(_spelling(delivery)[name].lower(), "")


def _spelling(delivery: Delivery) -> Mapping[str, str]:
    """Whichever it is signed in; the live one where both are there, or none."""
    live = HEADERS["signature"].lower() in delivery.headers
    coming = NEXT_HEADERS["signature"].lower() in delivery.headers
    return NEXT_HEADERS if coming and not live else HEADERS
