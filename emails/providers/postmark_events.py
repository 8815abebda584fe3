"""What Postmark tells of mails. It signs nothing: a user and a password stand in the address that it
is given, and come as Basic authorisation.

(postmarkapp.com/developer/webhooks/webhooks-overview, .../bounce-webhook, .../api/bounce-api#bounce-types)
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from emails.feedback import Feedback, Told
from emails.providers.told import in_brackets, inner, instant, told_object, words
from wire.http import HttpClient

METADATA = "message-id"
"""Under which name a mail carries our Message-ID, without brackets; it comes back with every event."""

_BOUNCES = {
    "HardBounce": Told.HARD_BOUNCED,
    "BadEmailAddress": Told.HARD_BOUNCED,
    "AddressChange": Told.REPLIED,
    "AutoResponder": Told.REPLIED,
    "ChallengeVerification": Told.REPLIED,
    "SpamComplaint": Told.COMPLAINED,
    "Unsubscribe": Told.UNSUBSCRIBED,
    "Subscribe": Told.REPLIED,
    "OpenRelayTest": Told.REPLIED,
    "ManuallyDeactivated": Told.FAILED,
    "Unconfirmed": Told.FAILED,
    "SMTPApiError": Told.FAILED,
    "InboundError": Told.FAILED,
    "TemplateRenderingFailed": Told.FAILED,
    "DMARCPolicy": Told.FAILED,
}
_SUPPRESSED = {"SpamComplaint": Told.COMPLAINED, "ManualSuppression": Told.UNSUBSCRIBED}
_WHEN = {
    "Delivery": "DeliveredAt",
    "Bounce": "BouncedAt",
    "SpamComplaint": "BouncedAt",
    "Open": "ReceivedAt",
    "Click": "ReceivedAt",
    "SubscriptionChange": "ChangedAt",
}


class PostmarkEvents:
    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        real: datetime,
        http: HttpClient,
    ) -> bool:
        given = _password(headers.get("authorization", ""))
        return any(hmac.compare_digest(given, secret.encode()) for secret in secrets if secret)

    def parse_events(self, body: bytes) -> list[Feedback]:
        told = told_object(body)
        record, provider_id = words(told, "RecordType"), words(told, "MessageID")
        meaning = _meaning(told, record)
        if meaning is None or not provider_id:
            return []
        numbered = words(told, "ID") if record in ("Bounce", "SpamComplaint") else ""
        moment = words(told, _WHEN[record])
        return [
            Feedback(
                key=numbered or f"{provider_id}:{record}:{moment}",
                kind=meaning,
                at=instant(told, _WHEN[record]),
                message_id=in_brackets(words(inner(told, "Metadata"), METADATA)),
                provider_id=provider_id,
                recipient=words(told, "Email") or words(told, "Recipient"),
                detail=words(told, "Details") or words(told, "Description"),
            )
        ]

    def confirm(self, body: bytes, http: HttpClient) -> bool:
        return False


def _password(authorization: str) -> bytes:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


def _meaning(told: Mapping[str, Any], record: str) -> Told | None:
    if record == "Bounce":
        # Of kinds that are not listed (Transient, SoftBounce, Blocked, DnsError ...) another try may arrive.
        return _BOUNCES.get(words(told, "Type"), Told.SOFT_BOUNCED)
    if record == "SubscriptionChange":
        # A hard bounce comes as a bounce of its own, and taking an address back on is no leaving.
        stops = told.get("SuppressSending") is True and words(told, "Origin") == "Recipient"
        return _SUPPRESSED.get(words(told, "SuppressionReason")) if stops else None
    return {
        "Delivery": Told.DELIVERED,
        "SpamComplaint": Told.COMPLAINED,
        "Open": Told.OPENED,
        "Click": Told.CLICKED,
    }.get(record)
