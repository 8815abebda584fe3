"""A token is renewed before it ends, once when it is refused, and in time in shops where nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.db import Database
from app.services.connection import mark_needs_reconnect, set_scopes
from app.services.exchange import has_good_token
from app.services.heal import run_poll
from app.services.install import Attempt, connect
from app.services.store_writes import owe
from app.services.stores import Stores
from app.services.tokens import RENEW_BEFORE, SILENT, TOKEN_HEADER, keep_secrets
from connectors.base import AccessLost, Store
from connectors.registry import connector_for
from connectors.shopify.admin_api import call
from connectors.writes import SetRating
from flows.commerce import Platform
from tests.app.desk import KEYS, Desk
from tests.app.services.statements import counted
from tests.app.token_server import API, APP, DOMAIN, TokenServer, token_server
from wire.http import HttpClient

NOW = datetime.now(UTC)
ATTEMPT = Attempt(Platform.SHOPIFY, DOMAIN, f"https://{DOMAIN}")
HOUR = timedelta(hours=1)


@dataclass
class Held:
    """A connected shop whose store gives and refuses tokens by the platform's rules."""

    desk: Desk
    stores: Stores
    server: TokenServer

    def opened(self, real: datetime = NOW) -> Store:
        with self.desk.database.shops(self.desk.shop_id) as session:
            store = self.stores.open(session, self.desk.shop_id, real)
        assert store is not None
        return store

    def stored(self) -> dict[str, str]:
        (row,) = self.desk.rows("SELECT sealed FROM shop_secrets")
        return KEYS.unseal(self.desk.shop_id, bytes(row.sealed))


@pytest.fixture
def held(db: Database, tmp_path: Path) -> Iterator[Held]:
    with token_server(tmp_path) as server:
        shop = connect(db, KEYS, ATTEMPT, server.given(NOW), NOW, NOW)
        http = HttpClient(origins=server.origins, pause=lambda seconds: None)
        stores = Stores(connector_for, KEYS, http, "https://app.example", APP, db)
        yield Held(Desk(db, shop.shop_id, NOW, NOW), stores, server)


def status(store: Store) -> int:
    headers = {TOKEN_HEADER: store.secrets["access_token"]}
    return store.http.request("POST", API, headers=headers, body=b"{}").status


def test_a_token_is_renewed_in_its_last_five_minutes_and_not_before(held: Held) -> None:
    first = held.opened(NOW + HOUR - RENEW_BEFORE - timedelta(seconds=1)).secrets["access_token"]
    assert held.server.renewals == 0
    second = held.opened(NOW + HOUR - RENEW_BEFORE)
    assert held.server.renewals == 1 and second.secrets["access_token"] != first
    assert held.stored()["access_token"] == second.secrets["access_token"], "stored before its first use"
    assert status(second) == 200
    assert held.opened(NOW + HOUR).secrets == second.secrets, "and kept for its own hour"


def test_all_of_a_token_is_stored_at_once(held: Held) -> None:
    at = NOW + HOUR
    held.opened(at)
    kept = held.stored()
    assert datetime.fromisoformat(kept["expires_at"]) == at + HOUR
    assert datetime.fromisoformat(kept["refresh_expires_at"]) == at + timedelta(days=90)
    assert set(kept) == {
        "access_token",
        "expires_at",
        "refresh_token",
        "refresh_expires_at",
        "refresh_before",
        "scope",
    }
    (row,) = held.desk.rows("SELECT sealed_with, changed_at, renewed_at FROM shop_secrets")
    assert (row.sealed_with, row.changed_at, row.renewed_at) == (KEYS.ids[0], NOW, at)


def test_a_token_that_is_refused_is_renewed_once_and_the_call_repeated(held: Held) -> None:
    store = held.opened()
    held.server.revoke(store.secrets["access_token"])
    assert status(store) == 200
    assert held.server.renewals == 1
    assert status(store) == 200, "the same opened store goes on with the new one"
    assert held.server.renewals == 1
    assert status(held.opened()) == 200
    assert held.server.renewals == 1


def test_a_token_that_somebody_else_has_renewed_is_not_renewed_again(held: Held) -> None:
    mine, theirs = held.opened(), held.opened()
    held.server.revoke(mine.secrets["access_token"])
    assert (status(theirs), status(mine)) == (200, 200)
    assert held.server.renewals == 1


def test_a_store_that_refuses_the_new_one_too_has_lost_us(held: Held) -> None:
    store, held.server.shut = held.opened(), True
    with pytest.raises(AccessLost):
        call(store, "shop")
    assert held.server.renewals == 1, "no endless renewing"


def test_without_a_successor_the_merchant_is_needed_and_nobody_is_asked(held: Held) -> None:
    with pytest.raises(AccessLost, match="no successor"):
        held.opened(NOW + timedelta(days=90))
    assert held.server.renewals == 0


def test_rights_that_come_with_a_new_token_are_noted(held: Held) -> None:
    held.server.shop.write("shop", {"scopes": ["read_orders", "write_products"]}, "installation")
    held.opened(NOW + HOUR)
    (row,) = held.desk.rows("SELECT scopes FROM shops")
    assert row.scopes == "read_orders,write_products"


def test_a_shop_without_life_has_its_token_renewed_once_a_month(held: Held) -> None:
    """Its other listings rest, as they do while the store fails."""
    desk = held.desk
    desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'token' RETURNING 1")
    held.stores.tokens().renewed_if_silent(desk.shop_id, DOMAIN, NOW + SILENT - timedelta(seconds=1))
    assert held.server.renewals == 0
    held.stores.tokens().renewed_if_silent(desk.shop_id, DOMAIN, NOW + SILENT)
    assert held.server.renewals == 1
    for day in range(31, 124):
        real = NOW + timedelta(days=day)
        while run_poll(desk.database, held.stores, real, real, lambda: False):
            pass
    last = datetime.fromisoformat(held.stored()["refresh_expires_at"])
    assert last > NOW + timedelta(days=123 + 59), "never near its end"
    (row,) = desk.rows("SELECT state FROM shops")
    assert row.state == "connected"


def test_looking_after_tokens_costs_what_is_due(held: Held) -> None:
    with counted(held.desk.database) as seen:
        assert not run_poll(held.desk.database, held.stores, NOW, NOW - HOUR, lambda: False)
    assert len(seen) <= 2


def test_the_daily_look_at_a_token_proves_nothing(held: Held) -> None:
    """It asks the store nothing while the token is young: a shop that lost its key must not seem connected
    by it, or its merchant would be given no new one."""
    later = NOW + timedelta(minutes=2)
    with held.desk.database.shops(held.desk.shop_id) as session:
        mark_needs_reconnect(session, held.desk.shop_id, "the token is refused", later)
    held.desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'token' RETURNING 1")
    held.desk.rows("UPDATE polls SET next_at = :now WHERE noun = 'token' RETURNING 1", now=NOW)
    assert run_poll(held.desk.database, held.stores, NOW, later, lambda: False)
    assert held.server.renewals == 0
    assert not has_good_token(held.desk.database, KEYS, DOMAIN, later)


def test_rights_that_come_with_a_renewal_are_enough(held: Held) -> None:
    """What waits for them goes on; the message about them comes later, and is no news by then."""
    with held.desk.database.shops(held.desk.shop_id) as session:
        set_scopes(session, held.desk.shop_id, ["read_orders"])
        owe(session, held.desk.shop_id, {"stars": SetRating("1", 4.5, 2)}, NOW)
    held.desk.rows("UPDATE store_writes SET next_at = 'infinity' RETURNING 1")
    with held.desk.database.shops(held.desk.shop_id) as session:
        secrets = {**held.stored(), "scope": "read_orders"}
        keep_secrets(session, held.desk.shop_id, KEYS, secrets, NOW)
    assert status(held.opened(NOW + HOUR)) == 200
    (owed,) = held.desk.rows("SELECT next_at FROM store_writes")
    assert owed.next_at == NOW + HOUR
