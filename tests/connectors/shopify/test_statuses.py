"""Every status word of the official schemas has its meaning here; a word that is new there fails."""

from __future__ import annotations

import pytest
from graphql import GraphQLEnumType

from connectors.shopify import statuses
from connectors.shopify.version import API_VERSION
from flows.commerce import ConsentState, ParcelStatus, ReturnState
from tests.connectors.shopify.samples import admin_schema

VERSIONS = (API_VERSION, "2026-07")
DISPLAYED = {
    "label_purchased": ParcelStatus.SHIPPED,
    "label_printed": ParcelStatus.SHIPPED,
    "label_voided": ParcelStatus.SHIPPED,
    "confirmed": ParcelStatus.SHIPPED,
    "submitted": ParcelStatus.SHIPPED,
    "fulfilled": ParcelStatus.SHIPPED,
    "marked_as_fulfilled": ParcelStatus.SHIPPED,
    "canceled": ParcelStatus.SHIPPED,
    "carrier_picked_up": ParcelStatus.IN_TRANSIT,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "delayed": ParcelStatus.DELAYED,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "attempted_delivery": ParcelStatus.ATTEMPTED,
    "ready_for_pickup": ParcelStatus.READY_FOR_PICKUP,
    "failure": ParcelStatus.FAILED,
    "not_delivered": ParcelStatus.FAILED,
    "picked_up": ParcelStatus.DELIVERED,
    "delivered": ParcelStatus.DELIVERED,
}


def _words(enum: str, version: str) -> set[str]:
    kind = admin_schema(version).type_map[enum]
    assert isinstance(kind, GraphQLEnumType)
    return {word.lower() for word in kind.values}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_word_of_the_schema_is_known(version: str) -> None:
    assert _words("FulfillmentEventStatus", version) <= set(statuses.SCANS)
    assert _words("FulfillmentDisplayStatus", version) <= set(statuses.SCANS) | statuses.NO_NEWS
    assert _words("FulfillmentDisplayStatus", version) == set(DISPLAYED)
    assert _words("FulfillmentStatus", version) == set(statuses.SIDES)
    assert _words("ReturnStatus", version) == set(statuses.RETURNS)
    assert _words("CustomerEmailMarketingState", version) == set(ConsentState)


@pytest.mark.parametrize(("word", "status"), DISPLAYED.items())
def test_what_a_sent_parcel_is_shown_as(word: str, status: ParcelStatus) -> None:
    assert statuses.parcel_status("success", word) is status
    assert statuses.parcel_status("SUCCESS", word.upper()) is status


@pytest.mark.parametrize("word", DISPLAYED)
def test_the_merchants_word_counts_before_the_carriers(word: str) -> None:
    """A parcel that was taken back is gone whatever was scanned; one that waits has not left."""
    assert statuses.parcel_status("cancelled", word) is ParcelStatus.CANCELLED
    assert statuses.parcel_status("failure", word) is ParcelStatus.CANCELLED
    assert statuses.parcel_status("pending", word) is ParcelStatus.PENDING


@pytest.mark.parametrize("word", ["", "teleported", "IN TRANSIT"])
def test_an_unknown_word_changes_nothing(word: str) -> None:
    """A scan is taken as one on the way; it never ends a delivery, as statuses do not fall back."""
    assert statuses.scan_status(word) is ParcelStatus.IN_TRANSIT
    assert statuses.return_state(word) is ReturnState.REQUESTED


def test_a_label_is_no_parcel_on_its_way() -> None:
    assert statuses.scan_status("label_purchased") is ParcelStatus.PENDING
    assert statuses.scan_status("label_printed") is ParcelStatus.PENDING
    assert statuses.scan_status("confirmed") is ParcelStatus.SHIPPED
