"""Mail over Resend, which drops a second copy with the same key for 24 hours.

answer                                          what becomes of the mail
400, 422 validation_error about `to`            never: no address
403 validation_error, 422 invalid_from_address  later: the sender's domain is not set up
400, 401, 403 about the key                     later: the login
409 concurrent_idempotent_requests              may be taken: the first try is still at work
409 invalid_idempotent_request                  may be taken, and is not tried again: the key is known, for
                                                another text than this one
429 rate_limit_exceeded                         later, slower
429 daily_, monthly_quota_exceeded              later: the account's share is used up

Whether the Message-ID that it is given stays is not documented: repeats go by the key, events by its own id.

Up to 100 mails fit into one call, but under one key for all of them: a call that broke off could only be made
again with the same mails in the same order, while each of ours may be withdrawn until its own mark. So each
goes alone. (resend.com/docs/api-reference/errors, resend.com/docs/dashboard/emails/idempotency-keys)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from emails.clean import single_spaced
from emails.message import Envelope
from emails.providers.account_url import parts_of, token_of
from emails.providers.api import (
    ApiCourier,
    Call,
    Reach,
    called,
    failure,
    id_in,
    recipient,
    refused,
    sender,
    told_in,
)
from emails.providers.base import Receipt, Repeats, SendFailed
from emails.providers.told import words
from wire.http import Answer

ORIGIN = "https://api.resend.com"
FORM = "resend://KEY"
_LONGEST_KEY = 256
_QUOTAS = frozenset(("daily_quota_exceeded", "monthly_quota_exceeded"))
_KEYS = frozenset(("missing_api_key", "invalid_api_key", "restricted_api_key"))
_BAD_KEY = "api key is invalid"
_OF_THEIRS = frozenset(("date", "message-id"))


@dataclass(frozen=True, slots=True)
class ResendDialect:
    key: str = field(repr=False)

    def letter(self, envelope: Envelope) -> Call:
        headers = {
            name: single_spaced(value)
            for name, value in envelope.headers.items()
            # Resend writes the date itself; one of ours would make each try another text for the same key.
            if name.lower() not in _OF_THEIRS
        }
        told: dict[str, object] = {
            "from": sender(envelope),
            "to": [recipient(envelope)],
            "subject": single_spaced(envelope.subject),
            "html": envelope.html,
            "text": envelope.text,
            "headers": {**headers, "Message-ID": envelope.message_id},
        }
        if envelope.reply_to:
            told["reply_to"] = envelope.reply_to
        key = envelope.idempotency_key or envelope.message_id.strip("<>")
        body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        return self.call("POST", "/emails", body, {"Idempotency-Key": key[:_LONGEST_KEY]})

    def call(self, method: str, path: str, body: bytes = b"", extra: Mapping[str, str] | None = None) -> Call:
        usual = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return Call(method, f"{ORIGIN}{path}", {**usual, **(extra or {})}, body)

    def signed(self, call: Call, real: datetime) -> Call:
        return call

    def receipt(self, answer: Answer) -> Receipt:
        return Receipt(id_in(answer, "id"), str(answer.status))

    def refusal(self, answer: Answer) -> SendFailed | None:
        told = told_in(answer)
        name, message = words(told, "name"), words(told, "message").lower()
        if name in _KEYS or (name == "validation_error" and message.startswith(_BAD_KEY)):
            return failure(answer, "login_refused")
        if name == "validation_error" and answer.status in (400, 422) and "`to`" in message:
            return failure(answer, "recipient_refused", permanent=True)
        if name == "invalid_from_address" or (name == "validation_error" and answer.status == 403):
            return failure(answer, "sender_refused")
        if name == "concurrent_idempotent_requests":
            return failure(answer, "still_at_work", handed_over=True)
        if name == "invalid_idempotent_request":
            return failure(answer, "key_known", handed_over=True, permanent=True)
        return failure(answer, "quota_used_up") if name in _QUOTAS else None


@dataclass(frozen=True, slots=True)
class ResendProvider:
    dialect: ResendDialect
    reach: Reach = field(repr=False)
    name: str = "resend"
    idempotent: bool = True
    repeats: Repeats = Repeats.IDEMPOTENT

    def connect(self) -> ApiCourier:
        return ApiCourier(self.dialect, self.reach)

    def check(self) -> None:
        """A key that may only send is told so where it asks for more: it is a good key."""
        answer = called(self.dialect, self.dialect.call("GET", "/domains"), self.reach)
        if answer.status != 200 and words(told_in(answer), "name") != "restricted_api_key":
            raise refused(self.dialect, answer)


def resend_provider(url: str, reach: Reach) -> ResendProvider:
    """Raises ValueError."""
    parts, _ = parts_of(url, "resend", FORM, ())
    return ResendProvider(ResendDialect(token_of(parts, FORM)), reach)
