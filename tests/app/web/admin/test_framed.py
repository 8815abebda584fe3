"""Who may frame a page, and what is told there: a frame that may not show a refusal would say that the shop
refused to connect."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from connectors.base import StoreError
from connectors.shopify.scopes import SCOPES
from connectors.shopify.tokens import TokenSet
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.web.addresses import SHOPS, bearer, page_token
from tests.app.web.admin.mutants import (
    MINUTE,
    at,
    of_a_shop_that_left,
    other,
)
from tests.app.web.conftest import Site


@pytest.mark.parametrize("platform", Platform)
def test_only_this_shop_may_frame_its_pages(site: Site, platform: Platform) -> None:
    for path in ("/", "/brand", "/flows", "/no-such-page"):
        _framed_by_its_shop(site, platform, path)


def _framed_by_its_shop(site: Site, platform: Platform, path: str) -> None:
    answer = site.client.get(f"/{platform.value}/app{path}", headers=bearer(site, platform))
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    own = f"https://{SHOPS[platform]}"
    holders = f"{own} https://admin.shopify.com" if platform is Platform.SHOPIFY else own
    assert policy["frame-ancestors"] == holders
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("platform", Platform)
def test_a_session_page_is_framed_by_the_shop_that_it_names(site: Site, platform: Platform) -> None:
    good = site.client.get(f"/{platform.value}/app/session", query_string={"shop": SHOPS[platform]})
    assert f"frame-ancestors https://{SHOPS[platform]}" in good.headers["Content-Security-Policy"]
    for shop in ("", "stranger.example", "'; frame-ancestors *", SHOPS[other(platform)]):
        answer = site.client.get(f"/{platform.value}/app/session", query_string={"shop": shop})
        assert answer.status_code == 404
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize("platform", Platform)
def test_errors_are_told_inside_the_frame(site: Site, platform: Platform) -> None:
    """In words, with the status; never JSON, never an inside."""
    answer = site.client.get(f"/{platform.value}/app/no-such-page", headers=bearer(site, platform))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address." in page and "status 404" in page
    refused = site.client.post(f"/{platform.value}/app/brand")
    assert (refused.status_code, refused.mimetype) == (401, "text/html")
    assert "data-reason" in refused.get_data(as_text=True)


def framed_by(answer: TestResponse) -> str:
    policy = answer.headers["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


@pytest.mark.parametrize("platform", Platform)
def test_a_refusal_is_framed_by_the_shop_that_it_is_about_if_we_know_it(
    site: Site, platform: Platform
) -> None:
    home, own = f"/{platform.value}/app/", f"frame-ancestors https://{SHOPS[platform]}"
    forged = page_token(site, platform, secret="x" * 40)
    for query in ({"id_token": forged}, {"id_token": "words", "shop": SHOPS[platform]}):
        answer = site.client.get(home, query_string=query)
        assert answer.status_code == 401
        assert framed_by(answer).startswith(own)
        assert "Open this page from the menu of your shop." in answer.text
    strange = page_token(site, platform, secret="x" * 40, dest="https://stranger.example")
    for query in ({"id_token": strange}, {"id_token": "words", "shop": "*"}, {"id_token": "words"}):
        assert framed_by(site.client.get(home, query_string=query)) == "frame-ancestors 'none'", query


def test_a_plugin_that_outlived_its_connection_is_told_so(site: Site) -> None:
    token = of_a_shop_that_left(site, Platform.WOOCOMMERCE)
    answer = site.client.get("/woocommerce/app/", query_string={"id_token": token})
    assert answer.status_code == 401
    assert framed_by(answer) == "frame-ancestors https://larkhus.example"
    assert "This shop is not connected any more." in answer.text
    assert 'target="_top" href="/woocommerce/install?shop=larkhus.example"' in answer.text
    session = site.client.get("/woocommerce/app/session?shop=larkhus.example")
    assert session.status_code == 404
    assert framed_by(session) == "frame-ancestors https://larkhus.example"


@pytest.mark.parametrize("platform", Platform)
def test_a_clock_ahead_is_mended_by_a_fresh_token_or_told_once(site: Site, platform: Platform) -> None:
    token = at(nbf=MINUTE, exp=2 * MINUTE)(site, platform)
    answer = site.client.get(f"/{platform.value}/app/flows", query_string={"id_token": token})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status_code, query["shop"]) == (302, [SHOPS[platform]]), "the token names the shop"
    (wanted,) = query["shopify-reload"]
    again = site.client.get(f"{wanted}&id_token={token}")
    assert again.status_code == 401, "a second one is not mended by a third"
    assert framed_by(again).startswith(f"frame-ancestors https://{SHOPS[platform]}")
    assert "The clock of your shop and ours do not agree." in again.text


def test_a_boot_that_names_its_shop_by_the_back_office_only(site: Site) -> None:
    for place in ("admin.shopify.com/store/hollow-pine", "hollow-pine.myshopify.com/admin"):
        host = base64.b64encode(place.encode()).decode().rstrip("=")
        answer = site.client.get("/shopify/app/", query_string={"host": host})
        assert parse_qs(urlsplit(answer.headers["Location"]).query)["shop"] == ["hollow-pine.myshopify.com"]
    nameless = site.client.get(site.client.get("/shopify/app/").headers["Location"])
    assert (nameless.status_code, framed_by(nameless)) == (404, "frame-ancestors 'none'")
    assert "This address names no shop that we know." in nameless.text


def test_a_key_that_shopify_does_not_give_is_told_in_its_frame(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise StoreError("status 400: invalid_subject_token")

    monkeypatch.setattr("app.services.exchange.exchange_id_token", refuses)
    new = "https://new-shop.myshopify.com"
    token = page_token(site, Platform.SHOPIFY, iss=f"{new}/admin", dest=new)
    answer = site.client.get("/shopify/app/", query_string={"id_token": token})
    assert answer.status_code == 502
    assert framed_by(answer) == f"frame-ancestors {new} https://admin.shopify.com"
    assert "Shopify did not give us the key to your shop." in answer.text


def test_a_shop_that_needs_to_reconnect_is_connected_by_the_token_of_its_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.runtime.database.shops(site.shopify.shop_id) as session:
        session.execute(
            text("UPDATE shops SET state = 'needs_reconnect', problem = 'x' WHERE id = :id"),
            {"id": site.shopify.shop_id},
        )
    home = site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY))
    back = "https://admin.shopify.com/store/hollow-pine/apps/key-of-the-test"
    assert f'target="_top" href="{back}"' in home.text
    given: list[str] = []

    def exchange(_http: object, shop: str, _keys: object, id_token: str, now: object) -> TokenSet:
        given.append(shop)
        return TokenSet("a-new-token", START, "another", START, ",".join(SCOPES))

    monkeypatch.setattr("app.services.exchange.exchange_id_token", exchange)
    before = site.rows("SELECT generation FROM shops WHERE platform = 'shopify'")
    token = page_token(site, Platform.SHOPIFY)
    assert site.client.get("/shopify/app/", query_string={"id_token": token}).status_code == 200
    rows = site.rows("SELECT state, problem FROM shops WHERE platform = 'shopify'")
    assert [(row.state, row.problem) for row in rows] == [("connected", None)]
    assert site.rows("SELECT generation FROM shops WHERE platform = 'shopify'") == before
    assert given == ["hollow-pine.myshopify.com"]


def test_whoever_has_a_number_only_is_called_by_it_in_words(site: Site) -> None:
    headers = bearer(site, Platform.SHOPIFY, sub="86420917")
    site.client.post("/shopify/app/flows/shipped/switch", data={"on": "1"}, headers=headers)
    (row,) = site.rows("SELECT who FROM admin_changes")
    assert row.who == "A user of your shop (86420917)"
