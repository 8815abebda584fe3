"""What a buyer answered at the checkout, in the field that the merchant named."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Reading, ShipmentWords, Store
from connectors.woocommerce.connector import WooCommerceConnector
from flows.commerce import ConsentState, Platform
from tests.connectors.woocommerce.recordings import recording
from tests.connectors.woocommerce.scripted_shop import HOME
from wire.http import HttpClient

NAMED = ShipmentWords(agreed_key="_newsletter")


def read(value: Any, words: ShipmentWords = NAMED, key: str = "_newsletter", **changes: Any) -> Reading:
    payload = recording("order.created.paid").payload
    item = {**payload, "meta_data": [{"id": 1, "key": key, "value": value}], **changes}
    store = Store(Platform.WOOCOMMERCE, "larkhus.example", HOME, HttpClient(), words=words)
    return WooCommerceConnector().normalise("order.updated", item, store)


@pytest.mark.parametrize("value", ["1", "yes", "on", "true", True, 1, " YES ", "Ja", "oui"])
def test_a_yes_is_as_old_as_the_order(value: Any) -> None:
    reading = read(value)
    (given,), (order,) = reading.consents, reading.orders
    assert (given.state, given.email, given.at) == (ConsentState.SUBSCRIBED, order.email, order.placed_at)
    assert given.opt_in_level == "single_opt_in"


@pytest.mark.parametrize("value", ["", "0", "no", "off", False, 0, None, ["1"], {"a": "1"}])
def test_a_box_left_empty_is_no_yes_and_takes_none_back(value: Any) -> None:
    (given,) = read(value).consents
    assert (given.state, given.at) == (ConsentState.NOT_SUBSCRIBED, None)


@pytest.mark.parametrize(
    "value",
    [
        "nein",
        "non",
        "n",
        "No, thanks",
        "unsubscribed",
        "declined",
        "pending",
        "-1",
        "null",
        "2",
        "not_subscribed",
    ],
)
def test_a_word_that_is_not_known_to_mean_yes_is_none(value: str) -> None:
    assert [one.state for one in read(value).consents] == [ConsentState.NOT_SUBSCRIBED]


@pytest.mark.parametrize("status", ["pending", "failed", "cancelled", "on-hold", "trash"])
def test_an_order_that_was_never_taken_on_subscribes_nobody(status: str) -> None:
    """Anybody can type anybody's address into a checkout and leave it unpaid."""
    unpaid: dict[str, Any] = {
        "status": status,
        "date_paid_gmt": None,
        "date_paid": None,
        "date_completed_gmt": None,
    }
    assert len(read("1", **unpaid).orders) == 1
    assert read("1", **unpaid).consents == ()


@pytest.mark.parametrize("status", ["cancelled", "trash"])
def test_an_order_that_fell_says_no_more_yes(status: str) -> None:
    reading = read("1", status=status)
    assert reading.orders[0].accepted_at is not None
    assert reading.consents == ()


def test_nobody_was_asked_where_there_is_no_field() -> None:
    assert read("1", ShipmentWords()).consents == ()
    assert read("1", key="another").consents == ()


def test_an_order_without_an_address_says_nothing() -> None:
    billing = {**recording("order.created.paid").payload["billing"], "email": ""}
    assert read("1", billing=billing).consents == ()
