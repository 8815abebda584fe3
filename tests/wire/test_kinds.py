"""Why a call brought nothing, told apart over real connections: what a merchant is to do depends on it."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.wire.test_pinning import self_signed
from wire.addresses import public_address
from wire.errors import AddressRefused, NoAnswer, NoName, NotReached, NotTrusted, TooSlow, WireError
from wire.http import HttpClient
from wire.pinning import PinnedAdapter

SHOP = "https://shop.example.com/"


class ToPort(PinnedAdapter):
    """Calls a server of the test, which cannot stand at port 443."""

    def __init__(self, port: int) -> None:
        super().__init__(lambda name: "127.0.0.1")
        self.port = port

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> requests.Response:
        request.url = f"https://shop.example.com:{self.port}/"
        return super().send(request, *rest, **more)


class Trusting(ToPort):
    """And takes this certificate for a good one."""

    def __init__(self, port: int, certificate: Path) -> None:
        super().__init__(port)
        self.certificate = certificate

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> requests.Response:
        return super().send(request, *rest, **{**more, "verify": str(self.certificate)})


@contextmanager
def standing(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once() -> None:
            try:
                caller, _ = listener.accept()
                with caller:
                    serve(caller)
            except OSError:
                return

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
    thread.join(10)


def why(port: int, adapter: ToPort | None = None) -> type[WireError]:
    client = HttpClient(adapter=adapter or ToPort(port), longest=0.5)
    with pytest.raises(WireError) as caught:
        client.request("GET", SHOP, timeout=0.4)
    client.adapter.close()
    return type(caught.value)


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed("shop.example.com", tmp_path))
    with standing(lambda caller: context.wrap_socket(caller, server_side=True).close()) as port:
        assert why(port) is NotTrusted


def test_a_server_whose_tls_breaks_after_it_was_asked_may_have_heard(tmp_path: Path) -> None:
    """Whoever took that for a certificate would send the same mail once more."""
    certificate = self_signed("shop.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard: list[bytes] = []

    def serve(caller: socket.socket) -> None:
        with context.wrap_socket(caller, server_side=True) as talking:
            heard.append(talking.recv(4096))
            os.write(talking.fileno(), b"this is no record of TLS at all\r\n")
            time.sleep(0.2)

    with standing(serve) as port:
        assert why(port, Trusting(port, certificate)) is NoAnswer
    assert heard[0].startswith(b"GET / ")


def test_a_server_that_speaks_no_tls() -> None:
    with standing(lambda caller: caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert why(port) is NotTrusted


def test_a_server_that_says_nothing() -> None:
    with standing(lambda caller: time.sleep(2)) as port:
        assert issubclass(why(port), NoAnswer)


def test_a_port_where_nobody_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert why(port) is NotReached


@pytest.mark.parametrize(("addresses", "kind"), [(("127.0.0.1",), AddressRefused), ((), AddressRefused)])
def test_a_name_that_leads_inwards_or_nowhere(addresses: tuple[str, ...], kind: type[WireError]) -> None:
    inwards = PinnedAdapter(partial(public_address, resolve=lambda name: addresses))
    with pytest.raises(kind):
        HttpClient(adapter=inwards).request("GET", SHOP, timeout=1)


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(NoName):
        HttpClient().request("GET", "https://no-such-shop.invalid/", timeout=1)


def test_too_slow_is_a_kind_of_no_answer() -> None:
    assert issubclass(TooSlow, NoAnswer) and issubclass(NoName, NoAnswer)
    assert not issubclass(NotTrusted, NoAnswer), "trying again does not mend a certificate"
