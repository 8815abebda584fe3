"""Mail over Postmark, which knows no key, but can be asked for a mail by what we wrote beside it.

answer                                      what becomes of the mail
422/300 about 'To'                          never: no address
422/406                                     never: Postmark holds it back, it bounced or complained before
413                                         never: too large
422/300 about 'From', 422/400, 401          later: the sender is not set up
401/10, 403                                 later: the login
422/405, 412, 413                           later: the account may not send, or has used up its share
422/100, 503                                later: maintenance
429                                         later, slower
any other 4xx                               later: it says nothing of this one mail

Up to 500 mails fit into one call, but without a key each of ours has to be marked right before its own
hand-over, so each goes alone. Mails that can be left go to another stream where the account's address names
one (`?broadcast=`). (postmarkapp.com/developer/api/overview, .../api/email-api, .../api/messages-api)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from emails.clean import single_spaced
from emails.message import Envelope
from emails.providers.account_url import named_option, parts_of, token_of
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
from emails.providers.postmark_events import METADATA
from emails.providers.told import objects, words
from wire.http import Answer

ORIGIN = "https://api.postmarkapp.com"
FORM = "postmark://TOKEN"
_LONGEST_METADATA = 80
_LEAVING = "List-Unsubscribe"
_MEANINGS = {
    "10": ("login_refused", False),
    "100": ("vendor_away", False),
    "400": ("sender_refused", False),
    "401": ("sender_refused", False),
    "405": ("quota_used_up", False),
    "406": ("recipient_suppressed", True),
    "412": ("account_paused", False),
    "413": ("account_paused", False),
    "429": ("vendor_busy", False),
}


@dataclass(frozen=True, slots=True)
class PostmarkDialect:
    token: str = field(repr=False)
    stream: str = "outbound"
    broadcast: str = ""

    def letter(self, envelope: Envelope) -> Call:
        told: dict[str, object] = {
            "From": sender(envelope),
            "To": recipient(envelope),
            "Subject": single_spaced(envelope.subject),
            "HtmlBody": envelope.html,
            "TextBody": envelope.text,
            "Headers": self._headers(envelope),
            "MessageStream": self._stream(envelope),
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        if envelope.reply_to:
            told["ReplyTo"] = envelope.reply_to
        if len(named := bare(envelope.message_id)) <= _LONGEST_METADATA:
            told["Metadata"] = {METADATA: named}
        return self.call("POST", "/email", json.dumps(told, ensure_ascii=False).encode())

    def call(
        self, method: str, path: str, body: bytes = b"", params: Mapping[str, str] | None = None
    ) -> Call:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-Postmark-Server-Token": self.token,
        }
        return Call(method, f"{ORIGIN}{path}", headers, body, params or {})

    def signed(self, call: Call, real: datetime) -> Call:
        return call

    def receipt(self, answer: Answer) -> Receipt:
        """A 200 may hold an error, too."""
        if (refusal := self.refusal(answer)) is not None:
            raise refusal
        return Receipt(id_in(answer, "MessageID"), str(answer.status))

    def refusal(self, answer: Answer) -> SendFailed | None:
        told = told_in(answer)
        code, message = words(told, "ErrorCode"), words(told, "Message")
        if code == "300" and "'To'" in message:
            return failure(answer, "recipient_refused", permanent=True)
        if code == "300" and "'From'" in message:
            return failure(answer, "sender_refused")
        if code in _MEANINGS:
            reason, permanent = _MEANINGS[code]
            return failure(answer, reason, permanent=permanent)
        return failure(answer, "too_large", permanent=True) if answer.status == 413 else None

    def _headers(self, envelope: Envelope) -> list[dict[str, str]]:
        """Our Message-ID stays only where Postmark is told to keep it."""
        ours = {
            **envelope.headers,
            "Message-ID": envelope.message_id,
            "X-PM-KeepID": "true",
        }
        return [{"Name": name, "Value": single_spaced(value)} for name, value in ours.items()]

    def _stream(self, envelope: Envelope) -> str:
        return self.broadcast if self.broadcast and _LEAVING in envelope.headers else self.stream


@dataclass(frozen=True, slots=True)
class PostmarkProvider:
    dialect: PostmarkDialect
    reach: Reach = field(repr=False)
    name: str = "postmark"
    idempotent: bool = False
    repeats: Repeats = Repeats.QUERY

    def connect(self) -> ApiCourier:
        return ApiCourier(self.dialect, self.reach)

    def check(self) -> None:
        answer = called(self.dialect, self.dialect.call("GET", "/server"), self.reach)
        if answer.status != 200:
            raise refused(self.dialect, answer)

    def taken(self, message_id: str) -> Receipt | None:
        wanted = {f"metadata_{METADATA}": bare(message_id), "count": "1", "offset": "0"}
        call = self.dialect.call("GET", "/messages/outbound", params=wanted)
        answer = called(self.dialect, call, self.reach)
        if answer.status != 200:
            raise refused(self.dialect, answer)
        found = objects(told_in(answer), "Messages")
        provider_id = words(found[0], "MessageID") if found else ""
        return Receipt(provider_id, words(found[0], "Status")) if provider_id else None


def postmark_provider(url: str, reach: Reach) -> PostmarkProvider:
    """`?stream=` and `?broadcast=` name streams of the account. Raises ValueError."""
    parts, given = parts_of(url, "postmark", FORM, ("stream", "broadcast"))
    stream, broadcast = named_option(given, "stream"), named_option(given, "broadcast")
    return PostmarkProvider(PostmarkDialect(token_of(parts, FORM), stream or "outbound", broadcast), reach)


def bare(message_id: str) -> str:
    return message_id.strip("<>")
