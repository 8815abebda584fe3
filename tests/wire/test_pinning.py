"""A real TLS listener: the connection goes to the checked address, name and certificate stay."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from wire.addresses import public_address
from wire.errors import AddressRefused
from wire.http import HttpClient
from wire.pinning import PinnedAdapter


@dataclass
class Shop:
    port: int
    authority: str
    names: list[str | None] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    certificate = self_signed("shop.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        shop = Shop(listener.getsockname()[1], str(certificate))
        context.sni_callback = lambda connection, name, context: shop.names.append(name)
        listener.settimeout(0.01)
        done = threading.Event()
        thread = threading.Thread(target=answer_all, args=(listener, context, shop, done))
        thread.start()
        yield shop
        done.set()
        thread.join()


def test_the_connection_goes_to_the_checked_address_under_the_shops_name(shop: Shop) -> None:
    adapter = PinnedAdapter(lambda name: "127.0.0.1")
    asked = requests.Request(
        "GET", f"https://shop.example.com:{shop.port}/x", headers={"Host": "shop.example.com"}
    ).prepare()
    answer = adapter.send(asked, verify=shop.authority, timeout=5)
    assert answer.content == b"ok"
    assert shop.names == ["shop.example.com"]
    assert shop.requests[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert b"\r\nHost: shop.example.com\r\n" in shop.requests[0]
    adapter.close()


def test_a_certificate_of_another_name_is_not_trusted(shop: Shop) -> None:
    adapter = PinnedAdapter(lambda name: "127.0.0.1")
    asked = requests.Request("GET", f"https://other.example.com:{shop.port}/").prepare()
    with pytest.raises(requests.exceptions.SSLError):
        adapter.send(asked, verify=shop.authority, timeout=5)
    assert not any(shop.requests)
    adapter.close()


def test_the_name_is_looked_up_once_and_a_second_answer_cannot_differ(shop: Shop) -> None:
    questions: list[str] = []

    def rebinding(name: str) -> tuple[str, ...]:
        questions.append(name)
        return ("8.8.8.8",) if len(questions) == 1 else ("127.0.0.1",)

    adapter = PinnedAdapter(partial(public_address, resolve=rebinding))
    asked = requests.Request("GET", f"https://shop.example.com:{shop.port}/").prepare()
    where, how = adapter.build_connection_pool_key_attributes(asked, True)
    assert where == {"scheme": "https", "host": "8.8.8.8", "port": shop.port}
    assert (how["server_hostname"], how["assert_hostname"]) == ("shop.example.com", "shop.example.com")
    assert questions == ["shop.example.com"]


def test_a_name_that_turns_inwards_later_is_refused_then(shop: Shop) -> None:
    answers = iter([("127.0.0.1",), ("10.0.0.1",), ("::1",)])
    client = HttpClient(adapter=PinnedAdapter(partial(public_address, resolve=lambda name: next(answers))))
    for _ in range(3):
        with pytest.raises(AddressRefused):
            client.request("GET", "https://shop.example.com/", timeout=1, retry=True)
    assert (shop.names, shop.requests) == ([], [])


def answer_all(listener: socket.socket, context: ssl.SSLContext, shop: Shop, done: threading.Event) -> None:
    while not done.is_set():
        try:
            caller, _ = listener.accept()
        except TimeoutError:
            continue
        with caller:
            caller.settimeout(2)
            try:
                with context.wrap_socket(caller, server_side=True) as secure:
                    shop.requests.append(secure.recv(65536))
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                continue


def self_signed(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "shop.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    return path
