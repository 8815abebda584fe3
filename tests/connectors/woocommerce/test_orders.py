from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Noun, Reading
from connectors.woocommerce.normalise import normalise
from flows.commerce import Address, Order, OrderLine, OrderState, Refund, Shipped
from flows.plain import to_plain
from tests.connectors.woocommerce.recordings import recording

ORDERS = (
    "order.created.paid",
    "order.created.guest_onhold",
    "order.created.eur_variation",
    "order.restored",
    "order.updated.cancelled",
    "order.updated.completed",
    "order.updated.fulfilled",
    "order.updated.full_refund",
    "order.updated.on_creation",
    "order.updated.partial_refund",
    "order.updated.shipping_address",
    "order.updated.with_coupon",
)


def test_a_paid_order_field_by_field() -> None:
    reading = read("order.created.paid")
    moment = datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)
    home = Address(
        name="Mia Hart",
        line1="12 Oak St",
        city="Portland",
        region="OR",
        postcode="97201",
        country="US",
        phone="+15035550100",
    )
    assert reading.orders == (
        Order(
            id="13",
            number="13",
            version=moment,
            placed_at=moment,
            currency="USD",
            total=8270,
            accepted_at=moment,
            paid_at=moment,
            email="mia.hart@example.com",
            phone="+15035550100",
            customer_id="2",
            first_name="Mia",
            last_name="Hart",
            subtotal=7770,
            shipping=500,
            lines=(OrderLine("4", "Arabica Beans 1kg", 3, 7770, product_id="10", sku="BEAN-1KG"),),
            shipping_address=home,
            billing_address=home,
            shipping_method="Flat rate",
            payment_method="Bank",
            source="rest-api",
        ),
    )
    assert reading.stamp == moment
    assert (reading.wishes, reading.refunds, reading.gone) == ((), (), ())
    assert reading.all_refunds_of == (reading.orders[0].id,)


def test_a_bank_transfer_is_not_accepted_before_the_money_comes() -> None:
    order = order_of("order.created.guest_onhold")
    assert (order.accepted_at, order.paid_at, order.state) == (None, None, OrderState.OPEN)
    assert order.customer_id is None
    assert order.email


def test_the_first_recorded_delivery_of_a_checkout_is_no_order() -> None:
    assert read("order.updated.checkout_draft") == Reading(ignored="checkout_draft")


def test_the_same_order_reads_the_same_under_both_topics() -> None:
    assert order_of("order.updated.on_creation") == order_of("order.created.paid")


def test_a_variation_with_its_choices_and_a_fee() -> None:
    order = order_of("order.created.eur_variation")
    tee, beans = order.lines
    assert (tee.title, tee.variant, tee.product_id, tee.variant_id) == ("Tee", "M", "24", "25")
    assert (beans.title, beans.variant, beans.variant_id) == ("Arabica Beans 1kg", "", None)
    assert (order.currency, order.subtotal, order.fees, order.total) == ("EUR", 4490, 200, 4690)
    assert order.billing_address and order.billing_address.city == "Łódź"
    assert order.shipping_address is None


def test_cancelled() -> None:
    order = order_of("order.updated.cancelled")
    assert order.state is OrderState.CANCELLED
    assert order.cancelled_at == order.version
    assert order.accepted_at == order.paid_at is not None


def test_trashed() -> None:
    order = read("order.created.paid", status="trash").orders[0]
    assert order.state is OrderState.GONE


def test_a_partial_refund_takes_from_the_revenue_and_asks_for_its_lines() -> None:
    reading = read("order.updated.partial_refund")
    order = reading.orders[0]
    assert order.total - order.refunded == 5680
    assert not order.fully_refunded
    assert reading.refunds == (
        Refund("14", "13", order.version, 2590, reason="One bag damaged", detailed=False),
    )
    assert wished(reading) == [(Noun.ORDER, "13")]


def test_a_full_refund() -> None:
    reading = read("order.updated.full_refund")
    order = reading.orders[0]
    assert order.total - order.refunded == 0
    assert order.fully_refunded
    assert order.state is OrderState.OPEN
    assert order.accepted_at is not None
    assert [refund.amount for refund in reading.refunds] == [5680, 2590]
    assert reading.all_refunds_of == (reading.orders[0].id,)


def test_refunds_that_reach_the_total_are_full_whatever_the_status_says() -> None:
    assert read("order.updated.full_refund", status="completed").orders[0].fully_refunded


def test_a_free_order_is_not_fully_refunded() -> None:
    assert not read("order.created.paid", total="0.00").orders[0].fully_refunded


def test_coupon_codes_are_kept() -> None:
    order = order_of("order.updated.with_coupon")
    assert order.discount_codes == ("thanks-9kq2",)
    assert order.discount == 518
    assert order.subtotal - order.discount + order.shipping + order.fees == order.total == 5162


def test_an_address_that_was_changed() -> None:
    order = order_of("order.updated.shipping_address")
    assert order.shipping_address and order.shipping_address.line1 == "99 New Rd"
    assert order.version > order_of("order.created.paid").version


def test_fulfilments_are_asked_for_where_the_order_only_says_that_there_are_some() -> None:
    reading = read("order.updated.fulfilled")
    assert wished(reading) == [(Noun.ORDER, "17")]
    assert reading.orders[0].shipped is Shipped.PART
    assert reading.parcels == ()
    assert reading.all_parcels_of == ()


@pytest.mark.parametrize("name", ORDERS)
def test_nothing_that_opens_the_order_or_spies_on_the_shopper_is_kept(name: str) -> None:
    payload = recording(name).payload
    payload |= {"customer_ip_address": "203.0.113.77", "customer_user_agent": "Spy/1.0"}
    kept = json.dumps([to_plain(part) for part in normalise("order.updated", payload).orders])
    for secret in (payload["order_key"], "order-pay", "203.0.113.77", "Spy/1.0"):
        assert secret not in kept


@pytest.mark.parametrize("name", ORDERS)
def test_sums_lead_to_the_total(name: str) -> None:
    order = order_of(name)
    tax = 0 if order.tax_included else order.tax
    assert order.subtotal - order.discount + order.shipping + order.fees + tax == order.total
    assert sum(line.total for line in order.lines) == order.subtotal - order.discount


def test_prices_with_tax_show_what_the_buyer_saw() -> None:
    """Bodies give sums without tax and the tax beside them: 119.00 with 19 %, 11.90 off, 5.95 to ship."""
    line = {"id": 1, "name": "Lamp", "quantity": 1, "subtotal": "100.00", "subtotal_tax": "19.00"}
    order = read(
        "order.created.paid",
        prices_include_tax=True,
        line_items=[{**line, "total": "90.00", "total_tax": "17.10"}],
        shipping_total="5.00",
        shipping_tax="0.95",
        discount_total="10.00",
        discount_tax="1.90",
        fee_lines=[{"id": 2, "name": "Wrap", "total": "2.00", "total_tax": "0.38"}],
        total_tax="18.43",
        total="115.43",
    ).orders[0]
    assert order.tax_included
    assert (order.subtotal, order.discount, order.shipping, order.fees) == (11900, 1190, 595, 238)
    assert order.lines[0].total == 10710
    assert order.subtotal - order.discount + order.shipping + order.fees == order.total == 11543


def test_prices_without_tax_leave_it_beside() -> None:
    line = {"id": 1, "name": "Lamp", "quantity": 1, "subtotal": "100", "subtotal_tax": "8", "total": "100"}
    order = read(
        "order.created.paid",
        line_items=[{**line, "total_tax": "8"}],
        shipping_total="0",
        total_tax="8.00",
        total="108.00",
    ).orders[0]
    assert (order.subtotal, order.tax, order.total, order.lines[0].total) == (10000, 800, 10800, 10000)


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


def test_only_utc_times_are_read() -> None:
    """The others are in shop time: here a Tokyo shop."""
    order = read(
        "order.created.paid", date_created="2026-11-22T05:37:03", date_modified="2026-11-22T05:37:03"
    )
    assert order.orders == read("order.created.paid").orders


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


def test_a_picture_of_a_line() -> None:
    line = {"id": 1, "name": "Salt &amp; Pepper", "quantity": 1, "total": "1.00"}
    for src, kept in (("https://x.example/a.jpg", "https://x.example/a.jpg"), ("javascript:alert(1)", None)):
        order = read("order.created.paid", line_items=[{**line, "image": {"id": 1, "src": src}}]).orders[0]
        assert (order.lines[0].image_url, order.lines[0].title) == (kept, "Salt & Pepper")


def test_downloads_do_not_ship() -> None:
    assert read("order.created.paid").orders[0].lines[0].ships
    assert not read("order.created.paid", needs_processing=False).orders[0].lines[0].ships


def read(name: str, **changes: Any) -> Reading:
    return normalise("order.updated", recording(name).payload | changes)


def order_of(name: str) -> Order:
    return read(name).orders[0]


def wished(reading: Reading) -> list[tuple[Noun, str]]:
    assert all(wish.reason for wish in reading.wishes)
    return [(wish.noun, wish.id) for wish in reading.wishes]
