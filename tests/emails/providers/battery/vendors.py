"""Each vendor with its fake, and its own words for what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from emails.message import Envelope
from emails.providers.api import Reach
from emails.providers.base import Provider, Receipt
from emails.providers.registry import provider_for
from tests.emails.providers.battery.api_server import ApiServer, Said, api_server
from tests.emails.providers.battery.fakes import PostmarkFake, ResendFake, SesFake, VendorFake
from wire.http import HttpClient

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
VENDORS = ("ses", "postmark", "resend")
ORIGINS = {
    "ses": "https://email.eu-west-1.amazonaws.com",
    "postmark": "https://api.postmarkapp.com",
    "resend": "https://api.resend.com",
}
URLS = {
    "ses": "ses://AKIDEXAMPLE:wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY@eu-west-1",
    "postmark": "postmark://a-server-token",
    "resend": "resend://re_live_1",
}
WRONG_URLS = {
    "ses": "ses://AKIDEXAMPLE:wrong@eu-west-1",
    "postmark": "postmark://wrong",
    "resend": "resend://wrong",
}


@dataclass(frozen=True)
class Vendor:
    name: str
    fake: VendorFake
    server: ApiServer

    def provider(self, url: str | None = None) -> Provider:
        return provider_for(url or URLS[self.name], self.reach())

    def reach(self) -> Reach:
        return Reach(HttpClient({ORIGINS[self.name]: self.server.origin}), lambda: NOW)

    def send(self, letter: Envelope, provider: Provider | None = None) -> Receipt:
        with (provider or self.provider()).connect() as courier:
            courier.prepare(letter)
            return courier.hand_over()


@contextmanager
def a_vendor(name: str) -> Iterator[Vendor]:
    fake: VendorFake = {"ses": SesFake, "postmark": PostmarkFake, "resend": ResendFake}[name]()
    with api_server(fake.serve) as server:
        yield Vendor(name, fake, server)


def a_letter(recipient: str = "mia@example.com", **changes: object) -> Envelope:
    told: dict[str, object] = {
        "sender": "hello@mail.example",
        "sender_name": "Käffchen, Röster & Co",
        "recipient": recipient,
        "reply_to": "help@shop.example",
        "message_id": "<0f12ab@mail.example>",
        "subject": "Your coffee: ☕ arrived",
        "html": "<p>Grüße</p>",
        "text": "Grüße\n",
        "headers": {
            "Date": "Mon, 02 Nov 2026 09:00:00 +0000",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<https://doorstep.example/u/{'x' * 180}/one-click>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "X-Doorstep-Row": "7",
        },
    }
    # What a case changes has the type of its own field.
    return Envelope(**{**told, **changes})  # type: ignore[arg-type]


def answer(vendor: str, kind: str) -> Said:
    """What the vendor's documentation says that it answers."""
    return _ANSWERS[vendor][kind]


def _resend(status: int, name: str, message: str = "", **headers: str) -> Said:
    return Said(status, {"statusCode": status, "name": name, "message": message}, headers)


def _postmark(status: int, code: int, message: str = "", **headers: str) -> Said:
    return Said(status, {"ErrorCode": code, "Message": message}, headers)


def _ses(status: int, kind: str, message: str = "", **headers: str) -> Said:
    return Said(status, {"message": message}, {"x-amzn-ErrorType": kind, **headers})


_ANSWERS: Mapping[str, Mapping[str, Said]] = {
    "resend": {
        "busy": _resend(429, "rate_limit_exceeded", **{"Retry-After": "7"}),
        "quota": _resend(429, "daily_quota_exceeded", **{"Retry-After": "86400"}),
        "sender": _resend(403, "validation_error", "The mail.example domain is not verified."),
        "login": _resend(403, "invalid_api_key", "API key is invalid."),
        "trouble": _resend(500, "application_error", "An unexpected error occurred."),
        "unlisted": _resend(422, "missing_required_field", "The request body is missing a field."),
    },
    "postmark": {
        "busy": _postmark(429, 429, "Rate limit exceeded", **{"Retry-After": "7"}),
        "quota": _postmark(422, 405, "Not allowed to send"),
        "sender": _postmark(422, 400, "The 'From' address you supplied is not a Sender Signature"),
        "login": _postmark(401, 10, "Bad or missing Server API token."),
        "trouble": Said(500, b"<html>Internal Server Error</html>"),
        "unlisted": _postmark(422, 1226, "The message stream for the provided ID was not found."),
    },
    "ses": {
        "busy": _ses(
            429, "TooManyRequestsException", "Maximum sending rate exceeded.", **{"Retry-After": "7"}
        ),
        "quota": _ses(429, "TooManyRequestsException", "Daily message quota exceeded."),
        "sender": _ses(400, "MessageRejected", "Email address is not verified. The following identities"),
        "login": _ses(403, "InvalidClientTokenId", "The security token included is invalid."),
        "trouble": _ses(500, "InternalFailure"),
        "unlisted": _ses(404, "NotFoundException", "Configuration set <x> does not exist."),
    },
}
