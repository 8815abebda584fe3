"""Settling in: the plugin is told how things are, and pages move to the store's address once that leads
to us."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs

import pytest
from sqlalchemy import text

from app.services.connection import close_generation
from app.services.settle_in import seen_at, settle_in
from app.services.stores import Stores
from connectors.base import AccessLost, Connector, Store
from connectors.companion import PluginSaid, PluginSettings
from connectors.shopify.keys import AppKeys
from connectors.woocommerce.plugin import tell_plugin
from flows.commerce import Platform, ShopProfile
from tests.app.desk import Desk, connect_shop
from wire.http import HttpClient

ORIGIN = "https://larkhus.example"


@dataclass
class Shop:
    """A store's web server: what it was asked, and how it answers by path."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    pongs: Callable[[str], bytes] | None = None
    path: str = "/apps/doorstep"

    def answer_to(self, path: str) -> tuple[int, bytes]:
        below, _, query = path.partition("?")
        if self.pongs and below == f"{self.path}/ping":
            return 200, self.pongs(parse_qs(query)["asked"][0])
        return self.answers.get(below, (404, b"{}"))

    def http(self) -> HttpClient:
        return HttpClient(origins={ORIGIN: f"http://127.0.0.1:{self.port}"})


@pytest.fixture
def shop() -> Iterator[Shop]:
    held = Shop()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            held.asked.append((self.command, self.path, dict(self.headers), body))
            status, told = held.answer_to(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Quiet:
    """A platform that knows its own profile and keeps its subscriptions to itself."""

    platform: Platform = Platform.WOOCOMMERCE
    lost: str = ""

    def profile(self, store: Store) -> ShopProfile:
        self._opens("profile")
        return ShopProfile("Larkhus", f"{ORIGIN}/", "hi@larkhus.example", "EUR", "Europe/Berlin")

    def subscribe(self, store: Store, address: str, secret: str, declared: bool = False) -> tuple[str, ...]:
        self._opens("subscribe")
        return ()

    def tell_plugin(self, store: Store, settings: PluginSettings) -> PluginSaid | None:
        return tell_plugin(store, settings)

    def _opens(self, call: str) -> None:
        if call == self.lost:
            raise AccessLost("the key is no longer accepted")


def settle(desk: Desk, shop: Shop, connector: Quiet | None = None) -> str:
    http = shop.http()
    stores = Stores(
        lambda _: cast(Connector, connector or Quiet()),
        desk.keys,
        http,
        "https://app.example",
        AppKeys("", "", None),
        desk.database,
    )
    keys = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
    store = Store(Platform.WOOCOMMERCE, "larkhus.example", ORIGIN, http, secrets=keys)
    try:
        settle_in(desk.database, stores, desk.shop_id, store, desk.now, desk.real)
    except AccessLost:
        assert connector is not None
    return prefix(desk)


def prefix(desk: Desk) -> str:
    return str(desk.rows("SELECT pages_prefix FROM shops WHERE id = :id", id=desk.shop_id)[0].pages_prefix)


def test_the_plugin_is_told_the_time_of_the_telling(desk: Desk, shop: Shop) -> None:
    """It sets its clock by it, and a slow store may take long to describe itself."""

    @dataclass
    class Slow(Quiet):
        told: list[PluginSettings] = field(default_factory=list)

        def profile(self, store: Store) -> ShopProfile:
            time.sleep(1.2)
            return Quiet.profile(self, store)

        def tell_plugin(self, store: Store, settings: PluginSettings) -> PluginSaid | None:
            self.told.append(settings)
            return None

    slow = Slow()
    settle(desk, shop, slow)
    assert timedelta(seconds=1.2) <= slow.told[0].at - desk.real < timedelta(seconds=20)


def forwarding(desk: Desk, shop: Shop, shop_id: int | None = None) -> None:
    """The store forwards to us, as this shop or as another."""
    shop.pongs = lambda asked: desk.keys.pong(shop_id or desk.shop_id, asked, shop.path).encode()


def test_our_own_answer_proves_the_address(desk: Desk, shop: Shop) -> None:
    forwarding(desk, shop)
    assert settle(desk, shop) == "/apps/doorstep"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"doorstep"),
        (200, b"<html>A page of the store</html>"),
        (200, b"doorstep " + b"0" * 64),
        (404, b"doorstep"),
        (302, b""),
        (500, b""),
    ],
)
def test_no_other_answer_does(desk: Desk, shop: Shop, status: int, body: bytes) -> None:
    shop.answers["/apps/doorstep/ping"] = (status, body)
    assert settle(desk, shop) == ""


def test_another_shop_s_answer_and_an_old_one_prove_nothing(desk: Desk, shop: Shop) -> None:
    forwarding(desk, shop, desk.shop_id + 1)
    assert settle(desk, shop) == ""
    shop.answers["/apps/doorstep/ping"] = (200, desk.keys.pong(desk.shop_id, "", "/apps/doorstep").encode())
    assert settle(desk, shop) == ""


def test_what_was_proven_once_is_asked_again(desk: Desk, shop: Shop) -> None:
    forwarding(desk, shop)
    assert settle(desk, shop) == "/apps/doorstep"
    shop.pongs = None
    assert settle(desk, shop) == ""


@pytest.mark.parametrize("lost", ["profile", "subscribe"])
def test_a_store_that_locked_us_out_is_asked_all_the_same(desk: Desk, shop: Shop, lost: str) -> None:
    forwarding(desk, shop)
    assert settle(desk, shop) == "/apps/doorstep"
    assert settle(desk, shop, Quiet(lost=lost)) == "/apps/doorstep"
    shop.pongs = None
    assert settle(desk, shop, Quiet(lost=lost)) == ""


def test_pages_are_with_us_again_after_an_uninstall_and_a_new_connection(desk: Desk, shop: Shop) -> None:
    forwarding(desk, shop)
    assert settle(desk, shop) == "/apps/doorstep"
    with desk.database.shops(desk.shop_id) as session:
        close_generation(session, desk.shop_id, desk.now)
    assert prefix(desk) == ""
    assert settle(desk, shop) == "", "a look that was under way proves nothing for a shop that has gone"
    connect_shop(desk.database)
    assert settle(desk, shop) == "/apps/doorstep"
    connect_shop(desk.database)
    assert prefix(desk) == "", "the keys are new: so may be the store behind them"


def test_the_plugin_is_told_what_it_signs_with(desk: Desk, shop: Shop) -> None:
    settle(desk, shop)
    method, path, headers, body = shop.asked[0]
    token = desk.rows("SELECT token FROM shops WHERE id = :id", id=desk.shop_id)[0].token
    assert (method, path) == ("POST", "/wp-json/wc-doorstep/v1/settings")
    told = json.loads(body)
    assert (told["secret"], told["app"]) == (desk.keys.plugin_secret(token), "https://app.example")
    assert headers["Authorization"].startswith("Basic ")


def test_a_store_that_does_not_answer_fails_nothing(desk: Desk, shop: Shop) -> None:
    port, shop.port = shop.port, 9
    assert settle(desk, shop) == ""
    shop.port = port


def test_pages_that_a_merchant_moved_are_found_again(desk: Desk, shop: Shop) -> None:
    """Where a form of a shopper came from; what the store then signs for is what links are built from."""
    forwarding(desk, shop)
    shop.path = "/a/parcels"
    assert settle(desk, shop) == ""
    seen_at(desk.database, desk.shop_id, "/a/parcels", desk.real)
    assert prefix(desk) == "", "seen is not proven"
    assert settle(desk, shop) == "/a/parcels"
    shop.path = "/apps/doorstep"
    assert settle(desk, shop) == "/apps/doorstep", "back at the usual place"


def test_the_store_s_own_word_for_the_place_counts(desk: Desk, shop: Shop) -> None:
    shop.pongs = lambda asked: desk.keys.pong(desk.shop_id, asked, "/tools/post").encode()
    assert settle(desk, shop) == "/tools/post"
    shop.pongs = lambda asked: (
        desk.keys.pong(desk.shop_id, asked, "/tools/post").replace("post", "past").encode()
    )
    assert settle(desk, shop) == "", "a place that we did not sign for"


def test_where_pages_were_seen_is_looked_at_soon(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        session.execute(text("UPDATE polls SET next_at = :later"), {"later": desk.real + timedelta(days=1)})
    seen_at(desk.database, desk.shop_id, "/a/parcels", desk.real)
    (row,) = desk.rows("SELECT next_at FROM polls WHERE noun = 'connection'")
    assert row.next_at == desk.real
