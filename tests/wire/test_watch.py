"""A call has one end, however its answer drips: headers letter by letter, interim answers without end."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from tests.wire.test_pinning import self_signed
from wire.http import HttpClient, TooSlow
from wire.pinning import PinnedAdapter
from wire.watch import at_most

SHOP = "https://shop.example.com"
Speaking = Callable[[socket.socket], None]


@contextmanager
def speaking(
    speak: Speaking, wrap: Callable[[socket.socket], socket.socket] = lambda one: one
) -> Iterator[int]:
    """A server that says what it likes to whoever comes; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                caller, _ = listener.accept()
                with wrap(caller) as told:
                    speak(told)
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
    thread.join(10)
    assert not thread.is_alive(), "the connection was never cut"


def drip(told: socket.socket) -> None:
    told.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(200):
        told.sendall(b"x")
        time.sleep(0.05)


def interim(told: socket.socket) -> None:
    for _ in range(200):
        told.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


def body(told: socket.socket) -> None:
    told.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(200):
        told.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("speak", [drip, interim, body])
def test_what_drips_is_cut_off(speak: Speaking) -> None:
    with speaking(speak) as port:
        client = HttpClient({SHOP: f"http://127.0.0.1:{port}"}, longest=0.4)
        began = time.monotonic()
        with pytest.raises(TooSlow):
            client.request("GET", SHOP, timeout=0.3)
        assert time.monotonic() - began < 1.5


def test_without_a_limit_of_its_own_a_call_takes_three_time_outs_at_most() -> None:
    with speaking(drip) as port:
        client = HttpClient({SHOP: f"http://127.0.0.1:{port}"})
        began = time.monotonic()
        with pytest.raises(TooSlow):
            client.request("GET", SHOP, timeout=0.2)
        assert 0.5 < time.monotonic() - began < 1.5


def test_a_dripping_answer_over_tls_is_cut_off(tmp_path: Path) -> None:
    """Through the pinned connection itself, whose socket is another than the one that connected."""
    certificate = self_signed("shop.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with speaking(drip, lambda caller: context.wrap_socket(caller, server_side=True)) as port:
        adapter = PinnedAdapter(lambda name: "127.0.0.1")
        asked = requests.Request("GET", f"https://shop.example.com:{port}/").prepare()
        began = time.monotonic()
        with at_most(0.4) as watch, suppress(requests.RequestException):
            adapter.send(asked, verify=str(certificate), timeout=0.3)
        assert watch.over and time.monotonic() - began < 1.5
        adapter.close()


def test_a_connection_that_is_kept_open_serves_the_next_call_with_an_end_of_its_own() -> None:
    def twice(told: socket.socket) -> None:
        told.recv(65536)
        told.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        told.recv(65536)
        drip(told)

    with speaking(twice) as port:
        client = HttpClient({SHOP: f"http://127.0.0.1:{port}"}, longest=0.4)
        assert client.request("GET", SHOP, timeout=0.3).body == b"ok"
        time.sleep(0.5)  # the end of the first call cuts nothing
        with pytest.raises(TooSlow):
            replace(client).request("GET", SHOP, timeout=0.3)
