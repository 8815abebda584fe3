"""What a WooCommerce shop says of parcels, by whichever of its sources, and the mails that follow: one for a
fulfilment, one for a number, however often and in whatever order it is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.base import Noun, ShipmentWords
from tests.app.desk import Desk
from tests.app.services.told_orders import PLACED, TRACKING, Orders, entry, fulfilment, written


@pytest.fixture
def orders(desk: Desk) -> Orders:
    return Orders(desk)


# --- 1 and 2: tracking plugins ---


def test_a_number_is_told_once_however_often_its_entry_iswritten(orders: Orders) -> None:
    orders.say("processing")
    for id in ("one", "one", "two", "three"):
        orders.say("shipped", {TRACKING: [entry("00340", id)]})
    assert orders.mails() == ["13:00340"]


def test_a_number_that_is_taken_out_and_put_in_again_is_not_told_again(orders: Orders) -> None:
    orders.say("processing", {TRACKING: [entry("00340")]})
    orders.say("processing")
    assert orders.live() == []
    orders.say("processing", {TRACKING: [entry("00340", "anew")]})
    assert (orders.live(), orders.mails()) == (["13:00340"], ["13:00340"])


def test_a_number_that_was_corrected_is_shown_and_not_told_again(orders: Orders) -> None:
    orders.say("shipped", {TRACKING: [entry("00340")]})
    orders.say("shipped", {TRACKING: [entry("00341")]})
    assert (orders.numbers(), orders.mails()) == (["00341"], ["13:00340"])
    orders.say("delivered", {TRACKING: [entry("00341")]})
    assert orders.events().count("OrderDelivered") == 1


def test_each_parcel_of_advanced_shipment_tracking_says_what_is_inside(orders: Orders) -> None:
    inside = [
        [{"product": "10", "item_id": "4", "qty": "1"}],
        [{"product": "10", "item_id": "4", "qty": "2"}],
    ]
    items = [
        entry(f"0034{n}", f"id{n}", products_list=parts, status_shipped="1") for n, parts in enumerate(inside)
    ]
    orders.say("partial-shipped", {TRACKING: items[:1]})
    assert orders.mails() == ["13:00340"]
    orders.say("shipped", {TRACKING: items})
    assert orders.mails() == ["13:00340", "13:00341"]
    rows = orders.desk.rows("SELECT body->'lines' AS lines FROM parcels ORDER BY id")
    assert [[(line["line_id"], line["quantity"]) for line in row.lines] for row in rows] == [
        [("4", 1)],
        [("4", 2)],
    ]


# --- 3: fulfilments ---


def test_a_change_of_the_mark_leads_to_a_look_and_a_fulfilment_is_told_once(orders: Orders) -> None:
    reading = orders.say("processing", {"_fulfillment_status": "partially_fulfilled"})
    assert [wish.noun for wish in reading.wishes] == [Noun.ORDER]
    assert [row.noun for row in orders.desk.rows("SELECT noun FROM wishes WHERE state = 'open'")] == [
        Noun.ORDER
    ]
    assert orders.mails() == []
    orders.fulfil(fulfilment(1, "1Z1"))
    for number in ("1Z1", "1Z2", "1Z2"):  # updated, and its number corrected
        orders.say("processing", {"_fulfillment_status": "partially_fulfilled"})
        orders.fulfil(fulfilment(1, number, date_updated="2026-11-02T09:02:30Z"))
    orders.say("processing", {"_fulfillment_status": "fulfilled"})
    orders.fulfil(fulfilment(1, "1Z2"), fulfilment(2, "1Z3"), fulfilment(3, "1Z4", is_fulfilled=False))
    assert orders.mails() == ["13:fulfillment-1", "13:fulfillment-2"]


def test_a_fulfilment_that_was_deleted_is_gone(orders: Orders) -> None:
    orders.say("processing", {"_fulfillment_status": "fulfilled"})
    orders.fulfil(fulfilment(1, "1Z1"), fulfilment(2, "1Z2"))
    orders.say("processing", {"_fulfillment_status": "fulfilled"})
    orders.fulfil(fulfilment(1, "1Z1"))
    assert orders.live() == ["13:fulfillment-1"]


# --- 4: nothing but the status ---


def test_completed_without_a_number_is_one_mail(orders: Orders) -> None:
    done: dict[str, Any] = {"date_completed_gmt": written(PLACED + timedelta(minutes=2))}
    orders.say("processing")
    for status in ("completed", "completed", "refunded", "completed"):
        orders.say(status, **done)
    assert orders.mails() == ["13:completed"]


# --- 5: the merchant's own words ---


def test_a_status_that_is_explained_later_is_understood_when_it_is_read_again(orders: Orders) -> None:
    orders.say("handed-over")
    assert orders.mails() == []
    orders.again(statuses={"handed-over": "shipped"})
    assert orders.mails() == ["13:completed"]
    orders.again()
    assert orders.mails() == ["13:completed"]


def test_a_status_of_the_shops_own_that_means_delivered_delivers(orders: Orders) -> None:
    orders.words = ShipmentWords({"am-tor": "shipped", "arrived": "delivered"})
    orders.say("am-tor", {TRACKING: [entry("00340")]})
    assert "OrderDelivered" not in orders.events()
    orders.say("arrived", {TRACKING: [entry("00340")]})
    assert orders.events().count("OrderDelivered") == 1
    assert orders.mails() == ["13:00340"]


def test_a_status_that_was_explained_wrongly_takes_its_parcel_back(orders: Orders) -> None:
    orders.words = ShipmentWords({"packing": "shipped"})
    orders.say("packing")
    assert orders.live() == ["13:completed"]
    orders.words = ShipmentWords({"packing": "nothing"})
    orders.say("processing")
    assert orders.live() == []


def test_numbers_of_a_field_are_told_once_each(orders: Orders) -> None:
    orders.words = ShipmentWords(number_key="parcel_no", carrier_key="parcel_by")
    for value in ("A1", "A1", "A1, B2", "B2", "B2;A1", ["A1", "B2"]):
        orders.say("processing", {"parcel_no": value, "parcel_by": "DHL"})
    assert orders.mails() == ["13:A1", "13:B2"]
    assert orders.live() == ["13:A1", "13:B2"]


def test_a_number_that_moves_from_a_field_to_a_plugin_is_the_same_parcel(orders: Orders) -> None:
    orders.words = ShipmentWords(number_key="parcel_no")
    orders.say("shipped", {"parcel_no": "00 340"})
    orders.say("shipped", {"parcel_no": "00340", TRACKING: [entry("00340")]})
    orders.say("shipped", {TRACKING: [entry("00340")]})
    assert orders.mails() == ["13:00340"]
