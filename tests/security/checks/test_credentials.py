"""Tokens and secrets: how long they live, who sees them, whose they are."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from app.services.install import Attempt, begin_attempt
from app.services.store_writes import owe, run_write
from app.services.tokens import keep_secrets
from connectors.base import Store, StoreError
from connectors.shopify.documents import OPERATIONS, document
from connectors.shopify.tokens import exchange_code, exchange_id_token, refresh
from connectors.writes import SetRating
from flows.commerce import Platform
from tests.app.web.addresses import GETS, POSTS, page_token
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.shopping import bought
from tests.connectors.shopify.shop_server import SHOP, Call, Reply, in_turn, shop_server
from tests.connectors.shopify.test_tokens import GOOD, KEYS, NOW
from tests.proof import Figure
from tests.security.checks.tree import of_product, read
from tests.security.oauth_walk import GRANTED, walk
from tests.security.parties import newcomer, residents
from tests.wire.conftest import canary as canary
from tests.wire.conftest import serve as serve
from tests.wire.test_target import HOSTILE
from wire.addresses import public_address
from wire.http import HttpClient, WireError
from wire.pinning import PinnedAdapter

CANARIES = {"access_token": "shpat" + "_" + "c0ffee" * 5, "refresh_token": "shprt" + "_" + "c0ffee" * 5}
WOO = {"consumer_key": "ck" + "_" + "c0ffee77" * 5, "consumer_secret": "cs" + "_" + "c0ffee77" * 5}


def secrets_of(site: Site) -> set[str]:
    """Everything that must stay here; both shops hold canaries from now on."""
    held = {Platform.SHOPIFY: CANARIES, Platform.WOOCOMMERCE: WOO}
    for platform, shop in residents(site).items():
        with shop.session() as session:
            keep_secrets(session, shop.shop_id, site.runtime.keys, held[platform], NOW)
    token, keys = site.woocommerce.token, site.runtime.keys
    own = {
        SHOPIFY_SECRET,
        keys.secret,
        *keys.encryption,
        keys.plugin_secret(token),
        keys.webhook_secret(token),
    }
    return own | set(CANARIES.values()) | set(WOO.values())


def test_credential_browser_leakage(site: Site, figure: Figure) -> None:
    """No page, header or address that a browser gets holds a secret, or the token that it came with."""
    secrets, looked = secrets_of(site), 0
    for platform in Platform:
        bought(site, platform)
        for make in (*GETS.values(), *POSTS.values()):
            at = make(site, platform)
            method = "POST" if make in POSTS.values() else "GET"
            answer = site.client.open(at.path, method=method, headers=dict(at.headers), data=dict(at.fields))
            told = answer.get_data() + str(answer.headers).encode()
            assert [one for one in secrets if one.encode() in told] == [], at.path
            looked += 1
        moved: dict[str, Any] = {
            name: site.runtime.clock.real() - timedelta(hours=1) for name in ("exp", "nbf")
        }
        for token in (page_token(site, platform), page_token(site, platform, **moved)):
            document = site.client.get(f"/{platform.value}/app/brand", query_string={"id_token": token})
            assert token not in document.text + str(document.headers), "it would leak into links"
    figure("answers", looked)


def test_credential_log_leakage(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever happens to a token on its way, no line of the log and no repr holds it."""
    caplog.set_level(logging.DEBUG)
    secrets = secrets_of(site) | {"code-of-the-walk", GRANTED["access_token"], GRANTED["refresh_token"]}
    said = [
        repr(one)
        for one in (site.runtime, site.runtime.config, site.runtime.stores(), site.runtime.keys, KEYS)
    ]
    with walk(site) as way:
        way.start()
        way.come_back(code="code-of-the-walk", state="wrong")
        way.come_back(code="code-of-the-walk")
        token = page_token(site, Platform.SHOPIFY)
        site.client.get("/shopify/app/brand", query_string={"id_token": token})
        site.client.get("/shopify/app/brand", query_string={"id_token": token[:-3]})
    secrets |= {token, way.cookie, way.state}
    quoted = Reply(400, {"error": "bad", "error_description": f"{CANARIES['refresh_token']} {KEYS.secret}"})
    for reply in (Reply(200, dict(GOOD)), quoted, Reply(500, b"<html>" + KEYS.secret.encode())):
        with shop_server(in_turn(reply)) as server:
            try:
                said.append(repr(refresh(server.http, SHOP, KEYS, CANARIES["refresh_token"], NOW)))
            except StoreError as error:
                said += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
            said.append(repr(server.store))
    secrets |= {KEYS.secret, GOOD["access_token"], GOOD["refresh_token"]}
    client = HttpClient({"https://shop.example.com": "http://127.0.0.1:9"})
    for params in (WOO, {"id_token": token}):
        with pytest.raises(WireError) as refused:
            client.request("GET", "https://shop.example.com/x", params=params, timeout=1)
        said.append(repr(refused.value))
    said.append(repr(Store(Platform.SHOPIFY, SHOP, f"https://{SHOP}", client, secrets=CANARIES)))
    said += [f"{record.getMessage()} {record.args} {record.exc_text or ''}" for record in caplog.records]
    assert len(caplog.records) > 1
    assert [one for one in secrets if one in "\n".join(said)] == []


def test_expiring_offline_token() -> None:
    """Tokens that end are asked for in both ways of installing; one that does not end is not taken."""
    with shop_server(in_turn(Reply(200, dict(GOOD)))) as server:
        exchange_code(server.http, SHOP, KEYS, "code-1", NOW)
        exchange_id_token(server.http, SHOP, KEYS, "eyJ.x.y", NOW)
        assert [call.body["expiring"] for call in server.calls] == [1, 1]
        assert "offline" in server.calls[1].body["requested_token_type"]
    for missing in ("expires_in", "refresh_token", "refresh_token_expires_in"):
        lasting = {name: value for name, value in GOOD.items() if name != missing}
        with shop_server(in_turn(Reply(200, lasting))) as server, pytest.raises(StoreError):
            exchange_code(server.http, SHOP, KEYS, "code-1", NOW)


def test_metafield_offline_token(site: Site) -> None:
    """Ratings are written in the background, each into the shop whose reviews they are, with its own
    token: nothing that a request says is part of that. One operation writes fields, and two verbs use it."""
    writing = {name for name in OPERATIONS if "metafieldsSet" in document(name)}
    assert writing == {"metafields_set"}
    users = {path.name for path in of_product(".py") if '"metafields_set"' in read(path)} - {"documents.py"}
    assert users == {"rating.py", "credit.py"}
    shops = [residents(site)[Platform.SHOPIFY], newcomer(site, Platform.SHOPIFY, "other-shop.myshopify.com")]
    origins, seen = {}, list[tuple[str, str, str]]()

    def answer(call: Call) -> Reply:
        seen.append((call.headers["host"], call.headers["x-shopify-access-token"], str(call.body)))
        return Reply(200, {"errors": [{"message": "not today"}]})

    with shop_server(answer) as server:
        for place, shop in enumerate(shops):
            origins[f"https://{shop.domain}"] = server.origin
            shop.sql("UPDATE shops SET scopes = 'read_products,write_products' WHERE id = :shop")
            with shop.session() as session:
                held = {"access_token": f"token-of-{shop.domain}"}
                keep_secrets(session, shop.shop_id, site.runtime.keys, held, NOW)
                owe(session, shop.shop_id, {"rating:7": SetRating(f"77{place}", 4.5, 3)}, NOW)
        object.__setattr__(site.runtime, "http", HttpClient(origins, pause=lambda seconds: None))
        for _ in shops:
            assert run_write(site.runtime.database, site.runtime.stores(), NOW)
    assert {host for host, _, _ in seen} == {shop.domain for shop in shops}
    for host, token, body in seen:
        place = [shop.domain for shop in shops].index(host)
        assert token == f"token-of-{host}"
        assert f"77{1 - place}" not in body


def test_ssrf_request_forgery(site: Site, canary: Any, serve: Any, figure: Figure) -> None:
    """Wherever a store is said to be, nothing on this machine or in its network is called."""
    for form in HOSTILE:
        url = form.replace("{port}", str(canary.port))
        answer = site.client.get("/woocommerce/install", query_string={"shop": url})
        assert answer.status_code in (400, 422, 429), form
        with pytest.raises(WireError):
            site.runtime.http.request("GET", url, timeout=1)
    inwards = PinnedAdapter(partial(public_address, resolve=lambda name: ("127.0.0.1",)))
    object.__setattr__(site.runtime, "http", HttpClient(adapter=inwards))
    attempt = Attempt(Platform.WOOCOMMERCE, "inner.example.com", "https://inner.example.com")
    at = site.runtime
    reference = begin_attempt(at.database, at.keys, attempt, at.clock.real())
    keys = {"key_id": 1, "user_id": reference, "key_permissions": "read_write", **WOO}
    named = {"User-Agent": f"WordPress/6.8.8; {attempt.base_url}"}
    answer = site.client.post(f"/woocommerce/callback/{reference}", json=keys, headers=named)
    assert answer.status_code == 400
    assert "private_address" in answer.get_json()["error"]
    away = serve(lambda request: _sent_away(request, canary.port))
    redirected = HttpClient({"https://shop.example.com": away}).request("GET", "https://shop.example.com/")
    assert redirected.status == 302, "an answer, not followed"
    assert canary.connections == []
    assert len(HOSTILE) >= 80
    figure("addresses", len(HOSTILE))


def _sent_away(request: Any, port: int) -> None:
    request.send_response(302)
    request.send_header("Location", f"http://127.0.0.1:{port}/")
    request.send_header("Content-Length", "0")
    request.end_headers()
