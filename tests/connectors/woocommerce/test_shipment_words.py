"""The merchant's own words for shipping: what a status means, and in which fields numbers stand. They
count in messages, in what is fetched and in listings alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Noun, Reading, ShipmentWords, Store, Wish
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.statuses import STATUSES, may_mean
from flows.commerce import OrderState, ParcelStatus, Platform, Shipped
from flows.events import (
    OrderDelivered,
    ParcelFailed,
    ParcelReadyForPickup,
    ParcelShipped,
    events_that_hold,
)
from flows.picture import OrderPicture
from tests.connectors.woocommerce.recordings import recording, rest
from tests.connectors.woocommerce.scripted_shop import HOME, Shop
from wire.http import HttpClient

DOOR = WooCommerceConnector()
COMPLETED = "2026-11-21T20:37:07"
KEYS = ShipmentWords(number_key="parcel_no", carrier_key="parcel_by", link_key="parcel_link")


def body(status: str, meta: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    entries = [{"id": at, "key": key, "value": value} for at, (key, value) in enumerate((meta or {}).items())]
    return {**recording("order.created.paid").payload, "status": status, "meta_data": entries, **changes}


def read(item: dict[str, Any], words: ShipmentWords) -> Reading:
    store = Store(Platform.WOOCOMMERCE, "larkhus.example", HOME, HttpClient(), words=words)
    return DOOR.normalise("order.updated", item, store)


def events(reading: Reading) -> list[str]:
    picture = OrderPicture(reading.orders[0], reading.parcels)
    return [event.kind for event in events_that_hold(picture)]


def said(**statuses: str) -> ShipmentWords:
    return ShipmentWords({slug.replace("_", "-"): word for slug, word in statuses.items()})


# --- statuses ---


@pytest.mark.parametrize(
    ("status", "word", "shipped", "parcels"),
    [
        ("handed-over", "", Shipped.NONE, []),
        ("handed-over", "shipped", Shipped.ALL, [ParcelStatus.SHIPPED]),
        ("wc-handed-over", "shipped", Shipped.ALL, [ParcelStatus.SHIPPED]),
        ("handed-over", "partly", Shipped.PART, []),
        ("handed-over", "delivered", Shipped.ALL, [ParcelStatus.DELIVERED]),
        ("handed-over", "pickup", Shipped.ALL, [ParcelStatus.READY_FOR_PICKUP]),
        ("handed-over", "failed", Shipped.ALL, [ParcelStatus.ATTEMPTED]),
        ("handed-over", "nothing", Shipped.NONE, []),
        ("handed-over", "no such word", Shipped.NONE, []),
        # against our table
        ("shipped", "nothing", Shipped.NONE, []),
        ("delivered", "shipped", Shipped.ALL, [ParcelStatus.SHIPPED]),
        ("completed", "delivered", Shipped.ALL, [ParcelStatus.DELIVERED]),
        ("completed", "partly", Shipped.PART, []),
        ("processing", "shipped", Shipped.ALL, [ParcelStatus.SHIPPED]),
    ],
)
def test_what_a_status_means_is_the_merchants_to_say(
    status: str, word: str, shipped: Shipped, parcels: list[ParcelStatus]
) -> None:
    slug = status.removeprefix("wc-")
    reading = read(body(status), ShipmentWords({slug: word} if word else {}))
    assert reading.orders[0].shipped is shipped
    assert [parcel.status for parcel in reading.parcels] == parcels
    assert reading.orders[0].accepted_at is not None


def test_a_mapped_status_takes_an_unpaid_order_on() -> None:
    item = body("handed-over", date_paid_gmt=None)
    assert read(item, ShipmentWords()).orders[0].accepted_at is None
    assert read(item, said(handed_over="shipped")).orders[0].accepted_at is not None


@pytest.mark.parametrize(
    ("word", "shipped"),
    [("", Shipped.ALL), ("nothing", Shipped.NONE), ("partly", Shipped.PART), ("delivered", Shipped.ALL)],
)
def test_what_was_once_completed_has_left_only_if_that_is_what_it_means(word: str, shipped: Shipped) -> None:
    for status in ("completed", "refunded", "invoiced"):
        words = said(completed=word) if word else ShipmentWords()
        reading = read(body(status, date_completed_gmt=COMPLETED), words)
        assert reading.orders[0].shipped is shipped, status


def test_nothing_takes_no_parcel_back() -> None:
    """A word that says nothing of parcels, though it is the merchant's."""
    words = said(handed_over="shipped", invoiced="nothing")
    assert read(body("handed-over"), words).all_parcels_of == ("13",)
    assert read(body("invoiced"), words).all_parcels_of == ()


@pytest.mark.parametrize("slug", sorted(word for word in STATUSES if not may_mean(word)))
def test_what_is_over_or_not_paid_means_what_it_means(slug: str) -> None:
    words = ShipmentWords({slug: "delivered"})
    assert read(body(slug), words) == read(body(slug), ShipmentWords())


def test_which_statuses_have_only_one_meaning() -> None:
    fixed = {word for word in STATUSES if not may_mean(word)}
    assert fixed == {
        "pending", "on-hold", "cancelled", "refunded", "failed", "trash", "checkout-draft", "auto-draft",
        "draft", "new",
    }  # fmt: skip
    assert read(body("cancelled"), said(cancelled="shipped")).orders[0].state is OrderState.CANCELLED


def test_delivered_by_the_merchants_word_ends_the_wait() -> None:
    item = body("arrived", {"_wc_shipment_tracking_items": [{"tracking_number": "1"}]})
    assert OrderDelivered not in events(read(item, ShipmentWords()))
    assert OrderDelivered in events(read(item, said(arrived="delivered")))


def test_only_what_has_arrived_has_a_moment_of_arrival() -> None:
    item = body("handed-over")
    assert read(item, said(handed_over="delivered")).parcels[0].delivered_at is not None
    for word, told in (("pickup", ParcelReadyForPickup), ("failed", ParcelFailed)):
        reading = read(item, said(handed_over=word))
        assert reading.parcels[0].delivered_at is None
        assert told in events(reading) and OrderDelivered not in events(reading)


# --- fields ---


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("00340434161094015902", ["00340434161094015902"]),
        (340434161094015902, ["340434161094015902"]),
        ("  JJD0099\n", ["JJD0099"]),
        ("A-1,B-2", ["A-1", "B-2"]),
        ("A1; B2 ;; C3", ["A1", "B2", "C3"]),
        ("003404341610, 003404341611;003404341612", ["003404341610", "003404341611", "003404341612"]),
        ("003404341610 003404341611", ["003404341610", "003404341611"]),
        ("003404341610\r\n003404341611", ["003404341610", "003404341611"]),
        # printed in groups
        ("1Z 999 AA1 01 2345 6784", ["1Z999AA10123456784"]),
        ("0034 0434 1610, 0034 0434 1611", ["003404341610", "003404341611"]),
        (["A1", "B2"], ["A1", "B2"]),
        ({"0": "A1", "2": "B2"}, ["A1", "B2"]),
        (["A1,B2", 77], ["A1", "B2", "77"]),
        ('["A1", "B2"]', ["A1", "B2"]),
        ('{"1": "A1"}', ["A1"]),
        ("A1, A1 ,A1", ["A1"]),
        # an entry of a label plugin
        ({"tracking_number": "A1", "label_url": "https://x.example/B2", "label_id": 7}, ["A1"]),
        ({"tracking_number": ["A1", "B2"], "status": "C3"}, ["A1", "B2"]),
        ([{"tracking_number": "A1"}, {"tracking_number": "B2"}, {"number": "C3"}], ["A1", "B2"]),
        # nothing that is a number
        ("", []), ("  ", []), (",;", []), ("-", []), (None, []), (True, []), (1.5, []), ({}, []), ([], []),
        ([[["A1"]]], []), ([{"number": "A1"}], []),
        ({"tracking_number": [["A1"]]}, []), ({"a": {"b": "A1"}}, []), ("[1, 2", []), ("[[[1]]]", []),
        ("x" * 65, []), ("a\x07b", []), (10**500, []), ("\x00", []),
    ],
)  # fmt: skip
def test_each_number_in_the_field_is_a_parcel(value: Any, numbers: list[str]) -> None:
    reading = read(body("processing", {"parcel_no": value}), KEYS)
    assert [parcel.tracking_number for parcel in reading.parcels] == numbers
    assert [parcel.id for parcel in reading.parcels] == [f"13:{number}" for number in numbers]
    assert events(reading).count(ParcelShipped) == len(numbers)


def test_a_field_that_nobody_named_says_nothing() -> None:
    item = body("processing", {"parcel_no": "A1"})
    assert read(item, ShipmentWords()).parcels == ()
    assert read(item, ShipmentWords(carrier_key="parcel_no", link_key="parcel_no")).parcels == ()


def test_numbers_have_a_most() -> None:
    many = ",".join(f"N{n}" for n in range(500))
    assert len(read(body("processing", {"parcel_no": many}), KEYS).parcels) == 50


@pytest.mark.parametrize(
    ("meta", "parcels"),
    [
        ({"parcel_no": "A1", "parcel_by": "DHL"}, [("A1", "DHL", None)]),
        ({"parcel_no": "A1,B2", "parcel_by": "DHL"}, [("A1", "DHL", None), ("B2", "DHL", None)]),
        (
            {"parcel_no": ["A1", "B2"], "parcel_by": ["DHL", "UPS"], "parcel_link": ["https://a.example", 5]},
            [("A1", "DHL", "https://a.example"), ("B2", "UPS", None)],
        ),
        (
            {"parcel_no": "A1,B2", "parcel_link": "https://a.example/?n=B2"},
            [("A1", "", None), ("B2", "", "https://a.example/?n=B2")],
        ),
        ({"parcel_no": "A1", "parcel_link": "https://a.example/"}, [("A1", "", "https://a.example/")]),
        ({"parcel_no": "A1", "parcel_link": "javascript:alert(1)"}, [("A1", "", None)]),
        ({"parcel_no": "A1", "parcel_by": {"name": {"a": 1}}, "parcel_link": 5}, [("A1", "", None)]),
        ({"parcel_no": "A1,B2,C3", "parcel_by": ["DHL", "UPS"]},
         [("A1", "", None), ("B2", "", None), ("C3", "", None)]),
    ],
)  # fmt: skip
def test_carrier_and_link_stand_beside_their_number(
    meta: dict[str, Any], parcels: list[tuple[str, str, str | None]]
) -> None:
    found = read(body("processing", meta), KEYS).parcels
    assert [(one.tracking_number, one.carrier, one.tracking_url) for one in found] == parcels


def test_a_number_that_a_tracking_plugin_keeps_too_is_one_parcel() -> None:
    items = [{"tracking_number": "1Z 999", "tracking_provider": "ups", "tracking_id": "x"}]
    item = body("shipped", {"_wc_shipment_tracking_items": items, "parcel_no": "1Z999; B2"})
    found = read(item, KEYS).parcels
    assert [(one.id, one.carrier) for one in found] == [("13:1Z999", "ups"), ("13:B2", "")]


def test_completed_with_a_number_in_the_field_is_no_second_parcel() -> None:
    item = body("completed", {"parcel_no": "A1"}, date_completed_gmt=COMPLETED)
    assert [one.tracking_number for one in read(item, KEYS).parcels] == ["A1"]
    assert [one.tracking_number for one in read(item, ShipmentWords()).parcels] == [""]


def test_a_number_that_was_corrected_or_taken_out_is_said_to_be_gone() -> None:
    for value, left in (("A2", ["13:A2"]), ("", [])):
        reading = read(body("processing", {"parcel_no": value}), KEYS)
        assert ([one.id for one in reading.parcels], reading.all_parcels_of) == (left, ("13",))


def test_delivered_stands_for_numbers_in_fields_too() -> None:
    reading = read(body("arrived", {"parcel_no": "A1,B2"}), replace(KEYS, statuses={"arrived": "delivered"}))
    assert {(one.status, one.delivered_at) for one in reading.parcels} == {
        (ParcelStatus.DELIVERED, datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC))
    }


# --- the same wherever an order is read ---

WORDS = replace(KEYS, statuses={"handed-over": "shipped"})
ITEM = body("handed-over", {"parcel_no": "A1"})
READERS: dict[str, Callable[[Shop], Reading]] = {
    "message": lambda shop: DOOR.normalise("order.updated", ITEM, shop.store),
    "fetch": lambda shop: DOOR.fetch(shop.store, Wish(Noun.ORDER, "13")),
    "changes": lambda shop: DOOR.changed_since(shop.store, datetime(2026, 11, 1, tzinfo=UTC), None).reading,
    "history": lambda shop: DOOR.history(shop.store, None).reading,
}


@pytest.mark.parametrize("way", READERS)
def test_words_count_wherever_an_order_is_read(shop: Shop, way: str) -> None:
    shop.store = replace(shop.store, words=WORDS)
    shop.will("GET orders/13", ITEM)
    shop.will("GET orders", [ITEM])
    reading = READERS[way](shop)
    assert reading.orders[0].shipped is Shipped.ALL
    assert [one.id for one in reading.parcels] == ["13:A1"]
    assert reading.all_parcels_of == ("13",)


def test_fulfilments_beside_a_number_in_a_field_are_counted_once(shop: Shop) -> None:
    shop.store = replace(shop.store, words=replace(KEYS, statuses={"handed-over": "delivered"}))
    item = recording("order.updated.fulfilled").payload | {"status": "handed-over"}
    item["meta_data"].append({"id": 99, "key": "parcel_no", "value": "1Z12345E0205271699, B2"})
    shop.will("GET orders/17", item)
    (sent,) = rest("order_fulfillments")["body"]["fulfillments"]
    other = {**sent, "id": 2, "meta_data": []}
    shop.will("GET orders/17/fulfillments", {"fulfillments": [sent, other]})
    found = DOOR.fetch(shop.store, Wish(Noun.ORDER, "17")).parcels
    assert [(one.id, one.status) for one in found] == [
        ("17:1Z12345E0205271699", ParcelStatus.DELIVERED),
        ("17:B2", ParcelStatus.DELIVERED),
        ("17:fulfillment-2", ParcelStatus.DELIVERED),
    ]
