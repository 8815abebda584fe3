"""Tokens: what is asked, what is kept, what each refusal means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import AccessLost, Refused, StoreBusy, StoreRefused, StoreUnreachable
from connectors.shopify.keys import AppKeys
from connectors.shopify.tokens import TokenSet, exchange_code, exchange_id_token, refresh
from tests.connectors.shopify.shop_server import SHOP, Call, Reply, ShopServer, in_turn, shop_server

KEYS = AppKeys("key-1", "shpss_" + "1" * 32)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = {
    "access_token": "shpat_new",
    "scope": "read_orders,read_products",
    "expires_in": 3600,
    "refresh_token": "shprt_new",
    "refresh_token_expires_in": 7776000,
}
EXPECTED = TokenSet(
    access_token="shpat_new",
    expires_at=NOW + timedelta(hours=1),
    refresh_token="shprt_new",
    refresh_expires_at=NOW + timedelta(days=90),
    scope="read_orders,read_products",
)


def _asked(server: ShopServer) -> Any:
    call: Call = server.calls[-1]
    assert call.path == "/admin/oauth/access_token"
    assert call.headers["host"] == SHOP
    assert (call.headers["content-type"], call.headers["accept"]) == ("application/json", "application/json")
    return call.body


def test_a_code_becomes_an_expiring_token() -> None:
    with shop_server(in_turn(Reply(200, GOOD))) as server:
        assert exchange_code(server.http, SHOP, KEYS, "code-1", NOW) == EXPECTED
        assert _asked(server) == {
            "client_id": "key-1",
            "client_secret": KEYS.secret,
            "code": "code-1",
            "expiring": 1,
        }


def test_an_id_token_becomes_an_expiring_offline_token() -> None:
    with shop_server(in_turn(Reply(200, GOOD))) as server:
        assert exchange_id_token(server.http, SHOP, KEYS, "eyJ.x.y", NOW) == EXPECTED
        assert _asked(server) == {
            "client_id": "key-1",
            "client_secret": KEYS.secret,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": "eyJ.x.y",
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": 1,
        }


def test_a_refresh_token_is_changed_for_the_next_pair() -> None:
    with shop_server(in_turn(Reply(200, GOOD))) as server:
        assert refresh(server.http, SHOP, KEYS, "shprt_old", NOW) == EXPECTED
        assert _asked(server) == {
            "client_id": "key-1",
            "client_secret": KEYS.secret,
            "grant_type": "refresh_token",
            "refresh_token": "shprt_old",
        }


def test_only_a_refresh_may_be_sent_twice() -> None:
    """A code and an id token count once; the old refresh token stays good until the new one is used."""
    broken = Reply(503, {}), Reply(200, GOOD)
    with shop_server(in_turn(*broken)) as server:
        assert refresh(server.http, SHOP, KEYS, "shprt_old", NOW) == EXPECTED
    with shop_server(in_turn(*broken)) as server, pytest.raises(StoreUnreachable):
        exchange_code(server.http, SHOP, KEYS, "code-1", NOW)


def test_no_secret_shows() -> None:
    shown = repr(EXPECTED) + repr(KEYS) + repr(AppKeys("k", "current", "older"))
    for secret in ("shpat_new", "shprt_new", KEYS.secret, "current", "older"):
        assert secret not in shown


@pytest.mark.parametrize(
    "broken",
    [
        {**GOOD, "access_token": None},
        {**GOOD, "access_token": ""},
        {**GOOD, "access_token": 5},
        {**GOOD, "refresh_token": None},
        {key: value for key, value in GOOD.items() if key != "expires_in"},
        {**GOOD, "expires_in": 0},
        {**GOOD, "expires_in": -1},
        {**GOOD, "expires_in": True},
        {**GOOD, "expires_in": 10**30},
        {**GOOD, "expires_in": "3600"},
        {**GOOD, "refresh_token_expires_in": None},
        {**GOOD, "scope": None},
        [],
        "x",
        b"<html>",
        b"",
    ],
)
def test_an_answer_that_is_no_expiring_token_is_refused(broken: Any) -> None:
    with shop_server(in_turn(Reply(200, broken))) as server, pytest.raises(StoreUnreachable):
        exchange_code(server.http, SHOP, KEYS, "code-1", NOW)


@pytest.mark.parametrize(
    ("reply", "kind", "retry"),
    [
        (Reply(400, {"error": "invalid_grant", "error_description": "secret text"}), AccessLost, False),
        (Reply(400, {"error": "invalid_client"}), AccessLost, False),
        (Reply(401, {}), AccessLost, False),
        (Reply(403, b"no"), AccessLost, False),
        (Reply(400, {"error": "invalid_request"}), StoreRefused, False),
        (Reply(400, b"<html>"), StoreRefused, False),
        (Reply(302, b""), StoreRefused, False),
        (Reply(500, b""), StoreUnreachable, True),
        (Reply(429, {}, {"Retry-After": "2.0"}), StoreBusy, True),
    ],
)
def test_every_refusal_has_a_meaning(reply: Reply, kind: type[Exception], retry: bool) -> None:
    with shop_server(in_turn(reply)) as server, pytest.raises(kind) as caught:
        refresh(server.http, SHOP, KEYS, "shprt_old", NOW)
    assert getattr(caught.value, "retry", None) is retry
    assert "secret text" not in str(caught.value)
    assert getattr(caught.value, "wait", 2.0) == 2.0


def test_an_id_token_that_shopify_does_not_take_asks_for_a_fresh_one() -> None:
    reply = Reply(400, {"error": "invalid_subject_token"})
    with shop_server(in_turn(reply)) as server, pytest.raises(Refused) as caught:
        exchange_id_token(server.http, SHOP, KEYS, "eyJ.x.y", NOW)
    assert caught.value.status == 401


def test_a_name_that_is_no_shop_is_never_called() -> None:
    with shop_server(in_turn(Reply(200, GOOD))) as server:
        with pytest.raises(StoreRefused):
            exchange_code(server.http, "hollow-pine.myshopify.com.evil.example", KEYS, "code-1", NOW)
        assert server.calls == []
