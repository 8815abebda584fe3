"""Parcels in a shop that has fulfilments of its own, or statuses that only its merchant understands."""

from __future__ import annotations

import pytest

from app.db import as_json
from tests.quirks.living import ARRIVED, CONFIRMED, SHIPPED, Home


def _parcels(home: Home) -> int:
    return int(home.one("SELECT count(*) FROM parcels WHERE shop_id = :shop"))


@pytest.mark.parametrize("hints", [True, False])
def test_each_fulfilment_is_mailed_once_and_no_update_is(home: Home, hints: bool) -> None:
    home.quirks(fulfillments=True, hints=hints)
    order = home.order("LK-SHADE-30", "LK-CANDLE-6")
    home.rest()
    first = home.store.act(order, "ship", lines=[{"line_id": order["line_ids"][0]}], tracking_number="A1")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    home.store.act(order, "correct", parcel_id=first["parcel_id"], tracking_number="A2")
    home.store.rest("PUT", f"orders/{order['id']}", json={"customer_note": "by the shed, please"})
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED], "another number, another note: no other mail"
    home.store.act(order, "ship")
    home.rest()
    assert (home.steps(), _parcels(home)) == ([CONFIRMED, SHIPPED, SHIPPED], 2)
    numbers = home.rows("SELECT body->>'tracking_number' AS number FROM parcels ORDER BY id")
    assert "A2" in [row.number for row in numbers]


def test_a_body_that_says_fulfilled_is_looked_up(home: Home) -> None:
    home.quirks(fulfillments=True, hints=False)
    order = home.order()
    home.rest()
    home.store.asked.clear()
    home.store.act(order, "ship")
    home.rest()
    assert ("GET", f"/wp-json/wc/v3/orders/{order['id']}/fulfillments") in home.store.asked
    assert home.steps() == [CONFIRMED, SHIPPED]


def test_a_feature_that_was_switched_off_again_breaks_nothing(home: Home) -> None:
    home.quirks(fulfillments=True)
    order = home.order()
    home.rest()
    home.store.act(order, "ship")
    home.quirks(fulfillments=False)
    home.rest()
    assert home.state() == "connected"
    assert not home.rows("SELECT 1 FROM inbox WHERE outcome = 'quarantined'")
    home.quirks(fulfillments=True)
    home.store.rest("PUT", f"orders/{order['id']}", json={"customer_note": "hello"})
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]


def _say(home: Home, **statuses: str) -> None:
    """The merchant has said what their statuses mean."""
    home.rows(
        "INSERT INTO shipment_words (shop_id, statuses) VALUES (:shop, CAST(:said AS jsonb))"
        " ON CONFLICT (shop_id) DO UPDATE SET statuses = excluded.statuses RETURNING 1",
        said=as_json({name.replace("_", "-"): meaning for name, meaning in statuses.items()}),
    )


def test_the_merchants_own_statuses_are_neutral_until_they_say_what_they_mean(home: Home) -> None:
    home.quirks(custom_statuses=True)
    order = home.order()
    home.rest()
    for status in ("ready-to-go", "handed-over", "arrived"):
        home.store.act(order, "status", status=status)
        home.rest()
    home.later(hours=3)
    home.rest()
    assert (home.steps(), _parcels(home)) == ([CONFIRMED], 0)


def test_and_tell_of_shipping_and_arrival_once_they_have(home: Home) -> None:
    home.quirks(custom_statuses=True)
    _say(home, ready_to_go="nothing", handed_over="shipped", arrived="delivered")
    order = home.order()
    home.rest()
    home.store.act(order, "status", status="ready-to-go")
    home.rest()
    assert home.steps() == [CONFIRMED]
    home.store.act(order, "status", status="handed-over")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    home.store.act(order, "status", status="arrived")
    home.rest()
    home.later(hours=3)
    home.rest()
    assert (home.steps(), _parcels(home)) == ([CONFIRMED, SHIPPED, ARRIVED], 1)


def test_plain_completed_is_shipped_without_a_number(home: Home) -> None:
    order = home.order()
    home.rest()
    home.store.act(order, "status", status="completed")
    home.rest()
    assert home.steps() == [CONFIRMED, SHIPPED]
    (row,) = home.rows("SELECT body->>'tracking_number' AS number FROM parcels")
    assert not row.number
