"""Where a parcel is, from the merchant's and the carrier's words."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Malformed, Noun
from connectors.shopify.normalise import normalise
from flows.commerce import Parcel, ParcelStatus
from tests.connectors.shopify import one_order


def _parcel(**changed: Any) -> Parcel:
    return normalise("fulfillments/update", {**one_order.webhook_parcel(0), **changed}).parcels[0]


@pytest.mark.parametrize(
    ("status", "shipment", "expected"),
    [
        ("success", None, ParcelStatus.SHIPPED),
        ("success", "label_purchased", ParcelStatus.SHIPPED),
        ("success", "label_printed", ParcelStatus.SHIPPED),
        ("success", "confirmed", ParcelStatus.SHIPPED),
        ("success", "carrier_picked_up", ParcelStatus.IN_TRANSIT),
        ("success", "in_transit", ParcelStatus.IN_TRANSIT),
        ("success", "delayed", ParcelStatus.DELAYED),
        ("success", "out_for_delivery", ParcelStatus.OUT_FOR_DELIVERY),
        ("success", "attempted_delivery", ParcelStatus.ATTEMPTED),
        ("success", "ready_for_pickup", ParcelStatus.READY_FOR_PICKUP),
        ("success", "delivered", ParcelStatus.DELIVERED),
        ("success", "failure", ParcelStatus.FAILED),
        ("success", "teleported", ParcelStatus.IN_TRANSIT),
        ("SUCCESS", "MARKED_AS_FULFILLED", ParcelStatus.SHIPPED),
        ("SUCCESS", "LABEL_VOIDED", ParcelStatus.SHIPPED),
        ("SUCCESS", "NOT_DELIVERED", ParcelStatus.FAILED),
        ("SUCCESS", "PICKED_UP", ParcelStatus.DELIVERED),
        ("pending", None, ParcelStatus.PENDING),
        ("open", None, ParcelStatus.PENDING),
        ("error", None, ParcelStatus.PENDING),
        ("cancelled", "in_transit", ParcelStatus.CANCELLED),
        ("failure", None, ParcelStatus.CANCELLED),
    ],
)
def test_status(status: str, shipment: str | None, expected: ParcelStatus) -> None:
    parcel = _parcel(status=status, shipment_status=shipment)
    assert parcel.status is expected
    assert (parcel.shipped_at is not None) == (ParcelStatus.SHIPPED <= expected < ParcelStatus.CANCELLED)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("label_printed", ParcelStatus.PENDING),
        ("confirmed", ParcelStatus.SHIPPED),
        ("out_for_delivery", ParcelStatus.OUT_FOR_DELIVERY),
        ("delivered", ParcelStatus.DELIVERED),
        ("who knows", ParcelStatus.IN_TRANSIT),
        (None, ParcelStatus.IN_TRANSIT),
    ],
)
def test_scans(word: str | None, expected: ParcelStatus) -> None:
    reading = normalise("fulfillment_events/create", {**one_order.webhook_scan(), "status": word})
    assert reading.parcel_events[0].status is expected
    assert reading.parcel_events[0].place == "Cicero, IL, US"


def test_tracking_may_stand_in_the_lists_only() -> None:
    parcel = _parcel(
        tracking_number=None,
        tracking_numbers=["A1", "A2"],
        tracking_url=None,
        tracking_urls=["https://x.example/A1"],
    )
    assert (parcel.tracking_number, parcel.tracking_url) == ("A1", "https://x.example/A1")
    assert (
        _parcel(tracking_url="javascript:alert(1)", tracking_urls=["javascript:alert(2)"]).tracking_url
        is None
    )


def test_a_parcel_without_dates_is_read_from_the_store() -> None:
    reading = normalise(
        "fulfillments/create", {**one_order.webhook_parcel(0), "created_at": None, "updated_at": None}
    )
    assert reading.parcels == ()
    assert [(wish.noun, wish.id) for wish in reading.wishes] == [(Noun.ORDER, "5001")]


@pytest.mark.parametrize(
    ("topic", "body", "path"),
    [
        ("fulfillments/create", {**one_order.webhook_parcel(0), "order_id": None}, "order_id"),
        (
            "fulfillments/create",
            {**one_order.webhook_parcel(0), "id": None, "admin_graphql_api_id": None},
            "id",
        ),
        ("fulfillment_events/create", {**one_order.webhook_scan(), "fulfillment_id": None}, "fulfillment_id"),
        ("fulfillment_events/create", {**one_order.webhook_scan(), "order_id": None}, "order_id"),
        ("fulfillment_events/create", {**one_order.webhook_scan(), "happened_at": None}, "happened_at"),
        ("refunds/create", {**one_order.webhook_refund(), "order_id": None}, "order_id"),
    ],
)
def test_a_part_without_its_ids_cannot_be(topic: str, body: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed, match=rf"\.{path}: missing"):
        normalise(topic, body)
