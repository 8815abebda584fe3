"""Shopify's token endpoint and a door that a live token opens: the sandbox's own rules, over real HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

from connectors.shopify.keys import AppKeys
from sandbox.clock import Clock
from sandbox.document_store import DocumentStore
from sandbox.settings import Settings
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.oauth.routes import oauth_routes
from sandbox.shopify.shop import Shop

APP = AppKeys("key-of-the-test", "shpss_" + "1" * 32)
DOMAIN = "hollow-pine.myshopify.com"
SCOPES = ("read_orders", "read_products")
API = f"https://{DOMAIN}/admin/api/2026-10/graphql.json"


@dataclass
class TokenServer:
    """`most`: how many renewals were under way at once; `renewals`: how many there were; `slow`: seconds
    that each takes; `failing`: how many of the next are answered with 503; `shut`: the door stays
    shut for every token."""

    origin: str
    shop: Shop
    slow: float = 0.0
    renewals: int = 0
    most: int = 0
    failing: int = 0
    shut: bool = False
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def origins(self) -> dict[str, str]:
        return {f"https://{DOMAIN}": self.origin}

    def given(self, real: datetime, ends: timedelta = timedelta(hours=1)) -> dict[str, str]:
        """A fresh token as the app keeps it, and when it believes that it ends."""
        installation.install(self.shop, SCOPES)
        token = installation.exchange_id_token(self.shop)
        return {
            "access_token": token["access_token"],
            "expires_at": (real + ends).isoformat(),
            "refresh_token": token["refresh_token"],
            "refresh_expires_at": (real + timedelta(days=90)).isoformat(),
            "scope": token["scope"],
        }

    def revoke(self, access_token: str) -> None:
        self.shop.forget("access_token", access_token)

    def opens(self, access_token: str) -> bool:
        return installation.scopes_of(self.shop, access_token) is not None

    def _watched(self, wsgi: Callable[..., Any]) -> Callable[..., Any]:
        def call(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
            if not environ["PATH_INFO"].endswith("/access_token"):
                return wsgi(environ, start)
            with self._lock:
                self.renewals += 1
                self._now += 1
                self.most = max(self.most, self._now)
                fails = self.failing > 0
                self.failing -= fails
            try:
                time.sleep(self.slow)
                if fails:
                    start("503 Service Unavailable", [("Content-Length", "0")])
                    return [b""]
                return list(wsgi(environ, start))
            finally:
                with self._lock:
                    self._now -= 1

        return call


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def token_server(folder: Path) -> Iterator[TokenServer]:
    documents = DocumentStore(folder / "shop.sqlite3")
    shop = Shop(DOMAIN, "", documents, Clock())
    shop.write("shop", {"currency": "USD", "iana_timezone": "America/Chicago"}, "profile")
    settings = Settings(folder, 0, "", APP.api_key, APP.secret, {}, folder / "clock", folder / "record")
    app = Flask("tokens")
    app.register_blueprint(oauth_routes(lambda: shop, Pages(cast(Any, None)), settings))

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    held = TokenServer(f"http://127.0.0.1:{server.server_port}", shop)
    server.app = held._watched(app)

    @app.post("/admin/api/<version>/graphql.json")
    def door(version: str) -> tuple[str, int]:
        alive = installation.scopes_of(shop, request.headers.get("X-Shopify-Access-Token", ""))
        return "{}", 401 if alive is None or held.shut else 200

    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    documents.close()
