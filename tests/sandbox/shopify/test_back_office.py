"""The fake Shopify's back office: its menu, inner pages of the app, the list of orders."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest

from sandbox.shopify.oauth.signing import query_signature
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Api, Receiver, Store


@pytest.fixture
def installed(store: Store) -> Store:
    store.install()
    return store


def _frame(page: str) -> str:
    (source,) = re.findall(r'<iframe [^>]*src="([^"]+)"', page)
    return unescape(source)


@pytest.mark.parametrize("office", ["/admin/apps/doorstep", f"/store/hollow-pine/apps/{KEY}"])
def test_an_inner_page_is_framed_with_signed_parameters_and_a_token(installed: Store, office: str) -> None:
    page = installed.call("GET", f"{office}/messages/17").text
    frame = urlsplit(_frame(page))
    assert frame.path == "/shopify/app/messages/17"
    query = dict(parse_qsl(frame.query))
    assert query["shop"] == MAIN
    assert query["hmac"] == query_signature(query, SECRET)
    claims = jwt.decode(query["id_token"], SECRET, algorithms=["HS256"], audience=KEY)
    assert claims["dest"] == f"https://{MAIN}"
    assert re.findall(r'data-path="([^"]+)" aria-current="page"', page) == ["/messages"]


def test_the_menu_leads_to_every_page_of_the_app(installed: Store) -> None:
    page = installed.call("GET", "/admin/apps/doorstep").text
    links = dict(re.findall(r'<a href="([^"]+)" data-path="([^"]+)"', page))
    names = ("", "flows", "messages", "reviews", "brand", "storefront", "settings")
    assert list(links.values()) == [f"/{name}" for name in names]
    for link, path in links.items():
        frame = urlsplit(_frame(installed.call("GET", link).text))
        assert frame.path == f"/shopify/app{path.rstrip('/')}"


def test_a_shop_that_the_query_names_stays_named_in_the_menu(store: Store) -> None:
    other = "other-shop.myshopify.com"
    store.post("/sandbox/shops", {"domain": other})
    page = store.call("GET", f"/admin/orders?shop={other}", shop="127.0.0.1").text
    links = re.findall(r'href="(/admin/[^"]+)"', page)
    assert len(links) == 8
    assert all(link.endswith(f"?shop={other}") for link in links)


def test_before_the_installation_no_page_is_framed(store: Store) -> None:
    page = store.call("GET", "/admin/apps/doorstep/flows").text
    assert "<iframe" not in page
    assert 'action="/admin/apps/doorstep/install"' in page
    assert store.call("GET", "/admin/apps/other/flows").status_code == 404


def test_paths_stay_below_the_app(installed: Store) -> None:
    page = installed.call("GET", "/admin/apps/doorstep/..%2F..%2Felsewhere/x%3Fy=1").text
    frame = urlsplit(_frame(page))
    assert f"{frame.scheme}://{frame.netloc}" == installed.settings.app_address
    assert frame.path == "/shopify/app/elsewhere/x%3Fy%3D1"
    assert "y" not in dict(parse_qsl(frame.query))


def test_orders_are_listed_newest_first(store: Store) -> None:
    number = store.order(email="newest@example.com")
    page = store.call("GET", "/admin/orders").text
    assert "newest@example.com" in page
    listed = re.findall(r'scope="row"><a href="/placed\?order=(\d+)"', page)
    assert listed[0] == str(number["id"])
    assert len(listed) > 5


def test_app_bridge_asks_for_optional_rights_and_the_shop_tells_of_them(
    store: Store, receiver: Receiver
) -> None:
    api = Api(store, store.install())
    api.subscribe(receiver.address, "app/scopes_update")
    script = store.call("GET", "/sandbox/app-bridge.js").text
    assert "scopes:" in script and f"/sandbox/rights?shop={MAIN}" in script

    def ask(scopes: str) -> Any:
        return store.call("POST", f"/sandbox/rights?shop={MAIN}", data={"scopes": scopes})

    held = "{ currentAppInstallation { accessScopes { handle } } }"
    store.post("/sandbox/quirks", {"decline_rights": True})
    assert ask("write_products").json()["result"] == "declined-all"
    store.post("/sandbox/quirks", {"decline_rights": False})
    answer = ask("write_products")
    assert answer.json()["result"] == "granted-all"
    assert answer.headers["Access-Control-Allow-Origin"] == store.settings.app_address
    handles = [one["handle"] for one in api.data(held)["currentAppInstallation"]["accessScopes"]]
    assert "write_products" in handles
    assert ask("write_products").json()["detail"]["granted"] == handles
    assert ask("write_orders").status_code == 409  # the app's file does not name it
    store.settle()
    told = receiver.only("app/scopes_update").body
    assert set(told["current"]) - set(told["previous"]) == {"write_products"}
