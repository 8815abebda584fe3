"""History, catalogue and customers come by bulk operations, whatever happens on the way."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.queries.customers import Rank, order_ranks
from app.services.polls import CATALOGUE, CUSTOMERS, HISTORY
from app.services.store_reading import store_readings
from connectors.base import Reading
from connectors.shopify import bulk_file
from flows.commerce import Customer
from tests.healing.conftest import Site

ALL = (CATALOGUE, CUSTOMERS, HISTORY)


def stored(site: Site) -> dict[str, list[Any]]:
    """Everything that an import writes, as it lies there."""
    bodies = ("orders", "parcels", "parcel_events", "refunds", "products", "customers")
    found = {
        table: site.rows(f"SELECT id, body - 'counted_at' AS body FROM {table} ORDER BY id")
        for table in bodies
    }
    found["consents"] = site.rows("SELECT email, state, at FROM consents ORDER BY email")
    return {table: [tuple(row) for row in rows] for table, rows in found.items()}


def ended(site: Site) -> list[Any]:
    return site.rows(
        "SELECT noun, done, total, error, cursor FROM polls WHERE noun = any(:all) ORDER BY noun",
        all=list(ALL),
    )


def test_everything_is_there_and_nothing_begins(site: Site) -> None:
    site.poll(*ALL)
    counts = {table: len(rows) for table, rows in stored(site).items()}
    assert counts["orders"] == 12 and counts["products"] == 10 and counts["customers"] == 6
    assert counts["consents"] == 6 and counts["refunds"] == 2 and counts["parcels"] == 12
    assert [tuple(row) for row in ended(site)] == [
        ("catalogue", 10, 10, None, None),
        ("customers", 6, 6, None, None),
        ("history", 12, 12, None, None),
    ]
    assert site.one("SELECT imported_at FROM shops") is not None
    site.errands()
    assert site.one("SELECT count(*) FROM journeys") == site.one("SELECT count(*) FROM messages") == 0


def test_a_file_and_a_listing_tell_the_same_after_its_wishes(site: Site) -> None:
    site.poll(*ALL)
    thin = site.rows("SELECT id, reason FROM wishes")
    assert {row.reason for row in thin} == {"the file does not hold all of it"} and len(thin) == 1
    by_file = stored(site)
    site.quirks(bulk_error="ACCESS_DENIED")
    for table in by_file:
        site.rows(f"DELETE FROM {table} RETURNING 1")
    site.poll(*ALL)
    by_pages = stored(site)
    assert [len(rows) for rows in by_file.values()] != [len(rows) for rows in by_pages.values()]
    for (_, one), (_, other) in zip(by_file["orders"], by_pages["orders"], strict=True):
        assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
    assert by_file["products"] == by_pages["products"]
    assert by_file["consents"] == by_pages["consents"]


def test_first_or_repeat_is_known_of_everybody(site: Site) -> None:
    site.poll(*ALL)
    keys = [(site.shop_id, row.id) for row in site.rows("SELECT id FROM orders")]
    with site.database.shops(site.shop_id) as session:
        ranks = order_ranks(session, keys)
    people: dict[str, list[Rank]] = {}
    for row in site.rows("SELECT id, email FROM orders ORDER BY placed_at"):
        people.setdefault(row.email, []).append(ranks[site.shop_id, row.id])
    assert len(ranks) == 12 and len(people) == 6
    for seen in people.values():
        assert seen == [Rank.FIRST, *[Rank.REPEAT] * (len(seen) - 1)]
    assert site.rows("SELECT FROM customers WHERE body->>'order_count' IS NULL") == []


def test_orders_that_the_shop_does_not_show_us_make_nobody_new(site: Site) -> None:
    """It shows sixty days, but counts all. A message that does not say the count leaves it."""
    site.poll(*ALL)
    nora = site.rows("SELECT id, email FROM customers WHERE email LIKE 'nora%'")[0]
    old = "DELETE FROM orders WHERE email = :email AND placed_at < :old RETURNING 1"
    assert len(site.rows(old, email=nora.email, old=site.now - timedelta(days=30))) == 2
    left = site.rows("SELECT id FROM orders WHERE email = :email", email=nora.email)
    keys = [(site.shop_id, row.id) for row in left]
    with site.database.shops(site.shop_id) as session:
        assert set(order_ranks(session, keys).values()) == {Rank.REPEAT} and len(keys) == 1
    silent = Customer(nora.id, site.now + timedelta(days=1), nora.email, "Eleonora")
    with site.database.shops(site.shop_id) as session:
        store_readings(session, [(site.shop_id, Reading(customers=(silent,)))], site.now)
    told = site.one("SELECT body FROM customers WHERE id = :id", id=nora.id)
    assert (told["first_name"], told["order_count"]) == ("Eleonora", 3)


def test_a_count_is_kept_though_a_newer_message_was_there_first(site: Site) -> None:
    site.poll(HISTORY)
    nora = site.rows("SELECT body->>'customer_id' AS id, email FROM orders WHERE email LIKE 'nora%'")[0]
    early = Customer(nora.id, site.now + timedelta(days=1), nora.email, "Eleonora")
    with site.database.shops(site.shop_id) as session:
        store_readings(session, [(site.shop_id, Reading(customers=(early,)))], site.now)
    site.poll(CUSTOMERS)
    told = site.one("SELECT body FROM customers WHERE id = :id", id=nora.id)
    assert (told["first_name"], told["order_count"]) == ("Eleonora", 3)


def test_a_reading_that_is_cut_off_anywhere_goes_on_there(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One order a piece, and every second page is lost before it is written."""
    site.poll(*ALL)
    whole = stored(site)
    for table in whole:
        site.rows(f"DELETE FROM {table} RETURNING 1")
    monkeypatch.setattr(bulk_file, "PIECE", 2_500)
    monkeypatch.setattr("connectors.shopify.bulk_file.read_piece.__defaults__", (2_500,))
    turns = 0
    site.due(*ALL)
    while site.rows("SELECT FROM polls WHERE noun = any(:all) AND next_at < 'infinity'", all=list(ALL)):
        turns += 1
        before = site.rows("SELECT noun, cursor FROM polls ORDER BY noun")
        if turns % 2:
            site.turn()
        else:
            with pytest.MonkeyPatch.context() as broken:
                broken.setattr("app.services.heal._apply", _dies)
                site.turn()
            assert site.rows("SELECT noun, cursor FROM polls ORDER BY noun") == before or turns < 12
        site.real += timedelta(minutes=11)
        assert turns < 400
    assert stored(site) == whole
    assert turns > 24


def _dies(*_: Any) -> None:
    raise SystemError("the process is gone")


@pytest.mark.parametrize(
    ("error", "partial", "operations"),
    [
        ("ACCESS_DENIED", 0.0, 1),
        ("INTERNAL_SERVER_ERROR", 0.0, 2),
        ("CANCELED", 0.0, 2),
        ("EXPIRED", 0.0, 2),
        ("TIMEOUT", 0.6, 1),
        ("INTERNAL_SERVER_ERROR", 0.05, 1),
    ],
)
def test_an_operation_that_fails_is_replaced(site: Site, error: str, partial: float, operations: int) -> None:
    """By another one, or by listing; what it saved is used and only the rest is listed."""
    site.quirks(bulk_error=error, bulk_partial=partial)
    site.poll(HISTORY)
    assert site.one("SELECT count(*) FROM orders") == 12
    assert site.rows("SELECT error FROM polls WHERE noun = 'history'")[0].error is None
    begun = site.api.data("{ bulkOperations(first: 9) { nodes { query } } }")["bulkOperations"]["nodes"]
    assert len(begun) == operations


def test_an_address_that_aged_is_asked_for_again(site: Site) -> None:
    site.quirks(bulk_url_seconds=0.0)
    site.poll(HISTORY)
    assert site.one("SELECT count(*) FROM orders") == 12  # listed in the end


def test_nothing_is_a_result_too(site: Site) -> None:
    for order in site.store.get("/sandbox/orders"):
        site.store.post(f"/sandbox/orders/{order['id']}/trash")
    site.poll(HISTORY)
    history = site.rows(
        "SELECT done, total, error, next_at::text AS next_at FROM polls WHERE noun = 'history'"
    )
    assert tuple(history[0]) == (0, 0, None, "infinity")


def test_an_operation_of_ours_that_runs_already_is_taken_over(site: Site) -> None:
    """Begun by a process that died before it could note which."""
    site.quirks(bulk_seconds=3.0)
    site.due(HISTORY)
    site.turn()
    first = json.loads(site.one("SELECT cursor FROM polls WHERE noun = 'history'"))["operation"]
    site.rows(
        "UPDATE polls SET next_at = :real, cursor = NULL WHERE noun = 'history' RETURNING 1", real=site.real
    )
    site.turn()
    assert json.loads(site.one("SELECT cursor FROM polls WHERE noun = 'history'"))["operation"] == first


def test_the_shop_s_places_may_be_taken(site: Site) -> None:
    """Five at once, whoever began them; ours waits and is not refused for good."""
    site.quirks(bulk_seconds=2.0)
    for _ in range(5):
        made = site.api.data(
            "mutation($asked: String!) { bulkOperationRunQuery(query: $asked, groupObjects: false)"
            " { bulkOperation { id } userErrors { code } } }",
            asked="{ products { edges { node { id title } } } }",
        )
        assert made["bulkOperationRunQuery"]["userErrors"] == []
    site.due(HISTORY)
    site.turn()
    waiting = site.rows("SELECT cursor, error, next_at FROM polls WHERE noun = 'history'")[0]
    assert waiting.error is None and waiting.next_at == site.real + timedelta(seconds=30)
    site.finish()
    assert site.one("SELECT count(*) FROM orders") == 12
