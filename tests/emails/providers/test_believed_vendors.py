"""Whom we believe that a call about mails comes from: by signature, password, topic and time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from emails.providers import ses_sns as sns
from emails.providers.registry import EVENT_SOURCES
from emails.providers.ses_sns import signed_text
from tests.emails.providers.battery.api_server import ApiServer, Asked, Said, api_server
from wire.http import HttpClient

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 24).decode()
RESEND, POSTMARK, SES = EVENT_SOURCES["resend"], EVENT_SOURCES["postmark"], EVENT_SOURCES["ses"]
NOBODY = HttpClient()
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mails"
PLACE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0f12ab.pem"


def resend_headers(
    body: bytes, secret: str = SECRET, at: datetime = NOW, named: str = "msg_1"
) -> dict[str, str]:
    seconds = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{named}.{seconds}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"svix-id": named, "svix-timestamp": seconds, "svix-signature": signature}


def test_resend_is_believed_with_the_secret_and_just_now() -> None:
    body = b'{"type": "email.delivered"}'
    good = resend_headers(body)
    assert RESEND.verify(good, body, [SECRET], NOW, NOBODY)
    assert RESEND.verify(good, body, [OTHER, SECRET], NOW, NOBODY), "while a secret changes both are good"
    both = {**good, "svix-signature": "v1,AAAA v2,xyz " + good["svix-signature"]}
    assert RESEND.verify(both, body, [SECRET], NOW, NOBODY)
    assert not RESEND.verify(good, body, [OTHER], NOW, NOBODY)
    assert not RESEND.verify(good, body, [], NOW, NOBODY)
    assert not RESEND.verify(good, body, ["", "whsec_", "no base64!"], NOW, NOBODY)
    assert not RESEND.verify(good, body + b" ", [SECRET], NOW, NOBODY)
    assert not RESEND.verify({**good, "svix-id": "msg_2"}, body, [SECRET], NOW, NOBODY)
    assert not RESEND.verify({}, body, [SECRET], NOW, NOBODY)


@pytest.mark.parametrize(("away", "good"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_an_old_call_is_no_call(away: int, good: bool) -> None:
    body = b"{}"
    headers = resend_headers(body, at=NOW + timedelta(seconds=away))
    assert RESEND.verify(headers, body, [SECRET], NOW, NOBODY) is good


@pytest.mark.parametrize("seconds", ["", "x", "1e9", "-1", "9" * 40, "١٢٣"])
def test_a_time_that_is_none_is_refused(seconds: str) -> None:
    headers = {**resend_headers(b"{}"), "svix-timestamp": seconds}
    assert not RESEND.verify(headers, b"{}", [SECRET], NOW, NOBODY)


def test_postmark_is_believed_with_the_password() -> None:
    def basic(word: str) -> dict[str, str]:
        return {"authorization": "Basic " + base64.b64encode(word.encode()).decode()}

    assert POSTMARK.verify(basic("doorstep:open sesame"), b"{}", ["open sesame"], NOW, NOBODY)
    assert POSTMARK.verify(basic("doorstep:a:b"), b"{}", ["x", "a:b"], NOW, NOBODY)
    for wrong in (
        basic("doorstep:"),
        basic("open sesame"),
        {},
        {"authorization": "Basic ü"},
        {"authorization": "x"},
    ):
        assert not POSTMARK.verify(wrong, b"{}", ["open sesame", ""], NOW, NOBODY)
    assert not POSTMARK.verify({"authorization": "Bearer open"}, b"{}", ["open"], NOW, NOBODY)


class Amazon:
    """A place like SNS's with a certificate of its own, which signs as the documentation has it."""

    def __init__(self) -> None:
        self.key = generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = certificate(self.key, NOW - timedelta(days=1), NOW + timedelta(days=30))
        self.confirmed: list[str] = []

    def serve(self, asked: Asked) -> Said:
        if asked.path.endswith(".pem"):
            return Said(200, self.pem)
        self.confirmed.append(asked.query["Token"])
        return Said(200, b"<ConfirmSubscriptionResponse/>")

    def message(self, version: str = "2", **changes: Any) -> bytes:
        told = {
            "Type": "Notification",
            "MessageId": "dc1e94d9-56c5-5e96-808d-cc7f68faa162",
            "TopicArn": TOPIC,
            "Subject": "Amazon SES Email Event Notification",
            "Message": "{}",
            "Timestamp": "2026-11-02T09:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": PLACE,
            **changes,
        }
        digest = {"1": hashes.SHA1, "2": hashes.SHA256}.get(version, hashes.SHA256)()
        signature = self.key.sign(signed_text(told).encode(), PKCS1v15(), digest)
        return json.dumps({**told, "Signature": base64.b64encode(signature).decode()}).encode()


def certificate(key: RSAPrivateKey, since: datetime, until: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(until)
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture
def place(amazon: Amazon) -> Iterator[ApiServer]:
    sns._certificates.clear()
    amazon.confirmed.clear()
    with api_server(amazon.serve) as server:
        yield server
    sns._certificates.clear()


def client(place: ApiServer) -> HttpClient:
    return HttpClient({"https://sns.eu-west-1.amazonaws.com": place.origin})


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazon_is_believed_of_its_topic(amazon: Amazon, place: ApiServer, version: str) -> None:
    body = amazon.message(version)
    assert SES.verify({}, body, ["arn:other", TOPIC], NOW, client(place))
    assert SES.verify({}, body, [TOPIC], NOW, client(place))
    assert len(place.asked) == 1, "a certificate is fetched once"


def test_what_was_changed_on_the_way_is_not_believed(amazon: Amazon, place: ApiServer) -> None:
    told = json.loads(amazon.message())
    for name, value in (
        ("Message", '{"x": 1}'),
        ("Timestamp", "2026-11-03T09:00:00.000Z"),
        ("Signature", "AAAA"),
        ("Signature", "no base64!"),
        ("Signature", 7),
        ("SignatureVersion", "3"),
        ("SignatureVersion", "1"),
        ("Type", "SubscriptionConfirmation"),
    ):
        body = json.dumps({**told, name: value}).encode()
        assert not SES.verify({}, body, [TOPIC], NOW, client(place)), name
    assert not SES.verify({}, b"no json", [TOPIC], NOW, client(place))
    assert SES.verify({}, amazon.message(), [TOPIC], NOW, client(place))


def test_of_a_strangers_topic_nobody_is_asked(amazon: Amazon, place: ApiServer) -> None:
    body = amazon.message(TopicArn="arn:aws:sns:eu-west-1:666666666666:evil")
    assert not SES.verify({}, body, [TOPIC, ""], NOW, client(place))
    assert not SES.verify({}, amazon.message(TopicArn=""), [""], NOW, client(place))
    assert place.asked == []


@pytest.mark.parametrize(
    "where",
    [
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        "https://evil.example/SimpleNotificationService-1.pem",
        "https://evil.example/?sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/somebodys-bucket/x.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem?x=y",
        "https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://[::1/SimpleNotificationService-1.pem",
        "",
    ],
)
def test_a_certificate_lies_with_sns_or_nowhere(amazon: Amazon, place: ApiServer, where: str) -> None:
    hosts = {
        "https://evil.example",
        "https://sns.eu-west-1.amazonaws.com.evil.example",
        "https://sns.eu-west-1.amazonaws.com",
        "https://sns.eu-west-1.amazonaws.com:8443",
        "https://s3.eu-west-1.amazonaws.com",
    }
    http = HttpClient(dict.fromkeys(hosts, place.origin))
    assert not SES.verify({}, amazon.message(SigningCertURL=where), [TOPIC], NOW, http)
    assert place.asked == []


def test_a_certificate_out_of_its_time_is_none(amazon: Amazon, place: ApiServer) -> None:
    body = amazon.message()
    assert not SES.verify({}, body, [TOPIC], NOW + timedelta(days=31), client(place))
    assert not SES.verify({}, body, [TOPIC], NOW - timedelta(days=2), client(place))


@pytest.mark.parametrize("said", [Said(404, b""), Said(200, b"no certificate"), Said(200, b"")])
def test_a_certificate_that_is_not_there_is_none(amazon: Amazon, place: ApiServer, said: Said) -> None:
    place.answers.append(said)
    assert not SES.verify({}, amazon.message(), [TOPIC], NOW, client(place))
    assert SES.verify({}, amazon.message(), [TOPIC], NOW, client(place)), "the next time it is asked again"


def test_a_topic_of_ours_is_confirmed(amazon: Amazon, place: ApiServer) -> None:
    wanted = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    body = amazon.message(Type="SubscriptionConfirmation", SubscribeURL=wanted, Token="2336")
    assert SES.verify({}, body, [TOPIC], NOW, client(place))
    assert SES.confirm(body, client(place)) and amazon.confirmed == ["2336"]
    assert SES.parse_events(body) == []
    assert not SES.confirm(amazon.message(), client(place))


def test_a_confirmation_goes_to_sns_only(amazon: Amazon, place: ApiServer) -> None:
    body = amazon.message(Type="SubscriptionConfirmation", SubscribeURL="https://evil.example/", Token="1")
    with pytest.raises(Exception, match="not Amazon's"):
        SES.confirm(body, HttpClient({"https://evil.example": place.origin}))
    assert place.asked == []
