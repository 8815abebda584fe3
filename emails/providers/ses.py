"""Mail over Amazon SES: the whole mail as bytes, each call signed. It knows no key and cannot be asked.

answer                                         what becomes of the mail
MessageRejected                                never: its content; later where an identity is not verified
BadRequestException about an address           never: no address
413                                            never: too large
TooManyRequestsException, Throttling...        later, slower
... "Daily message quota exceeded"             later: the account's share is used up
LimitExceededException                         later: the account's share is used up
AccountSuspended..., SendingPausedException    later: the account
MailFromDomainNotVerifiedException             later: the sender is not set up
403 of any kind, expired or wrong signatures   later: the login
any other 4xx                                  later: it says nothing of this one mail

SES writes a Message-ID of its own over ours, and keeps all other headers; its id is what it answers, and its
events name ours as well. Its call for many mails knows no key either, so each goes alone.
(docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html, .../CommonErrors.html)
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote

from emails.message import Envelope
from emails.mime import mail_bytes
from emails.providers.account_url import is_token, named_option, parts_of
from emails.providers.api import ApiCourier, Call, Reach, called, failure, id_in, refused, told_in
from emails.providers.base import Receipt, Repeats, SendFailed
from emails.providers.ses_signature import AmazonKey, signed_headers
from emails.providers.told import words
from wire.http import Answer

FORM = "ses://KEY:SECRET@eu-west-1"
_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d")
_ADDRESS = re.compile(
    r"illegal address|missing final|invalid (e-?mail )?address"
    r"|(local|domain) (address |name )?(contains|starts|ends)",
    re.IGNORECASE,
)
_LOGIN = frozenset(
    (
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    )
)
_MEANINGS = {
    "AccountSuspendedException": "account_paused",
    "SendingPausedException": "account_paused",
    "LimitExceededException": "quota_used_up",
    "MailFromDomainNotVerifiedException": "sender_refused",
}
_SLOWER = frozenset(("TooManyRequestsException", "ThrottlingException", "Throttling"))
_NOT_ALLOWED = "AccessDeniedException"


@dataclass(frozen=True, slots=True)
class SesDialect:
    key: AmazonKey
    configuration_set: str = ""

    def letter(self, envelope: Envelope) -> Call:
        raw = base64.b64encode(mail_bytes(envelope)).decode()
        told: dict[str, object] = {
            "FromEmailAddress": envelope.sender,
            "Destination": {"ToAddresses": [envelope.recipient]},
            "Content": {"Raw": {"Data": raw}},
        }
        if self.configuration_set:
            told["ConfigurationSetName"] = self.configuration_set
        return self.call("POST", "/v2/email/outbound-emails", json.dumps(told).encode())

    def call(self, method: str, path: str, body: bytes = b"") -> Call:
        origin = f"https://email.{self.key.region}.amazonaws.com"
        return Call(method, f"{origin}{path}", {"Content-Type": "application/json"}, body)

    def signed(self, call: Call, real: datetime) -> Call:
        """At the hand-over: a signature is good for five minutes."""
        headers = signed_headers(self.key, call.method, call.url, call.headers, call.body, real)
        return replace(call, headers=headers)

    def receipt(self, answer: Answer) -> Receipt:
        return Receipt(id_in(answer, "MessageId"), str(answer.status))

    def refusal(self, answer: Answer) -> SendFailed | None:
        kind, message = error_in(answer)
        if kind in _LOGIN:
            return failure(answer, "login_refused")
        if kind in _SLOWER:
            return failure(answer, "quota_used_up" if "quota" in message.lower() else "vendor_busy")
        if kind == "MessageRejected":
            if "not verified" in message.lower():
                return failure(answer, "sender_refused")
            return failure(answer, "content_refused", permanent=True)
        if kind == "BadRequestException" and _ADDRESS.search(message):
            return failure(answer, "invalid_email", permanent=True)
        if kind in _MEANINGS:
            return failure(answer, _MEANINGS[kind])
        return failure(answer, "too_large", permanent=True) if answer.status == 413 else None


@dataclass(frozen=True, slots=True)
class SesProvider:
    dialect: SesDialect
    reach: Reach = field(repr=False)
    name: str = "ses"
    idempotent: bool = False
    repeats: Repeats = Repeats.NONE

    def connect(self) -> ApiCourier:
        return ApiCourier(self.dialect, self.reach)

    def check(self) -> None:
        """A key that may only send is known all the same: that is what is asked."""
        answer = called(self.dialect, self.dialect.call("GET", "/v2/email/account"), self.reach)
        if answer.status != 200 and error_in(answer)[0] != _NOT_ALLOWED:
            raise refused(self.dialect, answer)
        if told_in(answer).get("SendingEnabled") is False:
            raise SendFailed("account_paused", code=answer.status)


def ses_provider(url: str, reach: Reach) -> SesProvider:
    """`?configuration_set=` names the one whose events are told. Raises ValueError."""
    parts, given = parts_of(url, "ses", FORM, ("configuration_set",))
    login, _, region = parts.netloc.rpartition("@")
    key, _, secret = login.partition(":")
    key, secret = unquote(key), unquote(secret)
    if not (is_token(key) and is_token(secret) and _REGION.fullmatch(region)):
        raise ValueError(f"an account is named like {FORM}")
    amazon = AmazonKey(key, secret, region, "ses")
    return SesProvider(SesDialect(amazon, named_option(given, "configuration_set")), reach)


def error_in(answer: Answer) -> tuple[str, str]:
    """The error's name, which stands in a header (before an address) or in the body, and its words."""
    told = told_in(answer)
    kind = answer.headers.get("x-amzn-errortype", "") or words(told, "__type")
    message = words(told, "message") or words(told, "Message")
    return kind.partition(":")[0].rpartition("#")[2].strip(), message
