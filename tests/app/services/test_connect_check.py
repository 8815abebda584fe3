"""The daily look at a connected store: kept for the page that tells it, and mended where that can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.services.connect_check import check_connection, look_soon
from app.services.connection import close_generation
from app.services.heal import run_poll
from app.services.install import Attempt, connect
from app.services.stores import Stores
from app.services.tokens import keep_secrets
from connectors.base import Store
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from connectors.woocommerce import findings as found
from connectors.woocommerce.showing import BY_QUERY
from flows.commerce import Platform
from tests.app.desk import KEYS, START
from tests.connectors.woocommerce.conftest import shop
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import HOME, Shop
from tests.connectors.woocommerce.scripted_shop import KEYS as OURS

__all__ = ["shop"]

REAL = START + timedelta(days=400)
VIEW = {"code": "woocommerce_rest_cannot_view", "data": {"status": 401}}


@dataclass
class Ground:
    """A connected shop, its store as it answers, and all that it takes to look at it."""

    db: Database
    stores: Stores
    shop_id: int
    answers: Shop

    def open(self) -> Store:
        with self.db.shops(self.shop_id) as session:
            store = self.stores.open(session, self.shop_id, REAL)
        assert store is not None
        return store

    def look(self) -> Store:
        return check_connection(self.db, self.stores, self.shop_id, self.open(), REAL)

    def health(self) -> Any:
        with self.db.shops(self.shop_id) as session:
            return session.exec_driver_sql("SELECT * FROM store_health").one_or_none()

    def well(self) -> None:
        self.answers.answers.clear()
        self.answers.will("GET /wp-json/", {"home": HOME, "namespaces": ["wc/v3"]}, headers={"Age": "1"})
        self.answers.will("GET system_status", rest("system_status")["body"])
        self.answers.will("POST webhooks", rest("webhook_bad_topic")["body"], 400)

    def loses_the_header(self) -> None:
        """What comes with keys in the address is answered, what comes with the header is not looked at."""
        plain = self.answers.answer

        def answer(call: Any) -> Any:
            if "/wc/v3/" in call.path and "consumer_key" not in call.params:
                return 401, b'{"code":"woocommerce_rest_cannot_view","data":{"status":401}}', {}
            return plain(call)

        object.__setattr__(self.answers, "answer", answer)


@pytest.fixture
def ground(db: Database, shop: Shop) -> Iterator[Ground]:
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", HOME)
    connected = connect(db, KEYS, attempt, OURS, START, START)
    stores = Stores(
        connector=connector_for,
        keys=KEYS,
        http=shop.store.http,
        app_address="https://app.example",
        shopify=AppKeys("", "", None),
        database=db,
    )
    made = Ground(db, stores, connected.shop_id, shop)
    made.well()
    yield made


def test_nothing_is_wrong_and_that_is_kept(ground: Ground) -> None:
    assert ground.look() == ground.open()
    assert (ground.health().checked_at, ground.health().findings) == (REAL, [])


def test_what_is_wrong_is_kept_and_goes_when_it_is_gone(ground: Ground) -> None:
    ground.answers.answers["GET /wp-json/wc/v3/system_status"].clear()
    ground.answers.will("GET system_status", {"environment": {"version": "3.9.5", "wp_version": "5.3.2"}})
    ground.look()
    kept = {"key": found.OLD_VERSION, "woocommerce": "3.9.5", "wordpress": "5.3.2"}
    assert ground.health().findings == [kept]
    ground.well()
    ground.look()
    assert ground.health().findings == []


def test_the_poll_looks_even_where_everything_else_fails(ground: Ground) -> None:
    ground.answers.answers.clear()
    for what in ("GET /wp-json/", "GET system_status", "GET settings/general", "POST webhooks"):
        ground.answers.will(what, VIEW, 401)
    with ground.db.shops(ground.shop_id) as session:
        session.exec_driver_sql("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'connection'")
    assert run_poll(ground.db, ground.stores, REAL, REAL, lambda: False)
    assert next(one["key"] for one in ground.health().findings) == found.KEYS_REFUSED
    with ground.db.shops(ground.shop_id) as session:
        (state,) = session.exec_driver_sql("SELECT state FROM shops").one()
    assert state == "needs_reconnect"


def test_a_header_that_gets_lost_is_made_up_for_and_used_again_when_it_is_back(ground: Ground) -> None:
    ground.loses_the_header()
    assert ground.look().secrets == {**OURS, **BY_QUERY} == ground.open().secrets
    assert [one["key"] for one in ground.health().findings] == [found.HEADER_LOST]
    del ground.answers.__dict__["answer"]
    assert ground.look().secrets == OURS == ground.open().secrets
    assert ground.health().findings == []


def test_keys_that_came_meanwhile_are_not_overwritten(ground: Ground) -> None:
    store, newer = ground.open(), {**OURS, "consumer_key": "ck_" + "e" * 40}
    ground.loses_the_header()
    with ground.db.shops(ground.shop_id) as session:
        keep_secrets(session, ground.shop_id, KEYS, newer, REAL)
    assert check_connection(ground.db, ground.stores, ground.shop_id, store, REAL) == store
    assert ground.open().secrets == newer


def test_of_a_shop_that_left_nothing_is_noted(ground: Ground) -> None:
    store = ground.open()
    ground.loses_the_header()
    with ground.db.shops(ground.shop_id) as session:
        close_generation(session, ground.shop_id, START)
    check_connection(ground.db, ground.stores, ground.shop_id, store, REAL)
    assert ground.health() is None
    with ground.db.shops(ground.shop_id) as session:
        assert session.exec_driver_sql("SELECT * FROM shop_secrets").all() == []


def test_a_shopify_shop_is_none_of_this(ground: Ground) -> None:
    store = replace(ground.open(), platform=Platform.SHOPIFY)
    assert check_connection(ground.db, ground.stores, ground.shop_id, store, REAL) is store
    assert ground.health() is None and ground.answers.calls == []


def test_what_is_being_looked_at_keeps_its_lease(ground: Ground) -> None:
    with ground.db.shops(ground.shop_id) as session:
        session.exec_driver_sql("UPDATE polls SET next_at = '2099-01-01', held = (noun = 'hooks')")
        look_soon(session, ground.shop_id, REAL)
        due = session.exec_driver_sql("SELECT noun FROM polls WHERE next_at < '2090-01-01' ORDER BY noun")
        assert [row.noun for row in due] == ["connection", "orders"]


def test_a_store_that_is_left_alone_is_asked_all_the_same(ground: Ground) -> None:
    """Nothing is forgotten by that: where it fails again, it is left alone again."""
    until = REAL + timedelta(minutes=20)
    with ground.db.shops(ground.shop_id) as session:
        session.exec_driver_sql(
            "INSERT INTO store_health (shop_id, failures, failing_since, rests_until)"
            f" VALUES ({ground.shop_id}, 7, '{REAL}', '{until}')"
        )
        session.exec_driver_sql(f"UPDATE polls SET next_at = '{until}'")
    assert not run_poll(ground.db, ground.stores, REAL, REAL, lambda: False)
    with ground.db.shops(ground.shop_id) as session:
        look_soon(session, ground.shop_id, REAL)
        held = session.exec_driver_sql("SELECT failures, failing_since, rests_until FROM store_health").one()
    assert tuple(held) == (7, REAL, None)
    while run_poll(ground.db, ground.stores, REAL, REAL, lambda: True):
        pass
    assert ground.health().checked_at == REAL


def test_looking_is_no_bother_where_nothing_rests(ground: Ground) -> None:
    with ground.db.shops(ground.shop_id) as session:
        look_soon(session, ground.shop_id, REAL)
    assert ground.health() is None
