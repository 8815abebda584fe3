"""What an order is besides its lines and sums: taken on, of a till, renewed, handed over, a gift, a cart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Reading
from tests.connectors.woocommerce.recorded_orders import read


@pytest.mark.parametrize(
    ("status", "paid", "accepted"),
    [
        ("processing", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
        ("processing", None, "2026-11-22T08:00:00"),
        ("completed", None, "2026-11-22T08:00:00"),
        ("shipped", None, "2026-11-22T08:00:00"),
        ("wc-partial-shipped", None, "2026-11-22T08:00:00"),
        ("delivered", None, "2026-11-22T08:00:00"),
        ("refunded", None, "2026-11-22T08:00:00"),
        ("pending", None, None),
        ("on-hold", None, None),
        ("on-hold", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
        ("failed", None, None),
        ("failed", "2026-11-21T10:00:00", None),
        ("cancelled", None, None),
        ("packing-at-home", None, None),
        ("packing-at-home", "2026-11-21T10:00:00", "2026-11-21T10:00:00"),
    ],
)
def test_when_an_order_counts_as_accepted(status: str, paid: str | None, accepted: str | None) -> None:
    order = read(
        "order.created.paid",
        status=status,
        date_paid_gmt=paid,
        date_created_gmt="2026-11-21T09:00:00",
        date_modified_gmt="2026-11-22T08:00:00",
    ).orders[0]
    wanted = datetime.fromisoformat(accepted).replace(tzinfo=UTC) if accepted else None
    assert order.accepted_at == wanted


@pytest.mark.parametrize(
    ("completed", "accepted"), [("2026-11-21T18:00:00", 18), ("2026-11-23T18:00:00", 20), (None, 20)]
)
def test_what_was_completed_was_taken_on_by_then(completed: str | None, accepted: int) -> None:
    order = read(
        "order.created.paid",
        status="completed",
        date_paid_gmt=None,
        date_created_gmt="2026-11-21T09:00:00",
        date_modified_gmt="2026-11-21T20:00:00",
        date_completed_gmt=completed,
    ).orders[0]
    assert order.accepted_at == datetime(2026, 11, 21, accepted, tzinfo=UTC)


@pytest.mark.parametrize(
    ("via", "source"),
    [
        ("pos-rest-api", "pos"),
        ("POS", "pos"),
        ("pos", "pos"),
        ("checkout", "checkout"),
        ("", ""),
        ("xpos", "xpos"),
    ],
)
def test_tills_of_all_makes_are_tills(via: str, source: str) -> None:
    assert read("order.created.paid", created_via=via).orders[0].source == source


RENEWAL = [{"id": 1, "key": "_subscription_renewal", "value": "77"}]


@pytest.mark.parametrize(
    ("via", "meta", "renewal"),
    [
        ("subscription", [], True),
        ("checkout", RENEWAL, True),
        ("checkout", [{"id": 1, "key": "_subscription_renewal", "value": 77}], True),
        ("checkout", [{"id": 1, "key": "_subscription_renewal", "value": ""}], False),
        ("checkout", [], False),
    ],
)
def test_a_subscription_that_goes_on_by_itself(via: str, meta: list[Any], renewal: bool) -> None:
    assert read("order.created.paid", created_via=via, meta_data=meta).orders[0].is_renewal is renewal


PICKUP = {"id": 3, "method_title": "Local pickup", "method_id": "local_pickup", "total": "0.00"}


FLAT = PICKUP | {"id": 4, "method_id": "flat_rate"}


NUMBER = [{"id": 9, "key": "_wc_shipment_tracking_items", "value": [{"tracking_number": "1Z9"}]}]


@pytest.mark.parametrize(
    ("ways", "via", "ships"),
    [
        ([PICKUP], "checkout", False),
        ([PICKUP | {"method_id": "local_pickup:3"}], "checkout", False),
        ([PICKUP | {"method_id": "pickup_location"}, PICKUP], "checkout", False),
        ([PICKUP, FLAT], "checkout", True),
        ([FLAT], "checkout", True),
        ([], "checkout", True),
        ([], "pos-rest-api", False),
        ([FLAT], "pos-rest-api", True),
    ],
)
def test_what_is_handed_over_is_no_parcel(ways: list[Any], via: str, ships: bool) -> None:
    for status in ("completed", "delivered"):
        reading = read(
            "order.created.paid", status=status, shipping_lines=ways, created_via=via, meta_data=[]
        )
        assert {line.ships for line in reading.orders[0].lines} == {ships}
        assert len(reading.parcels) == ships
    numbered = read(
        "order.created.paid", status="completed", shipping_lines=ways, created_via=via, meta_data=NUMBER
    )
    assert [one.tracking_number for one in numbered.parcels] == ["1Z9"], "a number is followed all the same"


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft"])
def test_carts_are_no_orders(status: str) -> None:
    assert read("order.created.paid", status=status) == Reading(ignored="checkout_draft")


@pytest.mark.parametrize(
    ("key", "value", "gift"),
    [
        ("gift_message", "For Ada", True),
        ("_gift_note", "x", True),
        ("_is_gift", "yes", True),
        ("is_gift", True, True),
        ("_wc_other/doorstep/gift-note", "Happy birthday", True),
        ("Gift message", "x", True),
        ("_is_gift", "no", False),
        ("_is_gift", "0", False),
        ("is_gift", False, False),
        ("gift_message", "", False),
        ("gift_card_number", "1234", False),
        ("_gift_voucher_code", "1234", False),
        ("_gifted_by", "x", False),
        ("drift_message", "x", False),
        ("gift_message", ["x"], False),
    ],
)
def test_gifts_are_known_by_what_plugins_note(key: str, value: object, gift: bool) -> None:
    entry = {"id": 1, "key": key, "value": value}
    assert read("order.created.paid", meta_data=[entry]).orders[0].is_gift is gift
    line = {"id": 1, "name": "Lamp", "quantity": 1, "total": "1.00", "meta_data": [entry]}
    assert read("order.created.paid", meta_data=[], line_items=[line]).orders[0].is_gift is gift
