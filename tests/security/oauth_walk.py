"""A shop that is installed by the authorisation code grant, with Shopify's side played by a real server.

Addresses are signed here by the form encoding of Shopify's Node and Ruby libraries, not by our own code.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from werkzeug.test import TestResponse

from connectors.shopify.scopes import SCOPES
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.connectors.shopify.shop_server import SHOP, Call, Reply, ShopServer, shop_server

COOKIE = "doorstep_install"
GRANTED: Mapping[str, Any] = {
    "access_token": "shpat" + "_of_the_walk",
    "scope": ",".join(SCOPES),
    "expires_in": 3600,
    "refresh_token": "shprt" + "_of_the_walk",
    "refresh_token_expires_in": 7776000,
}


@dataclass
class Walk:
    """One browser on its way. `cookie` is what it was given at the start, with the `state` in it."""

    site: Site
    server: ShopServer
    shop: str = SHOP
    cookie: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        # A client with a jar of its own would leave out the cookie that a test sends.
        self.client = self.site.client.application.test_client(use_cookies=False)

    def start(self, shop: str = SHOP, late: int = 0, secret: str = SHOPIFY_SECRET) -> TestResponse:
        """`late`: seconds since Shopify signed."""
        answer = self.client.get(f"/shopify/install?{self.signed({'shop': shop}, late, secret)}")
        if answer.status_code == 302:
            header = answer.headers["Set-Cookie"]
            self.shop, self.cookie = shop, header.partition(";")[0].partition("=")[2]
            self.state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
        return answer

    def come_back(
        self, cookie: str | None = None, late: int = 0, secret: str = SHOPIFY_SECRET, **changed: str
    ) -> TestResponse:
        """The way back from the grant page, with another cookie ("": none) or other values."""
        given = {"code": "code-1", "host": host(self.shop), "shop": self.shop, "state": self.state}
        held = self.cookie if cookie is None else cookie
        headers = {"Cookie": f"{COOKIE}={held}"} if held else {}
        address = f"/shopify/callback?{self.signed({**given, **changed}, late, secret)}"
        return self.client.get(address, headers=headers)

    def signed(self, values: Mapping[str, str], late: int, secret: str) -> str:
        at = self.site.runtime.clock.real() - timedelta(seconds=late)
        pairs = sorted({**values, "timestamp": str(int(at.timestamp()))}.items())
        mac = hmac.new(secret.encode(), urlencode(pairs, safe="*").encode(), sha256).hexdigest()
        return urlencode([*pairs, ("hmac", mac)])


@contextmanager
def walk(site: Site) -> Iterator[Walk]:
    """Shopify's side gives a token for every code."""

    def answer(call: Call) -> Reply:
        return Reply(200, dict(GRANTED))

    with shop_server(answer) as server:
        before = site.runtime.http
        object.__setattr__(site.runtime, "http", server.http)
        try:
            yield Walk(site, server)
        finally:
            object.__setattr__(site.runtime, "http", before)


def host(shop: str) -> str:
    return base64.urlsafe_b64encode(f"{shop}/admin".encode()).decode().rstrip("=")
