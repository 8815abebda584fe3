"""What Resend tells of mails: signed as Standard Webhooks has it, under Svix's names.

(resend.com/docs/dashboard/webhooks, docs.svix.com/receiving/verifying-payloads/how-manual)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from emails.feedback import Feedback, Told
from emails.providers.told import (
    first_of,
    header_told,
    in_brackets,
    inner,
    instant,
    objects,
    told_object,
    words,
)
from wire.http import HttpClient

TOLERANCE = timedelta(minutes=5)
"""How far the stated time may be away: what Svix's own libraries allow."""
_PREFIX = "whsec_"
_KINDS = {
    "email.delivered": Told.DELIVERED,
    "email.delivery_delayed": Told.DELAYED,
    "email.complained": Told.COMPLAINED,
    "email.opened": Told.OPENED,
    "email.clicked": Told.CLICKED,
    "email.failed": Told.FAILED,
    "email.suppressed": Told.FAILED,
}


class ResendEvents:
    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        real: datetime,
        http: HttpClient,
    ) -> bool:
        named, seconds, given = (_header(headers, name) for name in ("id", "timestamp", "signature"))
        if not named or not _is_now(seconds, real):
            return False
        signed = f"{named}.{seconds}.".encode() + body
        wanted = [_signature(secret, signed) for secret in secrets]
        pairs = [(one.encode(), good) for one in given.split() for good in wanted if good is not None]
        return any(hmac.compare_digest(one, good) for one, good in pairs)

    def parse_events(self, body: bytes) -> list[Feedback]:
        told = told_object(body)
        kind, data = words(told, "type"), inner(told, "data")
        bounce = inner(data, "bounce")
        meaning = _bounced(bounce) if kind == "email.bounced" else _KINDS.get(kind)
        provider_id = words(data, "email_id")
        if meaning is None or not provider_id:
            return []
        click, reason = inner(data, "click"), inner(data, "failed") or inner(data, "suppressed")
        moment = words(click, "timestamp") or words(told, "created_at")
        return [
            Feedback(
                key=f"{provider_id}:{kind}:{moment}",
                kind=meaning,
                at=instant(told, "created_at"),
                message_id=in_brackets(header_told(objects(data, "headers"), "message-id")),
                provider_id=provider_id,
                recipient=first_of(data, "to"),
                detail=words(bounce, "message") or words(reason, "reason") or words(reason, "message"),
            )
        ]

    def confirm(self, body: bytes, http: HttpClient) -> bool:
        return False


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"svix-{name}") or headers.get(f"webhook-{name}") or ""


def _is_now(seconds: str, real: datetime) -> bool:
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 12):
        return False
    return abs(int(seconds) - real.timestamp()) <= TOLERANCE.total_seconds()


def _signature(secret: str, signed: bytes) -> bytes | None:
    """None: the secret is none."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) if key else None


def _bounced(bounce: Mapping[str, object]) -> Told:
    """Resend hands on what Amazon SES says: a type, and a closer one. An address on a list of addresses that
    bounced before was not asked at all."""
    if words(bounce, "subType") in ("Suppressed", "OnAccountSuppressionList"):
        return Told.FAILED
    return Told.HARD_BOUNCED if words(bounce, "type") == "Permanent" else Told.SOFT_BOUNCED
