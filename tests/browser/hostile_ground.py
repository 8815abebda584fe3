"""The running Doorstep with its shops full of hostile texts, and the pages and mails that show them."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from flask.testing import FlaskClient

from app.cli.settings import environment_file
from app.config import Config
from app.db import Session
from app.factory import create_app
from app.runtime import build
from app.services.install import Connected
from app.services.preview import preview
from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.browser.hostile_rows import MARK, Shop
from tests.browser.screens import PRODUCT
from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Road

PLATFORMS = {SHOPIFY: Platform.SHOPIFY, WOOCOMMERCE: Platform.WOOCOMMERCE}


HTMX = {"HX-Request": "true"}


class Ground:
    """The running Doorstep and, on its own database, the same app in this process."""

    def __init__(self, road: Road) -> None:
        self.road = road
        config = Config.from_environ(json.loads(environment_file(road.start.data).read_text()))
        runtime = build(config, pooled=False)
        self.client: FlaskClient = create_app(config, runtime).test_client()
        self.runtime = runtime
        self.shops = {name: self._shop(name, config) for name in STORES}

    def _shop(self, name: str, config: Config) -> Shop:
        (row,) = self.road.rows("SELECT id, token FROM shops WHERE domain = :name", name=name)
        nobody = Connected(row.id, row.token, 1, False)
        site = Site(self.client, self.runtime, nobody, nobody)
        return Shop(site, PLATFORMS[name], row.id, name, row.token, config)

    def product(self, shop: str) -> str:
        """The id of the product whose page is opened, as the storefront gives it to the widget."""
        found = re.search(
            r'<doorstep-reviews[^>]* product="([^"]+)"',
            self.road.start.get(STORES[shop], self.page(shop)).text,
        )
        assert found
        return found[1]

    def page(self, shop: str) -> str:
        return f"/product/{PRODUCT[shop]}"

    def admin(self, of: str, path: str, **query: str) -> str:
        held = self.shops[of]
        return self._text(f"{held.prefix}{path}", "GET", held.bearer(), query)

    def post(self, shop: str, path: str, fields: dict[str, str]) -> str:
        held = self.shops[shop]
        return self._text(f"{held.prefix}{path}", "POST", {**held.bearer(), **HTMX}, {}, fields)

    def get(self, path: str, **query: str) -> str:
        return self._text(path, "GET", {}, query)

    def send(self, path: str, fields: dict[str, str]) -> str:
        return self._text(path, "POST", {}, {}, fields)

    def _text(
        self, path: str, method: str, headers: dict[str, str], query: dict[str, str], fields: object = None
    ) -> str:
        answer = self.client.open(path, method=method, headers=headers, query_string=query, data=fields)
        assert answer.status_code < 500, (path, query, fields)
        return answer.get_data(as_text=True)


def mail(ground: Ground, session: Session, shop: Shop, template: str, order: int) -> str:
    """As the sender renders it, of one of the full orders."""
    at = ground.runtime
    found = preview(
        session,
        at.sender(),
        shop.shop_id,
        template,
        order_id=f"{MARK}-{order}",
        keys=at.keys,
        now=at.clock.now(),
    )
    return found.mail.html


def quoted(text: str) -> str:
    """A text as a part of a path."""
    return quote(text.replace("/", "\u2215"), safe="")
