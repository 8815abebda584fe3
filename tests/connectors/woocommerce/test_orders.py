"""What an order says: its state, lines, sums, addresses and times."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from connectors.base import Noun, Reading
from connectors.woocommerce.normalise import normalise
from flows.commerce import Address, Order, OrderLine, OrderState, Refund, Shipped
from flows.plain import to_plain
from tests.connectors.woocommerce.recorded_orders import order_of, read, wished
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


def test_only_utc_times_are_read() -> None:
    """The others are in shop time: here a Tokyo shop."""
    order = read(
        "order.created.paid", date_created="2026-11-22T05:37:03", date_modified="2026-11-22T05:37:03"
    )
    assert order.orders == read("order.created.paid").orders


def test_a_picture_of_a_line() -> None:
    line = {"id": 1, "name": "Salt &amp; Pepper", "quantity": 1, "total": "1.00"}
    for src, kept in (("https://x.example/a.jpg", "https://x.example/a.jpg"), ("javascript:alert(1)", None)):
        order = read("order.created.paid", line_items=[{**line, "image": {"id": 1, "src": src}}]).orders[0]
        assert (order.lines[0].image_url, order.lines[0].title) == (kept, "Salt & Pepper")


def test_downloads_do_not_ship() -> None:
    assert read("order.created.paid").orders[0].lines[0].ships
    assert not read("order.created.paid", needs_processing=False).orders[0].lines[0].ships
