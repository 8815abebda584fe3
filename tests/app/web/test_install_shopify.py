"""Installing from Shopify: rights that were not given are asked for again; a token is exchanged once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from app.services.exchange import by_id_token
from app.services.tokens import keep_secrets
from app.web.install_shopify import ASKED
from connectors.shopify.scopes import SCOPES
from flows.commerce import Platform
from tests.app.web.addresses import bearer, page_token
from tests.app.web.conftest import Site
from tests.connectors.shopify.shop_server import SHOP, Call, Reply, ShopServer, shop_server
from tests.security.oauth_walk import GRANTED, Walk

NEW = "new-shop.myshopify.com"
LEAVE = "X-Shopify-API-Request-Failure-Reauthorize-Url"


@pytest.fixture
def granted() -> list[str]:
    """What the merchant gives; a test takes from it."""
    return list(SCOPES)


@pytest.fixture
def shopify(site: Site, granted: list[str]) -> Iterator[ShopServer]:
    def answer(call: Call) -> Reply:
        return Reply(200, {**GRANTED, "scope": ",".join(granted)})

    before = site.runtime.http
    with shop_server(answer) as server:
        origins = {f"https://{shop}": server.origin for shop in (SHOP, NEW)}
        object.__setattr__(site.runtime, "http", replace(server.http, origins=origins))
        yield server
    object.__setattr__(site.runtime, "http", before)


@pytest.fixture
def walk(site: Site, shopify: ShopServer) -> Walk:
    return Walk(site, shopify)


def follow(walk: Walk, answer: Any) -> None:
    """The browser takes the cookie and the state of a redirect to the grant page."""
    jar = SimpleCookie(answer.headers["Set-Cookie"])
    walk.cookie = jar["doorstep_install"].value
    walk.state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]


def state(site: Site, domain: str = SHOP) -> tuple[str, str]:
    (row,) = site.rows("SELECT state, scopes FROM shops WHERE domain = :domain", domain=domain)
    return row.state, row.scopes


def test_the_cookie_is_bound_to_its_path_and_lives_ten_minutes(walk: Walk) -> None:
    answer = walk.start()
    assert urlsplit(answer.headers["Location"]).path == "/admin/oauth/authorize"
    morsel = SimpleCookie(answer.headers["Set-Cookie"])["doorstep_install"]
    assert (morsel["path"], morsel["max-age"]) == ("/shopify/callback", "600")
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")
    assert SHOP not in answer.headers["Set-Cookie"] or walk.cookie.count(".") == 1, "signed"


def test_a_state_counts_once_and_for_ten_minutes(walk: Walk) -> None:
    walk.start()
    with walk.site.runtime.database.nobody() as session:
        left = session.execute(text("SELECT max(expires_at) FROM install_attempts")).scalar_one()
    assert left <= walk.site.runtime.clock.real() + timedelta(minutes=10)
    assert walk.come_back().status_code == 302
    again = walk.come_back()
    assert again.status_code == 401 and "done already" in again.text
    assert len(walk.server.calls) == 1, "the second one reaches nobody"
    walk.start()
    with walk.site.runtime.database.nobody() as session:
        session.execute(text("UPDATE install_attempts SET expires_at = expires_at - interval '10 minutes'"))
    assert walk.come_back().status_code == 401


def test_the_way_back_leads_into_the_back_office_and_forgets_the_cookie(walk: Walk) -> None:
    walk.start()
    answer = walk.come_back()
    assert answer.headers["Location"] == f"https://{SHOP}/admin/apps/key-of-the-test/"
    assert SimpleCookie(answer.headers["Set-Cookie"])["doorstep_install"].value == ""
    walk.start()
    strange = walk.come_back(host="ZXZpbC5leGFtcGxlL2FkbWlu")  # evil.example/admin
    assert strange.status_code == 200 and "Location" not in strange.headers


def test_rights_that_were_not_given_are_asked_for_again_and_then_said(walk: Walk, granted: list[str]) -> None:
    granted.remove("read_orders")
    walk.start()
    for _ in range(ASKED - 1):
        answer = walk.come_back()
        assert answer.status_code == 302
        assert urlsplit(answer.headers["Location"]).path == "/admin/oauth/authorize"
        follow(walk, answer)
    told = walk.come_back()
    assert told.status_code == 403
    assert "Missing: read_orders." in told.text
    (again,) = (part for part in told.text.split('"') if "/shopify/grant/" in part)
    assert state(walk.site) == ("connected", ",".join(granted)), "no token is thrown away"
    granted.append("read_orders")
    follow(walk, walk.client.get(urlsplit(again).path))
    assert walk.come_back().headers["Location"].startswith(f"https://{SHOP}/admin/")
    assert "read_orders" in state(walk.site)[1]


def test_a_write_right_holds_its_read_right(walk: Walk, granted: list[str]) -> None:
    granted[granted.index("read_orders")] = "write_orders"
    walk.start()
    assert walk.come_back().headers["Location"].startswith(f"https://{SHOP}/admin/")


def test_a_grant_address_is_ours_and_lives_ten_minutes(site: Site) -> None:
    keys, real = site.runtime.keys, site.runtime.clock.real()
    old = keys.sign("grant", [SHOP, real.timestamp() - 1])
    assert site.client.get(f"/shopify/grant/{old}").status_code == 401
    for forged in (keys.sign("click", [SHOP, real.timestamp() + 60]), f"{old}x", "x"):
        assert site.client.get(f"/shopify/grant/{forged}").status_code == 404


def new_shop(site: Site) -> str:
    return page_token(site, Platform.SHOPIFY, iss=f"https://{NEW}/admin", dest=f"https://{NEW}")


def test_a_new_shop_with_too_few_rights_is_led_out_of_the_frame(
    site: Site, shopify: ShopServer, granted: list[str]
) -> None:
    granted.remove("read_orders")
    answer = site.client.get("/shopify/app/", query_string={"id_token": new_shop(site)})
    assert answer.status_code == 200
    assert '<script src="/static/leave.js" data-to="http://127.0.0.1:8000/shopify/grant/' in answer.text
    assert 'target="_top"' in answer.text, "by hand as well"
    assert (
        f"frame-ancestors https://{NEW} https://admin.shopify.com"
        in answer.headers["Content-Security-Policy"]
    )
    assert "Set-Cookie" not in answer.headers
    again = site.client.get("/shopify/app/", query_string={"id_token": new_shop(site)})
    assert "leave.js" not in again.text, "asked once, not at every opening"


def test_no_token_is_exchanged_while_a_good_one_is_stored(site: Site, shopify: ShopServer) -> None:
    query = {"id_token": page_token(site, Platform.SHOPIFY)}
    for _ in range(3):
        assert site.client.get("/shopify/app/", query_string=query).status_code == 200
    assert shopify.calls == []


@pytest.mark.parametrize("why", ["its ninety days are over", "no key opens it", "the shop needs it"])
def test_one_that_is_no_good_is_replaced_when_the_merchant_comes_by(
    site: Site, shopify: ShopServer, why: str
) -> None:
    at, shop = site.runtime, site.shopify.shop_id
    dead = {"access_token": "t", "refresh_token": "r", "refresh_expires_at": "2026-01-01T00:00:00+00:00"}
    with at.database.shops(shop) as session:
        if why == "its ninety days are over":
            keep_secrets(session, shop, at.keys, dead, at.clock.real())
        elif why == "no key opens it":
            session.execute(text("UPDATE shop_secrets SET sealed = 'x' WHERE shop_id = :id"), {"id": shop})
        else:
            session.execute(text("UPDATE shops SET state = 'needs_reconnect' WHERE id = :id"), {"id": shop})
    query = {"id_token": page_token(site, Platform.SHOPIFY)}
    home = site.client.get("/shopify/app/", query_string=query)
    assert home.status_code == 200 and "Set-Cookie" not in home.headers
    assert len(shopify.calls) == 1
    site.client.get("/shopify/app/", query_string=query)
    assert len(shopify.calls) == 1
    assert state(site)[0] == "connected"
    (row,) = site.rows("SELECT generation FROM shops WHERE id = :id", id=shop)
    assert row.generation == site.shopify.generation


def test_a_request_of_a_page_never_exchanges(site: Site, shopify: ShopServer) -> None:
    with site.runtime.database.shops(site.shopify.shop_id) as session:
        session.execute(text("UPDATE shops SET state = 'needs_reconnect' WHERE platform = 'shopify'"))
    assert site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY)).status_code == 200
    assert shopify.calls == []


def test_eight_pages_at_once_are_one_exchange(site: Site, shopify: ShopServer) -> None:
    """Each exchange ends the token of the one before, so the last one stored must be the last one given."""
    at = site.runtime

    def opens() -> bool:
        real = at.clock.real()
        return by_id_token(at.stores().tokens(), NEW, "eyJ.x.y", real, real) is not None

    with ThreadPoolExecutor(8) as pool:
        came = [one.result(timeout=30) for one in [pool.submit(opens) for _ in range(8)]]
    assert (sum(came), len(shopify.calls)) == (1, 1)


def test_an_id_token_that_shopify_does_not_take_is_mended_by_a_fresh_one(
    site: Site, shopify: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(call: Call) -> Reply:
        return Reply(400, {"error": "invalid_subject_token"})

    with shop_server(answer) as server:
        origins = {f"https://{NEW}": server.origin}
        object.__setattr__(site.runtime, "http", replace(server.http, origins=origins))
        first = site.client.get("/shopify/app/", query_string={"id_token": new_shop(site), "shop": NEW})
        assert first.status_code == 302 and "/shopify/app/session?" in first.headers["Location"]
        (wanted,) = parse_qs(urlsplit(first.headers["Location"]).query)["shopify-reload"]
        second = site.client.get(f"{wanted}&id_token={new_shop(site)}")
    assert second.status_code == 401, "once, not for ever"
    assert second.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"
