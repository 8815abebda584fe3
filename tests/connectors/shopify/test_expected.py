"""Every sample body that Shopify publishes for our topics, and what a correct receiver makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.base import Gone, Mark, Noun, Reading
from connectors.shopify.normalise import READERS, normalise
from flows.commerce import ConsentState, OrderState, ParcelStatus
from tests.connectors.shopify.samples import BODIES, sample

EXPECTED = {
    "orders/create": "processed",
    "orders/updated": "processed",
    "orders/paid": "processed",
    "orders/fulfilled": "processed",
    "orders/partially_fulfilled": "processed",
    "orders/cancelled": "processed",
    "orders/edited": "hint:reread",
    "orders/delete": "hint:reread",
    "fulfillments/create": "processed",
    "fulfillments/update": "processed",
    "fulfillment_events/create": "processed",
    "fulfillment_events/delete": "processed",
    "refunds/create": "processed",
    "customers/create": "processed",
    "customers/update": "processed",
    "customers/delete": "processed",
    "customers_email_marketing_consent/update": "processed",
    "products/create": "processed",
    "products/update": "processed",
    "products/delete": "processed",
    "shop/update": "processed",
    "app/uninstalled": "processed",
}
# What the samples' numbers became in a reader with 53 bits; the gid beside some of them is exact.
ROUNDED_ORDER, ORDER = "820982911946154500", "820982911946154508"


def _outcome(reading: Reading) -> str:
    if reading.ignored is not None:
        return f"ignored:{reading.ignored}"
    bare = replace(reading, wishes=(), stamp=None) == Reading()
    return "hint:reread" if bare and reading.wishes else "processed"


def _all_topics() -> list[str]:
    return sorted(str(path.relative_to(BODIES).with_suffix("")) for path in BODIES.rglob("*.json"))


@pytest.mark.parametrize("topic", EXPECTED)
def test_each_sample_has_its_outcome(topic: str) -> None:
    assert _outcome(normalise(topic, sample(topic))) == EXPECTED[topic]


def test_every_topic_that_is_read_has_its_sample() -> None:
    assert set(EXPECTED) == set(READERS)


def test_every_other_topic_is_answered_and_dropped() -> None:
    others = [topic for topic in _all_topics() if topic not in READERS]
    assert len(others) > 100
    for topic in others:
        assert normalise(topic, sample(topic)) == Reading(ignored="topic")


def test_the_exact_id_comes_from_the_gid() -> None:
    reading = normalise("orders/create", sample("orders/create"))
    assert reading.orders[0].id == ORDER
    assert [line.id for line in reading.orders[0].lines] == [
        "487817672276298554",
        "789012345678901234",
        "890123456789012345",
        "976318377106520349",
        "315789986012684393",
    ]
    assert reading.orders[0].customer_id == "115310627314723954"


def test_the_sample_order() -> None:
    order = normalise("orders/create", sample("orders/create")).orders[0]
    assert (order.number, order.state, order.currency, order.total) == (
        "9999",
        OrderState.CANCELLED,
        "USD",
        40495,
    )
    assert (order.shipping, order.tax, order.discount, order.subtotal) == (1000, 0, 2000, 41495)
    assert order.is_test and not order.is_gift
    assert order.accepted_at == order.placed_at and order.paid_at is None
    assert (order.first_name, order.last_name, order.email) == ("John", "Smith", "jon@example.com")
    assert order.placed_at.isoformat() == "2022-01-01T00:00:00+00:00"
    assert order.status_url is not None and order.status_url.startswith("https://jsmith.myshopify.com/")


def test_parts_that_name_their_order_by_number_only_keep_that_number() -> None:
    """Live numbers are exact; the sample's is rounded, as nothing beside it tells better."""
    assert (
        normalise("fulfillments/create", sample("fulfillments/create")).parcels[0].order_id == ROUNDED_ORDER
    )
    assert normalise("refunds/create", sample("refunds/create")).refunds[0].order_id == ROUNDED_ORDER
    assert normalise("orders/delete", sample("orders/delete")).wishes[0].id == ROUNDED_ORDER
    assert normalise("orders/edited", sample("orders/edited")).wishes[0].id == ROUNDED_ORDER


def test_the_sample_parcel() -> None:
    parcel = normalise("fulfillments/create", sample("fulfillments/create")).parcels[0]
    assert (parcel.id, parcel.status, parcel.carrier, parcel.name) == (
        "123456",
        ParcelStatus.PENDING,
        "UPS",
        "#9999.1",
    )
    assert parcel.tracking_number == "1z827wk74630"
    assert parcel.tracking_url is not None and parcel.tracking_url.startswith("https://www.ups.com/")
    assert parcel.lines[0].line_id == "487817672276298554"


def test_the_sample_scan_and_its_withdrawal() -> None:
    made = normalise("fulfillment_events/create", sample("fulfillment_events/create")).parcel_events[0]
    gone = normalise("fulfillment_events/delete", sample("fulfillment_events/delete")).parcel_events[0]
    assert (made.id, made.parcel_id, made.status, made.place) == (
        "1234567",
        "123456",
        ParcelStatus.IN_TRANSIT,
        "CA",
    )
    assert gone == replace(made, gone=True)


def test_the_sample_refund() -> None:
    refund = normalise("refunds/create", sample("refunds/create")).refunds[0]
    assert (refund.id, refund.amount, refund.reason) == ("890088186047892319", 8500, "Things were damaged")
    assert [(line.line_id, line.quantity, line.amount) for line in refund.lines][:2] == [
        ("487817672276298554", 1, 8999),
        ("789012345678901234", 1, 1999),
    ]


def test_the_sample_people() -> None:
    customer = normalise("customers/update", sample("customers/update")).customers[0]
    assert (customer.id, customer.email, customer.first_name) == (
        "706405506930370084",
        "bob@biller.com",
        "Bob",
    )
    consent = normalise(
        "customers_email_marketing_consent/update", sample("customers_email_marketing_consent/update")
    ).consents[0]
    assert (consent.email, consent.state, consent.at) == ("bob@biller.com", ConsentState.NOT_SUBSCRIBED, None)
    assert normalise("customers/delete", sample("customers/delete")).gone == (
        Gone(Noun.CUSTOMER, "706405506930370084"),
    )


def test_the_sample_product() -> None:
    reading = normalise("products/create", sample("products/create"))
    product = reading.products[0]
    assert (product.id, product.title, product.price) == ("788032119674292922", "Example T-Shirt", 1999)
    assert (product.kind, product.tags, product.published) == ("Shirts", ("example", "mens", "t-shirt"), True)
    assert normalise("products/delete", sample("products/delete")).gone[0].noun is Noun.PRODUCT


def test_the_sample_shop_tells_nothing_that_it_does_not_know() -> None:
    profile = normalise("shop/update", sample("shop/update")).profile
    assert profile is not None
    assert (profile.name, profile.email, profile.currency) == ("Super Toys", "super@supertoys.com", "USD")
    assert (profile.url, profile.timezone) == ("", "")
    assert profile.address == "190 MacLaren Street, 37178, Houston, Tennessee, US"


def test_uninstalling_marks_the_shop() -> None:
    assert normalise("app/uninstalled", sample("app/uninstalled")) == Reading(mark=Mark.UNINSTALLED)
