"""Settling in: the plugin is greeted, and pages move to the store's address once that leads to us."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from app.services.settle_in import settle_in
from app.services.stores import Stores
from connectors.base import Connector, Store
from connectors.shopify.keys import AppKeys
from connectors.woocommerce.plugin import greet_plugin
from flows.commerce import Platform, ShopProfile
from tests.app.desk import Desk
from wire.http import HttpClient

ORIGIN = "https://larkhus.example"


@dataclass
class Shop:
    """A store's web server: what it was asked, and how it answers by path."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def http(self) -> HttpClient:
        return HttpClient(origins={ORIGIN: f"http://127.0.0.1:{self.port}"})


@pytest.fixture
def shop() -> Iterator[Shop]:
    held = Shop()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            held.asked.append((self.command, self.path, dict(self.headers), body))
            status, told = held.answers.get(self.path, (404, b"{}"))
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

    def profile(self, store: Store) -> ShopProfile:
        return ShopProfile("Larkhus", f"{ORIGIN}/", "hi@larkhus.example", "EUR", "Europe/Berlin")

    def subscribe(self, store: Store, address: str, secret: str) -> tuple[str, ...]:
        return ()

    def greet_plugin(self, store: Store, app_address: str, secret: str) -> bool:
        return greet_plugin(store, app_address, secret)


def settle(desk: Desk, shop: Shop) -> str:
    http = shop.http()
    stores = Stores(
        lambda _: cast(Connector, Quiet()), desk.keys, http, "https://app.example", AppKeys("", "", None)
    )
    keys = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
    store = Store(Platform.WOOCOMMERCE, "larkhus.example", ORIGIN, http, secrets=keys)
    settle_in(desk.database, stores, desk.shop_id, store)
    return str(desk.rows("SELECT pages_prefix FROM shops WHERE id = :id", id=desk.shop_id)[0].pages_prefix)


@pytest.mark.parametrize(
    ("status", "body", "prefix"),
    [
        (200, b"doorstep", "/apps/doorstep"),
        (200, b"doorstep\n", "/apps/doorstep"),
        (200, b"<html>A page of the store</html>", ""),
        (404, b"doorstep", ""),
        (302, b"", ""),
        (500, b"", ""),
    ],
)
def test_only_our_own_answer_proves_the_address(
    desk: Desk, shop: Shop, status: int, body: bytes, prefix: str
) -> None:
    shop.answers["/apps/doorstep/ping"] = (status, body)
    assert settle(desk, shop) == prefix


def test_what_was_proven_once_is_asked_again(desk: Desk, shop: Shop) -> None:
    shop.answers["/apps/doorstep/ping"] = (200, b"doorstep")
    assert settle(desk, shop) == "/apps/doorstep"
    shop.answers.clear()
    assert settle(desk, shop) == ""


def test_the_plugin_is_told_what_it_signs_with(desk: Desk, shop: Shop) -> None:
    settle(desk, shop)
    method, path, headers, body = shop.asked[0]
    token = desk.rows("SELECT token FROM shops WHERE id = :id", id=desk.shop_id)[0].token
    assert (method, path) == ("POST", "/wp-json/wc-doorstep/v1/settings")
    assert json.loads(body) == {"secret": desk.keys.plugin_secret(token), "app": "https://app.example"}
    assert headers["Authorization"].startswith("Basic ")


def test_a_store_that_does_not_answer_fails_nothing(desk: Desk, shop: Shop) -> None:
    port, shop.port = shop.port, 9
    assert settle(desk, shop) == ""
    shop.port = port
