"""STARTTLS, TLS and login, with a certificate that the test made itself."""

from __future__ import annotations

import base64
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from emails.providers.base import SendFailed
from emails.providers.registry import SMTP, provider_for
from emails.providers.smtp_url import server_of
from tests.emails.providers.scripted_server import HANG_UP, serving
from tests.emails.providers.test_smtp import LETTER, commands

OFFERS_TLS = b"250-mx.example\r\n250 STARTTLS"
OFFERS_LOGIN = b"250-mx.example\r\n250 AUTH PLAIN"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


def send(url: str) -> None:
    with provider_for(url).connect() as courier:
        courier.prepare(LETTER)
        courier.hand_over()


def failure_of(url: str) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        send(url)
    assert not caught.value.permanent
    assert not caught.value.handed_over
    return caught.value


def test_starttls_is_used_where_it_is_offered(
    certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with serving({"ehlo": [OFFERS_TLS, OFFERS_TLS]}, context) as server:
        send(f"smtp://127.0.0.1:{server.port}")
        assert commands(server) == ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
        assert len(server.mails) == 1


def test_tls_from_the_first_byte(
    certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with serving(None, context, tls_at_once=True) as server:
        send(f"smtps://127.0.0.1:{server.port}")
        assert len(server.mails) == 1


def test_a_certificate_that_nobody_vouches_for(certificate: tuple[Path, ssl.SSLContext]) -> None:
    for script, at_once, scheme in (({"ehlo": [OFFERS_TLS]}, False, "smtp"), ({}, True, "smtps")):
        with serving(script, certificate[1], tls_at_once=at_once) as server:
            assert failure_of(f"{scheme}://127.0.0.1:{server.port}").reason == "tls_failed"
            assert server.mails == []


def test_starttls_that_was_demanded_but_is_not_there() -> None:
    with serving() as server:
        assert failure_of(f"smtp://127.0.0.1:{server.port}?starttls=always").reason == "not_offered"
        assert server.mails == []


def test_starttls_that_is_refused_or_breaks() -> None:
    with serving({"ehlo": [OFFERS_TLS] * 2, "starttls": [b"454 4.7.0 not now", HANG_UP]}) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        assert failure_of(url).code == 454
        assert failure_of(url).reason == "no_connection"


def test_plain_text_that_answers_a_tls_greeting() -> None:
    with serving() as server:
        assert failure_of(f"smtps://127.0.0.1:{server.port}?connect_seconds=0.5").reason in (
            "tls_failed",
            "no_connection",
        )


def test_starttls_can_be_switched_off_for_a_server_of_ones_own() -> None:
    with serving({"ehlo": [OFFERS_TLS]}) as server:
        send(f"smtp://127.0.0.1:{server.port}?starttls=never")
        assert "STARTTLS" not in commands(server)


def test_login_with_what_the_address_says() -> None:
    with serving({"ehlo": [OFFERS_LOGIN]}) as server:
        send(f"smtp://shop%40mail.example:p%2Fw%3A@127.0.0.1:{server.port}")
        told = next(command for command in server.commands if command.startswith("AUTH PLAIN "))
        assert base64.b64decode(told.split(" ")[2]) == b"\0shop@mail.example\0p/w:"
        assert len(server.mails) == 1


def test_login_that_is_refused_is_nobodys_recipient() -> None:
    with serving({"ehlo": [OFFERS_LOGIN], "auth": [b"535 5.7.8 wrong"]}) as server:
        failure = failure_of(f"smtp://shop:secret@127.0.0.1:{server.port}")
        assert (failure.reason, failure.code) == ("login_refused", 535)


def test_login_that_is_not_offered() -> None:
    with serving() as server:
        assert failure_of(f"smtp://shop:secret@127.0.0.1:{server.port}").reason == "not_offered"


def test_a_password_needs_tls_on_the_way_to_another_machine() -> None:
    assert server_of("smtp://a:b@mail.example").starttls == "always"
    assert server_of("smtp://mail.example").starttls == "offered"
    with pytest.raises(ValueError, match="never sent to another machine"):
        server_of("smtp://a:b@mail.example?starttls=never")


def test_ports_and_waiting_times() -> None:
    assert [server_of(url).port for url in ("smtp://h", "smtp://u:p@h", "smtps://h", "smtp://h:2525")] == [
        25,
        587,
        465,
        2525,
    ]
    usual = server_of("smtp://h")
    assert (usual.connect_seconds, usual.command_seconds, usual.answer_seconds) == (10, 30, 600)
    assert server_of("smtp://h?answer_seconds=90").answer_seconds == 90


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smtp://",
        "mail.example",
        "http://mail.example",
        "smtp://h?tls=1",
        "smtp://h?starttls=yes",
        "smtp://ü:p@h",
    ],
)
def test_addresses_that_name_no_server(url: str) -> None:
    with pytest.raises(ValueError):
        provider_for(url)


def test_the_password_is_never_shown() -> None:
    assert "hunter2" not in repr(provider_for("smtps://shop:hunter2@mail.example"))


def test_the_registry_names_what_it_knows() -> None:
    assert set(SMTP) == {"smtp", "smtps"}
    provider = provider_for("smtp://mail.example")
    assert (provider.name, provider.idempotent) == ("smtp", False)
