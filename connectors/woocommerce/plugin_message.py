"""What our plugin in a store tells us: signed with the secret that only it and we hold, and for now.

    X-Doorstep-Time: 1767225600
    X-Doorstep-Signature: hex(HMAC-SHA256(key, "<action>\\n<time>\\n<raw body>"))

Whatever is wrong with it, it is refused before anything is looked up.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from connectors.base import Refused
from connectors.woocommerce.plugin_keys import MESSAGE, ORDER, key_for

TIME = "X-Doorstep-Time"
SIGNATURE = "X-Doorstep-Signature"
WINDOW = 300  # seconds
PROOF = 32  # letters

_SECONDS = re.compile(r"[0-9]{1,12}")
_ORDER = re.compile(r"[1-9][0-9]{0,18}")
_WORD = re.compile(r"[a-z0-9_-]{1,40}")
_EMAIL = re.compile(r"[^@\s]{1,200}@[^@\s]{1,200}")
_DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})


@dataclass(frozen=True, slots=True)
class Message:
    """`at`: the end of the second that it was signed in."""

    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened to an order. `of_interest` False: it is a cart still."""

    order_id: str
    reason: str
    of_interest: bool


def sign_message(secret: str, action: str, time: str, body: bytes) -> str:
    key = key_for(MESSAGE, secret).encode()
    return hmac.new(key, f"{action}\n{time}\n".encode() + body, sha256).hexdigest()


def read_message(action: str, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Message:
    """`headers` by their small names. Raises Refused: 401 for the signature and its time, 400 for a body
    that is no JSON object."""
    time = headers.get(TIME.lower(), "")
    given = headers.get(SIGNATURE.lower(), "").encode("utf-8", "surrogateescape")
    if not _SECONDS.fullmatch(time):
        raise Refused(401, f"{TIME} is missing or is none")
    if not hmac.compare_digest(sign_message(secret, action, time, body).encode(), given):
        raise Refused(401, "the signature does not match the message")
    if abs(int(time) - now.timestamp()) > WINDOW:
        raise Refused(401, "the message was signed for another time")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused(400, "the message is not a JSON object")
    return Message(datetime.fromtimestamp(int(time) + 1, UTC) - timedelta(microseconds=1), told)


def read_hint(message: Message) -> Hint:
    """Raises Refused (400)."""
    order, event = message.body.get("order"), message.body.get("event")
    if not isinstance(order, str) or not _ORDER.fullmatch(order):
        raise Refused(400, "order is missing or is none")
    if not isinstance(event, str) or not _WORD.fullmatch(event):
        raise Refused(400, "event is missing or is none")
    before, after = (_status(message.body.get(name)) for name in ("from", "to"))
    moved = f" {before or '?'} -> {after}" if after else ""
    return Hint(order, f"hint: {event}{moved}", after not in _DRAFTS)


def read_email(message: Message) -> str:
    """Whom a demand is about. Raises Refused (400)."""
    email = message.body.get("email")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email.strip()) or not email.isprintable():
        raise Refused(400, "email is missing or is none")
    return email.strip()


def order_proof(secret: str, order_id: str) -> str:
    """What the plugin puts into the address of an order beside its number, so that nobody finds others' by
    counting."""
    key = key_for(ORDER, secret).encode()
    return hmac.new(key, order_id.encode(), sha256).hexdigest()[:PROOF]


def is_proven(secret: str, order_id: str, proof: str) -> bool:
    given = proof.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(order_proof(secret, order_id).encode(), given)


def _status(told: Any) -> str:
    return told if isinstance(told, str) and _WORD.fullmatch(told) else ""
