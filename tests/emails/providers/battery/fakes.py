"""The interfaces of SES, Postmark and Resend, as far as mails go, as their documentation has them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import quote

from tests.emails.providers.battery.api_server import Asked, Said

_ADDRESS = re.compile(r"[^@\s<>]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


@dataclass(frozen=True)
class Taken:
    """A mail as its reader gets it."""

    recipient: str
    subject: str
    headers: dict[str, str]
    text: str
    html: str


@dataclass
class ResendFake:
    key: str = "re_live_1"
    mails: list[Taken] = field(default_factory=list)
    known: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def serve(self, asked: Asked) -> Said:
        given = asked.headers.get("authorization", "")
        if not given:
            return _resend(401, "missing_api_key", "Missing API key in the authorization header.")
        if given != f"Bearer {self.key}":
            return _resend(401, "validation_error", "API key is invalid")
        if (asked.method, asked.path) == ("GET", "/domains"):
            return _resend(401, "restricted_api_key", "This API key is restricted to only send emails.")
        if (asked.method, asked.path) != ("POST", "/emails"):
            return _resend(404, "not_found", "The requested endpoint does not exist.")
        return self._emails(asked)

    def _emails(self, asked: Asked) -> Said:
        key = asked.headers["idempotency-key"]
        if not 1 <= len(key) <= 256:
            return _resend(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
        if key in self.known:
            body, named = self.known[key]
            if body == asked.body:
                return Said(200, {"id": named})
            words = "Same idempotency key used with a different request payload."
            return _resend(409, "invalid_idempotent_request", words)
        told = asked.json
        for to in told["to"]:
            if not _ADDRESS.fullmatch(to):
                return _resend(
                    422, "validation_error", "Invalid `to` field. The email address needs to follow"
                )
        named = f"49a3999c-0ce1-4ea6-ab68-{len(self.mails):012}"
        self.known[key] = (asked.body, named)
        self.mails.append(Taken(told["to"][0], told["subject"], told["headers"], told["text"], told["html"]))
        return Said(200, {"id": named})


def _resend(status: int, name: str, message: str) -> Said:
    return Said(status, {"statusCode": status, "message": message, "name": name})


@dataclass
class PostmarkFake:
    token: str = "a-server-token"
    mails: list[Taken] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    by_metadata: dict[str, str] = field(default_factory=dict)
    inactive: str = "inactive@example.com"

    def serve(self, asked: Asked) -> Said:
        if asked.headers.get("x-postmark-server-token") != self.token:
            return _postmark(401, 10, "Request does not contain a valid Server token.")
        if (asked.method, asked.path) == ("GET", "/server"):
            return Said(200, {"ID": 1, "Name": "Shop"})
        if (asked.method, asked.path) == ("GET", "/messages/outbound"):
            return self._search(asked.query["metadata_message-id"])
        assert (asked.method, asked.path) == ("POST", "/email")
        assert asked.headers["accept"] == asked.headers["content-type"] == "application/json"
        told = asked.json
        if not _ADDRESS.fullmatch(told["To"]):
            return _postmark(422, 300, f"Error parsing 'To': Illegal email address '{told['To']}'.")
        if told["To"] == self.inactive:
            return _postmark(422, 406, "You tried to send to a recipient that has been marked as inactive.")
        headers = {one["Name"]: one["Value"] for one in told["Headers"]}
        assert headers.pop("X-PM-KeepID") == "true"
        assert all(len(name) <= 20 and len(value) <= 80 for name, value in told["Metadata"].items())
        named = f"b7bc2f4a-e38e-4336-af7d-{len(self.mails):012}"
        self.by_metadata[told["Metadata"]["message-id"]] = named
        self.mails.append(Taken(told["To"], told["Subject"], headers, told["TextBody"], told["HtmlBody"]))
        self.streams.append(told["MessageStream"])
        told_back = {"To": told["To"], "SubmittedAt": "2026-11-02T09:00:00.1234567Z", "MessageID": named}
        return Said(200, {**told_back, "ErrorCode": 0, "Message": "OK"})

    def _search(self, wanted: str) -> Said:
        found = (
            [{"MessageID": self.by_metadata[wanted], "Status": "Sent"}] if wanted in self.by_metadata else []
        )
        return Said(200, {"TotalCount": len(found), "Messages": found})


def _postmark(status: int, code: int, message: str) -> Said:
    return Said(status, {"ErrorCode": code, "Message": message})


@dataclass
class SesFake:
    """It reckons the signature anew from what arrived, in its own way."""

    key: str = "AKIDEXAMPLE"
    secret: str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    region: str = "eu-west-1"
    mails: list[Taken] = field(default_factory=list)

    def serve(self, asked: Asked) -> Said:
        if not self._is_signed(asked):
            words = "The request signature we calculated does not match the signature you provided."
            return _ses(403, "SignatureDoesNotMatch", words)
        if (asked.method, asked.path) == ("GET", "/v2/email/account"):
            return Said(200, {"SendingEnabled": True, "ProductionAccessEnabled": True})
        assert (asked.method, asked.path) == ("POST", "/v2/email/outbound-emails")
        told = asked.json
        (to,) = told["Destination"]["ToAddresses"]
        if not _ADDRESS.fullmatch(to):
            return _ses(400, "BadRequestException", "Illegal address")
        raw = message_from_bytes(base64.b64decode(told["Content"]["Raw"]["Data"]), policy=default)
        assert isinstance(raw, EmailMessage)
        text, html = raw.get_body(("plain",)), raw.get_body(("html",))
        assert text is not None and html is not None
        headers = {name: str(value) for name, value in raw.items()}
        self.mails.append(Taken(to, headers["Subject"], headers, text.get_content(), html.get_content()))
        return Said(200, {"MessageId": f"0102018b{len(self.mails):08}-000000"})

    def _is_signed(self, asked: Asked) -> bool:
        given = asked.headers.get("authorization", "")
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\d{8})/(\S+?)/ses/aws4_request,"
            r" SignedHeaders=(\S+), Signature=([0-9a-f]{64})",
            given,
        )
        if found is None or found[1] != self.key or found[3] != self.region:
            return False
        names = found[4].split(";")
        if names != sorted(names) or "host" not in names or "x-amz-date" not in names:
            return False
        lines = [asked.method, quote(asked.path), ""]
        lines += [f"{name}:{' '.join(asked.headers[name].split())}" for name in names]
        lines += ["", found[4], hashlib.sha256(asked.body).hexdigest()]
        scope = f"{found[2]}/{self.region}/ses/aws4_request"
        hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{asked.headers['x-amz-date']}\n{scope}\n{hashed}"
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == found[5]


def _ses(status: int, kind: str, message: str) -> Said:
    return Said(status, {"message": message}, {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/"})


VendorFake = ResendFake | PostmarkFake | SesFake
