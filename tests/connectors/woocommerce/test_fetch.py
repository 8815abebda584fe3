from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import AccessLost, Gone, Noun, Reading, StoreUnreachable, Wish
from connectors.woocommerce.connector import WooCommerceConnector
from flows.commerce import LineQuantity, OrderState, Parcel, ParcelStatus, Refund
from tests.connectors.woocommerce.recordings import recording, rest
from tests.connectors.woocommerce.scripted_shop import Shop

CONNECTOR = WooCommerceConnector()


@pytest.mark.parametrize("noun", [Noun.ORDER, Noun.REFUNDS, Noun.FULFILLMENTS])
def test_an_order_comes_with_the_lines_of_its_refunds(noun: Noun, shop: Shop) -> None:
    shop.will("GET orders/13", rest("order")["body"])
    shop.will("GET orders/13/refunds", rest("order_refunds")["body"])
    reading = CONNECTOR.fetch(shop.store, Wish(noun, "13"))
    assert [order.id for order in reading.orders] == ["13"]
    assert reading.refunds == (
        Refund("15", "13", datetime(2026, 11, 21, 20, 37, 9, tzinfo=UTC), 5680, reason="rest"),
        Refund(
            "14",
            "13",
            datetime(2026, 11, 21, 20, 37, 7, tzinfo=UTC),
            2590,
            lines=(LineQuantity("4", 1, 2590),),
            reason="One bag damaged",
        ),
    )
    assert reading.wishes == ()
    assert reading.orders[0].refunded == sum(refund.amount for refund in reading.refunds) == 8270
    assert shop.asked() == ["GET orders/13", "GET orders/13/refunds"]
    assert reading.all_refunds_of == ("13",)


def test_a_full_page_of_refunds_may_not_be_all_of_them(shop: Shop) -> None:
    (one,) = rest("order_refunds")["body"][:1]
    shop.will("GET orders/13", rest("order")["body"])
    shop.will("GET orders/13/refunds", [{**one, "id": number} for number in range(1, 101)])
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "13"))
    assert (len(reading.refunds), reading.all_refunds_of) == (100, ())


def test_each_fulfilment_is_a_parcel_with_its_lines(shop: Shop) -> None:
    shop.will("GET orders/17", recording("order.updated.fulfilled").payload)
    shop.will("GET orders/17/fulfillments", rest("order_fulfillments")["body"])
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.FULFILLMENTS, "17"))
    moment = datetime(2026, 11, 21, 20, 38, 9, tzinfo=UTC)
    assert reading.parcels == (
        Parcel(
            id="17:fulfillment-1",
            order_id="17",
            version=moment,
            status=ParcelStatus.SHIPPED,
            carrier="ups",
            tracking_number="1Z12345E0205271699",
            tracking_url="https://www.ups.com/track?tracknum=1Z12345E0205271688",
            lines=(LineQuantity("8", 1),),
            shipped_at=moment,
        ),
    )
    assert reading.all_parcels_of == (reading.orders[0].id,)
    assert reading.wishes == ()


def test_delivered_stands_for_fulfilments_that_left(shop: Shop) -> None:
    (sent,) = rest("order_fulfillments")["body"]["fulfillments"]
    waiting = {**sent, "id": 2, "is_fulfilled": False, "status": "unfulfilled"}
    deleted = {**sent, "id": 3, "date_deleted": "2026-11-22T10:00:00Z"}
    shop.will("GET orders/17", recording("order.updated.fulfilled").payload | {"status": "delivered"})
    shop.will("GET orders/17/fulfillments", {"fulfillments": [sent, waiting, deleted]})
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "17"))
    assert [parcel.status for parcel in reading.parcels] == [
        ParcelStatus.DELIVERED,
        ParcelStatus.PENDING,
        ParcelStatus.CANCELLED,
    ]
    assert reading.parcels[0].delivered_at == reading.orders[0].version
    assert [parcel.shipped_at is None for parcel in reading.parcels] == [False, True, True]


def test_a_number_that_is_kept_in_two_places_is_one_parcel(shop: Shop) -> None:
    payload = recording("order.updated.fulfilled").payload
    entry = {"tracking_number": "1Z12345E02 05271699", "tracking_id": "a"}
    payload["meta_data"].append({"key": "_wc_shipment_tracking_items", "value": [entry]})
    shop.will("GET orders/17", payload)
    shop.will("GET orders/17/fulfillments", rest("order_fulfillments")["body"])
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "17"))
    (parcel,) = reading.parcels
    assert (parcel.id, parcel.lines) == ("17:1Z12345E0205271699", (LineQuantity("8", 1),))


def test_fulfilments_whose_feature_was_switched_off(shop: Shop) -> None:
    shop.will("GET orders/17", recording("order.updated.fulfilled").payload)
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.FULFILLMENTS, "17"))
    assert (reading.parcels, reading.wishes) == ((), ())
    assert shop.asked()[-1] == "GET orders/17/fulfillments"


def test_a_shop_that_fails_over_fulfilments_is_asked_again_later(shop: Shop) -> None:
    shop.will("GET orders/17", recording("order.updated.fulfilled").payload)
    shop.will("GET orders/17/fulfillments", "<html>", 500)
    with pytest.raises(StoreUnreachable) as caught:
        CONNECTOR.fetch(shop.store, Wish(Noun.FULFILLMENTS, "17"))
    assert caught.value.retry


def test_an_order_that_is_gone(shop: Shop) -> None:
    shop.will("GET orders/16", rest("order_not_found")["body"], 404)
    for noun in (Noun.ORDER, Noun.REFUNDS, Noun.FULFILLMENTS):
        assert CONNECTOR.fetch(shop.store, Wish(noun, "16")) == Reading(gone=(Gone(Noun.ORDER, "16"),))


def test_an_order_in_the_trash(shop: Shop) -> None:
    shop.will("GET orders/13", recording("order.created.paid").payload | {"status": "trash"})
    reading = CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "13"))
    assert [order.state for order in reading.orders] == [OrderState.GONE]
    assert reading.gone == ()


def test_a_shop_whose_woocommerce_is_off_has_lost_no_order(shop: Shop) -> None:
    with pytest.raises(StoreUnreachable):
        CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "13"))


def test_a_key_that_lost_its_rights(shop: Shop) -> None:
    shop.will("GET orders/13", recording("order.updated.permission_error").payload, 403)
    with pytest.raises(AccessLost, match="403 woocommerce_rest_cannot_view"):
        CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "13"))


def test_an_answer_that_cannot_be_read_is_tried_again(shop: Shop) -> None:
    shop.will("GET orders/13", {"id": "x"})
    with pytest.raises(StoreUnreachable, match=r"order\.id: not an id"):
        CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, "13"))


def test_an_id_never_changes_the_address(shop: Shop) -> None:
    for number in ("13/../../users", "13?force=true", "", "13 ", "\uff11\uff13"):
        reading = CONNECTOR.fetch(shop.store, Wish(Noun.ORDER, number))
        assert reading.gone == (Gone(Noun.ORDER, number),)
    assert shop.calls == []


def test_a_customer_and_a_product(shop: Shop) -> None:
    shop.will("GET customers/2", rest("customer")["body"])
    shop.will("GET products/10", rest("product")["body"])
    shop.will("GET products/24", {"code": "woocommerce_rest_product_invalid_id"}, 404)
    shop.will("GET customers/3", {"code": "woocommerce_rest_invalid_id"}, 404)
    (customer,) = CONNECTOR.fetch(shop.store, Wish(Noun.CUSTOMER, "2")).customers
    (product,) = CONNECTOR.fetch(shop.store, Wish(Noun.PRODUCT, "10")).products
    assert customer.email == "mia.hart@example.com"
    assert (product.title, product.price, product.currency) == ("Arabica Beans 1kg", 2590, "EUR")
    assert CONNECTOR.fetch(shop.store, Wish(Noun.PRODUCT, "24")).gone == (Gone(Noun.PRODUCT, "24"),)
    assert CONNECTOR.fetch(shop.store, Wish(Noun.CUSTOMER, "3")).gone == (Gone(Noun.CUSTOMER, "3"),)


def test_a_product_in_the_trash_is_no_longer_published(shop: Shop) -> None:
    shop.will("GET products/10", rest("product")["body"] | {"status": "trash"})
    (product,) = CONNECTOR.fetch(shop.store, Wish(Noun.PRODUCT, "10")).products
    assert not product.published
