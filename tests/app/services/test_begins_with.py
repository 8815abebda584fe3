"""What is on in a shop before its merchant has touched a switch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.db import open_database
from app.services.connection import close_generation
from app.services.install import Attempt, Connected, connect
from app.services.switches import switch_off
from connectors.base import Reading
from flows.commerce import Platform
from flows.presets import PRESETS, STARTER
from tests.app.desk import KEYS, START, Desk, an_order

SHOP = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
SECRETS = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}


def test_a_new_shop_begins_with_the_starters_and_nothing_else(database: Any) -> None:
    db = open_database(database.app_url, pooled=False)
    desk = Desk(db, connect(db, KEYS, SHOP, SECRETS, START, START).shop_id)
    assert len(STARTER) == 9 < len(PRESETS)
    assert on(desk) == set(STARTER)
    assert {row.since for row in desk.rows("SELECT since FROM flow_switches")} == {START}
    # Its first order is told of by what is on alone.
    desk.read(Reading(orders=(an_order(),)))
    begun = {row.flow_key for row in desk.rows("SELECT flow_key FROM journeys")}
    assert begun <= set(STARTER)
    assert "order_progress" in begun


def test_keys_given_anew_switch_nothing_and_a_new_generation_begins_anew(database: Any) -> None:
    db = open_database(database.app_url, pooled=False)
    desk = Desk(db, connect(db, KEYS, SHOP, SECRETS, START, START).shop_id)
    with db.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "delivered", START)
    later = START + timedelta(days=1)
    again(db, later)
    assert on(desk) == set(STARTER) - {"delivered"}
    with db.shops(desk.shop_id) as session:
        close_generation(session, desk.shop_id, later)
    assert on(desk) == set()
    assert again(db, later + timedelta(days=1)).generation == 2
    assert on(desk) == set(STARTER)


def again(db: Any, at: Any) -> Connected:
    return connect(db, KEYS, SHOP, SECRETS, at, at)


def on(desk: Desk) -> set[str]:
    return {row.flow_key for row in desk.rows("SELECT flow_key FROM flow_switches WHERE enabled")}
