from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Malformed, Store
from connectors.woocommerce.normalise import normalise
from flows.commerce import Customer, Platform, Product
from tests.connectors.woocommerce.recordings import recorded, recording
from wire.http import HttpClient

STORE = Store(
    Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example", HttpClient(), currency="USD"
)


def test_a_product_field_by_field() -> None:
    reading = normalise("product.created", recording("product.created").payload, STORE)
    assert reading.products == (
        Product(
            id="10",
            title="Arabica Beans 1kg",
            version=datetime(2026, 11, 21, 20, 35, 47, tzinfo=UTC),
            url="http://127.0.0.1:8899/product/arabica-beans-1kg/",
            price=2590,
            currency="USD",
            kind="Uncategorized",
            available=True,
        ),
    )


def test_a_variation_is_a_product_under_its_parent() -> None:
    (variation,) = normalise(
        "product.created", recording("product.created.variation").payload, STORE
    ).products
    assert (variation.id, variation.parent_id, variation.title) == ("25", "24", "Tee - M")
    assert variation.price == 1900


def test_prices_are_in_the_stores_currency_and_unknown_without_it() -> None:
    payload = recording("product.created").payload
    for currency, price in (("USD", 2590), ("JPY", 26), ("KWD", 25900), ("QQQ", 2590)):
        (found,) = normalise("product.updated", payload, replace(STORE, currency=currency)).products
        assert (found.price, found.currency) == (price, currency)
    for store in (None, replace(STORE, currency="")):
        (found,) = normalise("product.updated", payload, store).products
        assert (found.price, found.currency) == (None, None)


@pytest.mark.parametrize(
    ("told", "vendor", "available"),
    [
        ({"brands": [{"id": 3, "name": "Hollow &amp; Pine"}, {"name": "Other"}]}, "Hollow & Pine", True),
        ({"brands": "Hollow Pine"}, "", True),
        ({"brands": ["Hollow Pine", None], "stock_status": "onbackorder"}, "", True),
        ({"stock_status": "outofstock"}, "", False),
        ({"stock_status": "somewhere"}, "", None),
    ],
)
def test_its_maker_and_whether_it_can_be_bought(
    told: dict[str, Any], vendor: str, available: bool | None
) -> None:
    payload = {**recording("product.created").payload, **told}
    (found,) = normalise("product.updated", payload, STORE).products
    assert (found.vendor, found.available) == (vendor, available)


def test_two_deliveries_in_one_second_are_both_read() -> None:
    versions = [normalise(one.topic, one.payload).stamp for one in recorded("sequence.same_delivery_id")]
    assert len(versions) == 2
    assert None not in versions


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"status": "draft"}, "published", False),
        ({"status": "trash"}, "published", False),
        ({"virtual": True}, "digital", True),
        ({"downloadable": True}, "digital", False),
        ({"price": ""}, "price", None),
        ({"tags": [{"name": "timing:long"}, {"name": ""}]}, "tags", ("timing:long",)),
        ({"categories": [{"name": "Coffee &amp; Tea"}, {"name": "New"}]}, "kind", "Coffee & Tea"),
        ({"categories": [{"name": "Coffee"}, {"name": "New"}]}, "tags", ("New",)),
        ({"categories": []}, "kind", ""),
        (
            {"images": [{"src": ""}, {"src": "https://x.example/1.jpg"}]},
            "image_url",
            "https://x.example/1.jpg",
        ),
        ({"permalink": "javascript:alert(1)"}, "url", None),
        ({"name": "Salt &amp; Pepper"}, "title", "Salt & Pepper"),
    ],
)
def test_field(changes: dict[str, Any], field: str, value: object) -> None:
    (found,) = normalise("product.updated", recording("product.updated").payload | changes, STORE).products
    assert getattr(found, field) == value


def test_an_account() -> None:
    reading = normalise("customer.created", recording("customer.created").payload)
    assert reading.customers == (
        Customer(
            id="2",
            version=datetime(2026, 11, 21, 20, 35, 47, tzinfo=UTC),
            email="mia.hart@example.com",
            first_name="Mia",
            last_name="Hart",
            phone="+15035550100",
        ),
    )
    assert reading.consents == ()


def test_an_account_without_a_name_of_its_own_has_that_of_its_bills() -> None:
    payload = recording("customer.updated").payload | {"first_name": "", "last_name": "", "email": ""}
    (found,) = normalise("customer.updated", payload).customers
    assert (found.first_name, found.last_name, found.email) == ("Mia", "Hart", "mia.hart@example.com")


@pytest.mark.parametrize("topic", ["customer.updated", "product.updated"])
def test_dates_are_needed_to_tell_old_from_new(topic: str) -> None:
    payload = recording(topic).payload | {"date_modified_gmt": None}
    assert normalise(topic, payload).stamp is not None
    with pytest.raises(Malformed, match="date_modified_gmt: missing"):
        normalise(topic, payload | {"date_created_gmt": None})
