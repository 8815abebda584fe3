"""Addresses that strangers type, and what they lead to: nothing within our own network is ever called, by any
of the doors where one may be typed. Sockets of this machine listen for it, and every name is asked of a
resolver that counts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from connectors.base import Store
from connectors.woocommerce.check import look_at_address, look_with_keys
from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.app.web.connecting import KEYS
from tests.proof import Figure
from tests.wire.test_target import HOSTILE
from wire.addresses import public_address
from wire.http import HttpClient, WireError
from wire.pinning import PinnedAdapter

# Typed by strangers, besides those that the wire itself refuses (there: ports, other schemes, odd letters).
# None of these names may even be looked up.
SPELLINGS = (
    "127.0.0.1", "https://127.0.0.1", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}/shop",
    "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0x0.0x0.0x1", "017700000001",
    "0177.0.0.1", "0177.0x0.0.1", "00127.0.0.1", "127.0.0.1.", "127.000.000.001", "1.1", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "198.18.0.1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "[::1]", "[::1]:{port}", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:10.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1%25lo]", "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]", "[ff02::1]", "::1", "fe80::1", "localhost", "LOCALHOST", "localhost.",
    "localhost.localdomain",
    "shop.localhost", "app.local", "printer.local.", "db.internal", "metadata.google.internal", "metadata",
    "metadata.google.internal.", "router.lan", "box.home.arpa", "host.docker.internal", "x.corp", "x.private",
    "1.0.0.127.in-addr.arpa", "user@127.0.0.1", "shop.example.com@127.0.0.1:{port}",
    "user:p@shop.example.com",
    "@shop.example.com", "https://shop.example.com\\@127.0.0.1:{port}",
    "https://127.0.0.1:{port}\\@shop.example.com",
    "https://shop.example.com#@127.0.0.1:{port}", "https://shop.example.com?@127.0.0.1:{port}/..",
    "shop.example.com:{port}", "shop.example.com:22", "shop.example.com:0443x", "shop.example.com.",
    "https://shop.example.com%2f@127.0.0.1", "https://%31%32%37.0.0.1", "https://127%2e0%2e0%2e1",
    "https://loc%61lhost",
    "https://127\u30020\u30020\u30021", "https://\uff11\uff12\uff17.0.0.1",
    "https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3", "https://localho\u017ft",
    "https://shop.example.com\t.evil.example", "https://shop.example.com\r\nHost: 127.0.0.1",
    "https://shop .example.com",
    "https://shop.example.com\x00.evil.example", "https://shop\u202e.example.com", "https://shop\u200b",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_GET", "ftp://shop.example.com", "//127.0.0.1:{port}/",
    "javascript:alert(1)", "data:text/html,x", "unix:///run/redis.sock", "https://", "https:///etc",
    "https://[",
    "https://[::1", "https://shop_name.example.com", "https://-shop.example.com", "https://shop..example.com",
    "https://shop.example.123", "https://shop.example.0x7f", "https://" + "a" * 64 + ".example.com",
    "https://shop.example.com/../../", "https://shop.example.com//127.0.0.1",
    "https://shop.example.com/%2e%2e",
)  # fmt: skip
# Good names, and what whoever owns them may have them lead to.
LEADS_TO = (
    ("127.0.0.1",), ("127.8.9.10",), ("10.1.2.3",), ("172.31.255.1",), ("192.168.0.10",),
    ("169.254.169.254",),
    ("100.64.0.1",), ("100.100.100.200",), ("168.63.129.16",), ("192.0.0.192",), ("192.0.2.1",),
    ("198.18.0.1",),
    ("198.51.100.1",), ("203.0.113.1",), ("0.0.0.0",), ("0.1.2.3",), ("224.0.0.1",), ("240.0.0.1",),
    ("255.255.255.255",), ("192.88.99.1",), ("::1",), ("::",), ("::ffff:127.0.0.1",), ("::ffff:10.0.0.1",),
    ("::127.0.0.1",), ("64:ff9b::7f00:1",), ("64:ff9b:1::a00:1",), ("2002:7f00:1::1",), ("2001:0:7f00:1::1",),
    ("2001:db8::1",), ("3fff::1",), ("fe80::1",), ("fe80::1%lo",), ("fc00::1",), ("fd00:ec2::254",),
    ("fec0::1",),
    ("ff02::1",), ("100::1",), ("5f00::1",), ("8.8.8.8", "127.0.0.1"), ("127.0.0.1", "8.8.8.8"),
    ("2606:4700::1111", "::1"), ("8.8.8.8", "fe80::1%eth0"), ("8.8.8.8", "10.0.0.1", "9.9.9.9"),
)  # fmt: skip
# Letters of other scripts that look like these: names of their own, asked for under their true spelling.
LOOK_ALIKES = {
    "https://l\u0430rkhus.example": "xn--lrkhus-3nf.example",
    "https://g\u043e\u043egle.example": "xn--ggle-55da.example",
    "https://L\u00c4RKHUS.example": "xn--lrkhus-bua.example",
}


@dataclass
class Ground:
    """`connections`: at any of our listening sockets. `asked`: names that the resolver was asked for,
    `answers` what it says; without one a name leads to this machine."""

    site: Site
    ports: list[int] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def resolve(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        told = self.answers.get(name, [("127.0.0.1",)])
        return told.pop(0) if len(told) > 1 else told[0]

    @property
    def http(self) -> HttpClient:
        http: HttpClient = self.site.client.application.extensions["doorstep"].http
        return http

    def doors(self, typed: str) -> dict[str, int]:
        """Every way by which an address gets in, and what was answered."""
        client = self.site.client
        keys = {"shop": typed, **KEYS}
        return {
            "install": client.get("/woocommerce/install", query_string={"shop": typed}).status_code,
            "connect": client.get("/woocommerce/connect", query_string={"shop": typed}).status_code,
            "again": client.post("/woocommerce/connect", data={"shop": typed}).status_code,
            "keys": client.post("/woocommerce/keys", data=keys).status_code,
        }


@pytest.fixture
def ground(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    made, done = Ground(site), threading.Event()
    monkeypatch.setattr("app.web.connect_page.within", lambda *told: True)  # the table is long
    client = HttpClient(adapter=PinnedAdapter(partial(public_address, resolve=made.resolve)))
    site.client.application.extensions["doorstep"] = replace(site.runtime, http=client)

    def count(listener: socket.socket) -> None:
        while not done.is_set():
            try:
                caller, address = listener.accept()
            except TimeoutError:
                continue
            made.connections.append(str(address))
            caller.close()

    with ExitStack() as open_sockets:
        threads = []
        for host, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
            listener = open_sockets.enter_context(socket.create_server((host, 0), family=family))
            listener.settimeout(0.01)
            made.ports.append(listener.getsockname()[1])
            threads.append(threading.Thread(target=count, args=(listener,)))
        for thread in threads:
            thread.start()
        yield made
        done.set()
        for thread in threads:
            thread.join()
    site.client.application.extensions["doorstep"] = site.runtime


def test_the_sockets_and_the_resolver_notice_a_call(ground: Ground) -> None:
    """Else the tests below would prove nothing."""
    for host, port in zip(("127.0.0.1", "::1"), ground.ports, strict=True):
        socket.create_connection((host, port), timeout=5).close()
    with pytest.raises(WireError):
        ground.http.request("GET", "https://shop.example.com/", timeout=1)
    _until(lambda: len(ground.connections) == 2)
    assert ground.asked == ["shop.example.com"]


def test_no_spelling_of_an_inner_address_is_called(ground: Ground, figure: Figure) -> None:
    forms = dict.fromkeys(
        form.replace("{port}", str(port)) for form in (*SPELLINGS, *HOSTILE) for port in ground.ports
    )
    for typed in forms:
        ground.asked.clear()
        told = ground.doors(typed)
        assert set(told.values()) <= {200, 400, 422}, (typed, told)
        assert not any("127." in name or "local" in name or "[" in name for name in ground.asked), typed
        if typed.strip() and not set(ground.asked):
            assert {told["install"], told["again"], told["keys"]} <= {400, 422}, (typed, told)
        with pytest.raises(WireError):
            ground.http.request("GET", typed, timeout=1)
    assert ground.connections == [] and len(SPELLINGS) >= 80
    figure("spellings", len(set(SPELLINGS) | set(HOSTILE)))


@pytest.mark.parametrize("leads_to", LEADS_TO, ids=" ".join)
def test_a_good_name_that_leads_inwards_is_not_called(ground: Ground, leads_to: tuple[str, ...]) -> None:
    ground.answers["shop.example.com"] = [leads_to]
    told = ground.doors("shop.example.com")
    assert set(told.values()) == {422}
    page = ground.site.client.get("/woocommerce/install?shop=shop.example.com")
    assert "This address leads into a private network" in page.text
    assert ground.asked and ground.connections == []


@pytest.mark.parametrize(("typed", "name"), LOOK_ALIKES.items())
def test_look_alikes_are_asked_for_by_their_true_spelling(ground: Ground, typed: str, name: str) -> None:
    ground.doors(typed)
    assert set(ground.asked) == {name} and ground.connections == []


def test_each_call_is_pinned_to_the_one_answer_that_was_checked(ground: Ground) -> None:
    """A resolver that says something public first and something inner the second time: the first call goes to
    the public address or nowhere, the second is refused."""
    at, reached = ground.site.runtime, list[str]()
    ground.answers["shop.example.com"] = [("8.8.8.8",), ("127.0.0.1",)]

    class Recording(PinnedAdapter):
        def send(self, request: Any, *rest: Any, **more: Any) -> Any:
            reached.append(self.address_of(request.url.split("/")[2]))
            raise OSError("nobody is called in a test")

    http = HttpClient(adapter=Recording(partial(public_address, resolve=ground.resolve)))
    store = Store(Platform.WOOCOMMERCE, "shop.example.com", "https://shop.example.com", http, secrets=KEYS)
    first = look_at_address("https://shop.example.com", http, at.clock.real())
    second = look_with_keys(store, fresh=True).findings
    assert [one.key for one in (*first, *second)] == ["unreachable", "private_address"]
    assert reached == ["8.8.8.8"] and ground.connections == []


def _until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never became true")
