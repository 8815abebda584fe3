"""A shop is forgotten: everything of it, and nothing of the one that came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.models.shop import shops
from app.services.connection import (
    close_generation,
    mark_needs_reconnect,
    note_failure,
    set_profile,
    set_scopes,
)
from app.services.install import Attempt, connect
from app.services.locks import lock_shop
from app.services.mail_accounts import Wanted, keep_account
from app.services.privacy import hear, run_request
from app.services.vendor_health import learn
from connectors.base import Reading, StoreGone
from connectors.news import PrivacyAsk, PrivacyKind
from emails.providers.base import SendFailed
from flows.commerce import Platform, ShopProfile
from tests.app.desk import KEYS, START, Desk, an_order, connect_shop
from tests.app.services.canary import TENANT_TABLES, found_in, plant

ASK = PrivacyAsk(PrivacyKind.FORGET_SHOP, "shop")
REMOVED = START + timedelta(days=5)
TOLD = REMOVED + timedelta(hours=48)
PROFILE = ShopProfile(
    "Wrenna", "https://larkhus.example", "wrenna.canary@example.com", "EUR", "Europe/Berlin", "de", "DE",
    "Kanarístræti 7", "548380009",
)  # fmt: skip


def removed(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        close_generation(session, desk.shop_id, REMOVED)


def told_to_forget(desk: Desk, at: Any = TOLD) -> None:
    with desk.database.shops(desk.shop_id) as session:
        hear(session, [(desk.shop_id, ASK)], at)
    while run_request(desk.database, KEYS, at, at):
        pass
    rows = desk.rows("SELECT done_at, error FROM privacy_requests WHERE kind = 'forget_shop' ORDER BY id")
    assert [row.error for row in rows] == [None] * len(rows) and all(row.done_at for row in rows)


def came_back(desk: Desk, at: Any) -> int:
    attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example")
    keys = {"consumer_key": "ck_2"}
    return connect(desk.database, KEYS, attempt, keys, at, at, PROFILE.platform_id).generation


def test_what_was_learnt_of_its_own_account_goes_and_of_no_others(desk: Desk) -> None:
    other = connect_shop(desk.database, "other.example")
    for shop, url in ((desk, "postmark://a"), (other, "postmark://b")):
        with desk.database.shops(shop.shop_id) as session:
            wanted = Wanted("postmark", url, "hello@larkhus.example")
            keep_account(session, KEYS, shop.shop_id, wanted, START, START)
    names = {url: KEYS.account_name(url) for url in ("postmark://a", "postmark://b", "smtp://ours")}
    for name in names.values():
        learn(desk.database, name, "postmark", [SendFailed("vendor_away")] * 5, TOLD)
    removed(desk)
    told_to_forget(desk)
    left = {row.account for row in desk.rows("SELECT account FROM mail_vendors")}
    assert left == {names["postmark://b"], names["smtp://ours"]}


@pytest.fixture
def full(desk: Desk) -> Desk:
    plant(desk)
    with desk.database.shops(desk.shop_id) as session:
        set_profile(session, desk.shop_id, PROFILE)
        set_scopes(session, desk.shop_id, ["read_orders"])
    return desk


def test_all_of_it_goes_but_its_line_and_the_hashes(full: Desk) -> None:
    (before,) = full.rows("SELECT token FROM shops WHERE id = :id", id=full.shop_id)
    hashes = full.rows("SELECT address_hash, scope FROM suppressions ORDER BY 1, 2")
    removed(full)
    assert found_in(full) != []
    told_to_forget(full)
    assert found_in(full) == []
    counts = {name: full.rows(f"SELECT count(*) AS n FROM {name}")[0].n for name in TENANT_TABLES}
    assert {name for name, n in counts.items() if n} == {"suppressions", "privacy_requests"}
    assert full.rows("SELECT address_hash, scope FROM suppressions ORDER BY 1, 2") == hashes
    (shop,) = full.rows("SELECT * FROM shops WHERE id = :id", id=full.shop_id)
    assert (shop.state, shop.generation, shop.redacted_at) == ("uninstalled", 1, TOLD)
    assert shop.token != before.token
    assert {shop.name, shop.url, shop.email, shop.address, shop.country, shop.scopes, shop.platform_id} == {
        ""
    }
    assert (shop.domain, shop.platform) == ("larkhus.example", "woocommerce")


def test_the_proof_that_it_was_done_tells_of_nobody(full: Desk) -> None:
    removed(full)
    told_to_forget(full)
    rows = full.rows("SELECT kind, body, export, error FROM privacy_requests ORDER BY kind")
    assert [(row.kind, row.body, row.export, row.error) for row in rows] == [
        ("export", {}, None, "the shop was forgotten"),
        ("forget_shop", {}, None, None),
    ]


def test_again_changes_nothing(full: Desk) -> None:
    removed(full)
    told_to_forget(full)
    told_to_forget(full, TOLD + timedelta(days=1))
    assert len(full.rows("SELECT 1 FROM privacy_requests WHERE kind = 'forget_shop'")) == 2
    assert found_in(full) == []


def test_a_shop_that_comes_back_later_begins_anew(full: Desk) -> None:
    removed(full)
    told_to_forget(full)
    assert came_back(full, TOLD + timedelta(days=1)) == 2
    (shop,) = full.rows("SELECT state FROM shops WHERE id = :id", id=full.shop_id)
    assert shop.state == "connected"


def alive(desk: Desk) -> dict[str, Any]:
    """What belongs to the shop that is back: its settings, its orders, its own generation's work."""
    asked = {
        "orders": "SELECT t::text FROM orders t ORDER BY id",
        "customers": "SELECT t::text FROM customers t ORDER BY id",
        "reviews": "SELECT t::text FROM reviews t ORDER BY id",
        "switches": "SELECT t::text FROM flow_switches t ORDER BY flow_key",
        "secrets": "SELECT t::text FROM shop_secrets t",
        "polls": "SELECT t::text FROM polls t ORDER BY noun",
        "shop": "SELECT t::text FROM shops t",
        "events": "SELECT t::text FROM events t WHERE generation = 2 ORDER BY id",
        "journeys": "SELECT t::text FROM journeys t WHERE generation = 2 ORDER BY id",
        "messages": "SELECT t::text FROM messages t WHERE generation = 2 ORDER BY id",
        "new": "SELECT t::text FROM inbox t WHERE received_at > '2026-11-08Z'",
        "waiting": "SELECT t::text FROM inbox t WHERE state = 'new' ORDER BY id",
    }
    return {name: desk.rows(sql) for name, sql in asked.items()}


def test_one_that_is_back_loses_only_its_past(full: Desk) -> None:
    from app.services.switches import switch_on

    removed(full)
    back = REMOVED + timedelta(hours=20)
    assert came_back(full, back) == 2
    with full.database.shops(full.shop_id) as session:
        switch_on(session, full.shop_id, "order_confirmation", back)
    full.now = full.real = back + timedelta(minutes=5)
    full.read(Reading(orders=(an_order(id="600", number="600", at=back + timedelta(minutes=1)),)))
    full.rows(
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state)"
        " VALUES (:shop, 'order.updated', 'live', '{}', :at, 'done') RETURNING 1",
        shop=full.shop_id,
        at=back + timedelta(days=2),
    )
    before = alive(full)
    assert before["messages"] and before["journeys"] and before["events"] and before["new"]
    told_to_forget(full)
    assert alive(full) == before
    for table in ("events", "journeys", "messages"):
        assert {row.generation for row in full.rows(f"SELECT generation FROM {table}")} == {2}
    assert not full.rows(
        "SELECT 1 FROM inbox WHERE received_at < :at AND state <> 'new' AND body <> ''", at=back
    )
    (shop,) = full.rows("SELECT redacted_at, state FROM shops WHERE id = :id", id=full.shop_id)
    assert (shop.redacted_at, shop.state) == (None, "connected")


def test_where_the_removal_was_never_told_a_dead_key_says_it(full: Desk) -> None:
    with full.database.shops(full.shop_id) as session:
        mark_needs_reconnect(session, full.shop_id, "401", REMOVED)
    told_to_forget(full)
    assert found_in(full) == []
    (shop,) = full.rows("SELECT state FROM shops WHERE id = :id", id=full.shop_id)
    assert shop.state == "uninstalled"


def test_and_so_does_a_store_that_is_closed(full: Desk) -> None:
    with full.database.shops(full.shop_id) as session:
        note_failure(session, full.shop_id, StoreGone("404"), REMOVED)
    told_to_forget(full)
    assert found_in(full) == []


def test_a_shop_that_works_or_is_young_is_never_taken_for_gone(full: Desk) -> None:
    told_to_forget(full)
    assert found_in(full) != []
    with full.database.shops(full.shop_id) as session:
        mark_needs_reconnect(session, full.shop_id, "401", REMOVED)
    told_to_forget(full, START + timedelta(hours=47))
    assert found_in(full) != []
    (shop,) = full.rows("SELECT state FROM shops WHERE id = :id", id=full.shop_id)
    assert shop.state == "needs_reconnect"


def test_an_answer_that_comes_after_the_removal_is_nobodys(full: Desk) -> None:
    removed(full)
    told_to_forget(full)
    with full.database.shops(full.shop_id) as session:
        set_profile(session, full.shop_id, PROFILE)
        set_scopes(session, full.shop_id, ["read_orders"])
    assert found_in(full) == []


def test_a_neighbour_keeps_everything(full: Desk, db: Database) -> None:
    from tests.app.desk import connect_shop

    neighbour = connect_shop(db, "hyllan.example")
    neighbour.read(Reading(orders=(an_order(),)))
    tables = sorted(TENANT_TABLES - {"privacy_requests"})
    before = {name: neighbour.rows(f"SELECT t::text FROM {name} t ORDER BY 1") for name in tables}
    removed(full)
    told_to_forget(full)
    after = {name: neighbour.rows(f"SELECT t::text FROM {name} t ORDER BY 1") for name in tables}
    assert after == before


# What tells which shop it was, and when.
OF_ITS_LINE = {
    "id",
    "platform",
    "domain",
    "token",
    "base_url",
    "state",
    "connected_at",
    "generation",
    "redacted_at",
}
SOMETHING: Mapping[type, Any] = {bool: True, int: 7, str: "/wrenna", object: '{"10": 7}', datetime: START}


def test_every_column_of_its_line_is_as_in_a_new_one(full: Desk) -> None:
    """Each is filled first, and so is one that is added."""
    (new,) = full.rows(
        "INSERT INTO shops (platform, domain, token, base_url, state, connected_at)"
        " VALUES ('shopify', 'new', 'new', 'new', 'connected', :at) RETURNING to_jsonb(shops) AS line",
        at=START,
    )
    columns = {one.name: SOMETHING[one.type.python_type] for one in shops.c if one.name not in OF_ITS_LINE}
    filled = ", ".join(f"{name} = :{name}" for name in columns)
    full.rows(f"UPDATE shops SET {filled} WHERE id = :id RETURNING 1", id=full.shop_id, **columns)
    before = line(full)
    assert [name for name in columns if before[name] == new.line[name]] == []
    removed(full)
    told_to_forget(full)
    after = line(full)
    assert {name: after[name] for name in columns} == {name: new.line[name] for name in columns}


def line(desk: Desk) -> dict[str, Any]:
    (row,) = desk.rows("SELECT to_jsonb(s) AS line FROM shops s WHERE id = :id", id=desk.shop_id)
    found: dict[str, Any] = row.line
    return found
