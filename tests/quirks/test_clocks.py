"""Stores whose clocks and calendars are not ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.registry import connector_for
from flows.commerce import Platform
from tests.quirks.living import ARRIVED, CONFIRMED, SHIPPED, SHOPPER, Home

TOKYO = ZoneInfo("Asia/Tokyo")


def _zone(home: Home) -> str:
    return str(home.one("SELECT timezone FROM shops WHERE id = :shop"))


def test_a_shop_in_tokyo_tells_when_by_its_gmt_twins_only(home: Home) -> None:
    home.quirks(tokyo=True)
    home.look("connection")
    assert _zone(home) == "Asia/Tokyo"
    before = datetime.now(UTC)
    home.order()
    home.rest()
    row = home.rows("SELECT version, body->>'placed_at' AS placed FROM orders")[0]
    for moment in (row.version, datetime.fromisoformat(row.placed)):
        assert abs(moment - before) < timedelta(seconds=30), "not nine hours ahead"
    assert home.steps() == [CONFIRMED]


def test_what_was_dropped_in_tokyo_is_found_by_utc(home: Home) -> None:
    """Without `dates_are_gmt` the bound is read as shop time, nine hours back, and every order of the day
    is listed again."""
    home.quirks(tokyo=True)
    first = home.order(email="first@example.com")
    home.rest()
    home.later(hours=3)
    home.rest()
    home.look("hooks")  # we are back: our mails take the place of the shop's again
    home.quirks(drop=True, hints=False)
    missed = home.order()
    home.quirks(drop=False)
    home.look("orders")
    assert home.steps() == [CONFIRMED]
    assert home.healed() == 1
    with home.runtime.database.shops(home.shop.shop_id) as session:
        store = home.runtime.stores().open(session, home.shop.shop_id, home.real())
    assert store is not None
    page = connector_for(Platform.WOOCOMMERCE).changed_since(store, home.now() - timedelta(hours=1), None)
    assert [order.id for order in page.reading.orders] == [missed["id"]], "as we read it"
    asked = home.store.read(
        "orders", modified_after=(home.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    )
    assert {one["id"] for one in asked} == {int(first["id"]), int(missed["id"])}, "as the shop would read it"


def test_reviews_are_asked_for_at_ten_in_tokyo(home: Home) -> None:
    home.quirks(tokyo=True)
    home.look("connection")
    # Whoever lives there; somebody in Berlin is asked when it is ten in Berlin.
    for country, zone in (("JP", TOKYO), ("DE", ZoneInfo("Europe/Berlin"))):
        order = home.order(email=f"{country.lower()}@example.com")
        there = {"shipping": {"country": country}, "billing": {"country": country}}
        assert home.store.rest("PUT", f"orders/{order['id']}", json=there).status_code == 200
        for action in ("ship", "deliver"):
            home.rest()
            home.store.act(order, action)
        home.rest()
        asked = "SELECT wake_at FROM journeys WHERE flow_key = 'review_request' AND order_id = :order"
        (due,) = home.rows(asked, order=str(order["id"]))
        assert (due.wake_at.astimezone(zone).hour, due.wake_at.minute) == (10, 0)


def confirmations(home: Home, order: Any) -> int:
    """Ours, or the shop's own: one whose clock is behind keeps those so much longer."""
    own = home.store.get("/sandbox/mails")
    theirs: list[str] = [one["id"] for one in own if one["order"] == order["id"] and one["sent"]]
    return home.steps(SHOPPER).count(CONFIRMED) + theirs.count("customer_processing_order")


@pytest.mark.parametrize("hours", [5, -5])
def test_a_clock_that_is_hours_off_loses_no_mail_and_is_spoken_of(home: Home, hours: int) -> None:
    home.later(hours=12)
    home.rest()
    home.quirks(clock_hours=hours)
    home.look("hooks", "orders")
    order = home.order()
    home.rest()
    home.store.act(order, "ship")
    home.rest()
    home.store.act(order, "deliver")
    home.rest()
    home.later(hours=3)
    home.rest()
    assert confirmations(home, order) == 1
    assert home.steps(SHOPPER).count(SHIPPED) == 1
    assert home.steps(SHOPPER).count(ARRIVED) <= 1
    offset = home.one("SELECT plugin->>'offset' FROM store_health WHERE shop_id = :shop")
    assert abs(int(offset) + home.clock.ahead.total_seconds() - hours * 3600) < 10800 + 60


@pytest.mark.parametrize(("hours", "noun"), [(5, "orders"), (-5, "nightly")])
def test_a_dropped_message_of_such_a_store_is_found_too(home: Home, hours: int, noun: str) -> None:
    """By the next look, or, where the store's own times lie behind what that one asks for, in the night."""
    home.later(hours=12)
    home.rest()
    home.look("hooks")
    home.quirks(clock_hours=hours, drop=True, hints=False)
    order = home.order()
    home.quirks(drop=False)
    home.look(noun)
    assert confirmations(home, order) == 1
