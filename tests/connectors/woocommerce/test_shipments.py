from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Reading
from connectors.fields import body
from connectors.woocommerce.fulfillments import fulfilled_parcels
from connectors.woocommerce.normalise import normalise
from connectors.woocommerce.statuses import STATUSES
from flows.commerce import LineQuantity, Parcel, ParcelStatus, Shipped
from flows.events import OrderDelivered, ParcelShipped, events_that_hold
from flows.picture import OrderPicture
from tests.connectors.woocommerce.recordings import recording

PLACED = datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)
COMPLETED = datetime(2026, 11, 21, 20, 37, 7, tzinfo=UTC)
ITEM = {
    "tracking_provider": "dhl",
    "custom_tracking_provider": "",
    "custom_tracking_link": "",
    "tracking_number": "00340",
    "date_shipped": "1795219200",
    "tracking_id": "one",
}


def test_a_tracking_entry_is_a_parcel() -> None:
    reading = normalise("order.created", recording("order.created.paid").payload)
    assert reading.parcels == (
        Parcel(
            id="13:9400111899223197428490",
            order_id="13",
            version=PLACED,
            status=ParcelStatus.SHIPPED,
            carrier="usps",
            tracking_number="9400111899223197428490",
            shipped_at=PLACED,
            nameless=True,
        ),
    )
    assert reading.all_parcels_of == (reading.orders[0].id,)


def test_completing_an_order_with_a_tracking_entry_makes_no_second_parcel() -> None:
    reading = normalise("order.updated", recording("order.updated.completed").payload)
    assert [parcel.id for parcel in reading.parcels] == ["13:9400111899223197428490"]
    assert reading.orders[0].shipped is Shipped.ALL


def test_completed_with_nothing_better_is_one_parcel_without_a_number() -> None:
    reading = read("completed", [], date_completed_gmt="2026-11-21T20:37:07")
    (parcel,) = reading.parcels
    assert (parcel.id, parcel.tracking_number, parcel.lines) == ("13:completed", "", ())
    assert (parcel.status, parcel.shipped_at) == (ParcelStatus.SHIPPED, COMPLETED)


@pytest.mark.parametrize(
    ("way", "number", "parcels"), [("local_pickup", "", 0), ("local_pickup", "1Z9", 1), ("flat_rate", "", 1)]
)
def test_a_fulfilment_that_was_fetched_is_no_parcel(way: str, number: str, parcels: int) -> None:
    (order,) = read("completed", [], shipping_lines=[{"id": 3, "method_id": way}]).orders
    fulfilled = {"id": 1, "is_fulfilled": True, "meta_data": [{"key": "_tracking_number", "value": number}]}
    assert len(fulfilled_parcels(body({"fulfillments": [fulfilled]}, "x"), order)) == parcels


def test_nothing_is_on_its_way_for_downloads() -> None:
    assert read("completed", [], needs_processing=False).parcels == ()


@pytest.mark.parametrize(
    "status", ["processing", "on-hold", "pending", "failed", "partial-shipped", "packing"]
)
def test_without_an_entry_and_not_all_gone_there_is_no_parcel(status: str) -> None:
    assert read(status, []).parcels == ()


def test_what_was_completed_once_has_left_even_if_refunded_or_renamed_since() -> None:
    for status in ("refunded", "cancelled", "invoiced"):
        reading = read(status, [], date_completed_gmt="2026-11-21T20:37:07")
        assert reading.orders[0].shipped is Shipped.ALL
        assert [parcel.shipped_at for parcel in reading.parcels] == [COMPLETED]


@pytest.mark.parametrize(
    ("status", "shipped"),
    [
        ("processing", Shipped.NONE),
        ("on-hold", Shipped.NONE),
        ("partial-shipped", Shipped.PART),
        ("partially-shipped", Shipped.PART),
        ("wc-partial-shipped", Shipped.PART),
        ("shipped", Shipped.ALL),
        ("Shipped", Shipped.ALL),
        ("dispatched", Shipped.ALL),
        ("completed", Shipped.ALL),
        ("delivered", Shipped.ALL),
        ("invoiced", Shipped.NONE),
        ("refunded", Shipped.NONE),
    ],
)
def test_how_much_has_left(status: str, shipped: Shipped) -> None:
    assert read(status, [ITEM]).orders[0].shipped is shipped


@pytest.mark.parametrize(
    ("status", "meta", "shipped"),
    [
        ("processing", "partially_fulfilled", Shipped.PART),
        ("processing", "fulfilled", Shipped.ALL),
        ("completed", "partially_fulfilled", Shipped.ALL),
        ("processing", "unfulfilled", Shipped.NONE),
        ("processing", "no_fulfillments", Shipped.NONE),
    ],
)
def test_the_shops_own_fulfilments_tell_it_too(status: str, meta: str, shipped: Shipped) -> None:
    reading = read(status, [], extra=[{"key": "_fulfillment_status", "value": meta}])
    assert reading.orders[0].shipped is shipped
    assert bool(reading.wishes) == (meta in ("fulfilled", "partially_fulfilled"))
    assert reading.all_parcels_of == (() if reading.wishes else ("13",))


@pytest.mark.parametrize(
    "status", sorted(word for word, told in STATUSES.items() if told.stands is ParcelStatus.DELIVERED)
)
def test_delivered_stands_for_all_parcels(status: str) -> None:
    reading = read(status, [ITEM, {**ITEM, "tracking_id": "two"}], date_modified_gmt="2026-11-25T12:00:00")
    moment = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert {(parcel.status, parcel.delivered_at) for parcel in reading.parcels} == {
        (ParcelStatus.DELIVERED, moment)
    }
    picture = OrderPicture(reading.orders[0], reading.parcels)
    assert [event.happened_at for event in events_that_hold(picture) if event.kind is OrderDelivered] == [
        moment
    ]


def test_delivered_without_a_number_is_one_parcel_that_arrived() -> None:
    (parcel,) = read("delivered", []).parcels
    assert (parcel.id, parcel.status) == ("13:completed", ParcelStatus.DELIVERED)


def test_two_entries_are_two_shipped_events() -> None:
    reading = read("shipped", [ITEM, {**ITEM, "tracking_id": "two", "tracking_number": "2"}])
    events = events_that_hold(OrderPicture(reading.orders[0], reading.parcels))
    assert [event.parcel_id for event in events if event.kind is ParcelShipped] == ["13:00340", "13:2"]


def test_an_entry_that_is_listed_twice_is_one_parcel() -> None:
    listed = ITEM | {"products_list": [{"item_id": "4", "qty": "1"}]}
    (parcel,) = read("shipped", [listed, listed]).parcels
    assert parcel.lines == (LineQuantity("4", 1),)


def test_an_entry_that_was_written_anew_is_the_same_parcel() -> None:
    """The plugin gives it another id; who was told of the number is not told again."""
    before, after = read("shipped", [ITEM]), read("shipped", [ITEM | {"tracking_id": "anew"}])
    assert before.parcels == after.parcels


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [("1", "2", (LineQuantity("4", 3),)), ("1", "", ()), ("", "1", ())],
)
def test_entries_of_one_number_are_one_parcel_with_what_is_in_both(
    first: str, second: str, lines: tuple[LineQuantity, ...]
) -> None:
    items = [
        ITEM | {"tracking_id": id, "sku": "BEAN-1KG" if qty else "", "qty": qty}
        for id, qty in (("one", first), ("two", second))
    ]
    (parcel,) = read("shipped", items).parcels
    assert (parcel.id, parcel.lines) == ("13:00340", lines)


def test_an_entry_without_an_id_is_known_by_its_number_or_place() -> None:
    nameless = {**ITEM, "tracking_id": ""}
    items = [nameless, {**nameless, "tracking_number": ""}]
    assert [parcel.id for parcel in read("shipped", items).parcels] == ["13:00340", "13:2"]


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"custom_tracking_link": "https://track.example/1"}, "https://track.example/1"),
        ({"formatted_tracking_link": "https://ast.example/1"}, "https://ast.example/1"),
        ({"tracking_link": "http://old.example/1"}, "http://old.example/1"),
        ({"custom_tracking_link": "javascript:alert(1)"}, None),
        ({"custom_tracking_link": "https://x.example/\nSet-Cookie: a"}, None),
        ({"custom_tracking_link": {"a": 1}}, None),
    ],
)
def test_link(fields: dict[str, Any], link: str | None) -> None:
    assert read("shipped", [ITEM | fields]).parcels[0].tracking_url == link


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"tracking_provider": "dhl"}, "dhl"),
        ({"custom_tracking_provider": "My Van"}, "My Van"),
        ({"formatted_tracking_provider": "DHL Parcel", "tracking_provider": "dhl-parcel"}, "DHL Parcel"),
        ({"tracking_provider": "a\r\nBcc: b"}, "a Bcc: b"),
        ({"tracking_provider": None}, ""),
    ],
)
def test_carrier(fields: dict[str, Any], name: str) -> None:
    assert read("shipped", [ITEM | fields]).parcels[0].carrier == name


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, ()),
        ({"products_list": [{"product": "10", "item_id": "4", "qty": "2"}]}, (LineQuantity("4", 2),)),
        ({"products_list": [{"product": 10, "qty": 1}]}, (LineQuantity("4", 1),)),
        ({"products_list": {"1": {"item_id": 4, "qty": 3}}}, (LineQuantity("4", 3),)),
        ({"products_list": '[{"item_id": "4", "qty": "1"}]'}, (LineQuantity("4", 1),)),
        ({"sku": "BEAN-1KG", "qty": "2"}, (LineQuantity("4", 2),)),
        ({"sku": "OTHER,BEAN-1KG", "qty": "1, 3"}, (LineQuantity("4", 3),)),
        ({"products_list": [{"item_id": "4", "qty": "4"}]}, ()),
        ({"products_list": [{"item_id": "4", "qty": "-1"}]}, ()),
        ({"products_list": [{"item_id": "99", "qty": "1"}]}, ()),
        ({"products_list": [None, 1, "x", {}]}, ()),
        ({"sku": "", "qty": "1"}, ()),
    ],
)
def test_what_is_inside(fields: dict[str, Any], lines: tuple[LineQuantity, ...]) -> None:
    assert read("shipped", [ITEM | fields]).parcels[0].lines == lines


def test_two_lines_of_one_product_are_told_apart() -> None:
    line = recording("order.created.paid").payload["line_items"][0]
    inside = [{"product": "10", "item_id": "5", "qty": "1"}]
    reading = read("shipped", [ITEM | {"products_list": inside}], line_items=[line, {**line, "id": 5}])
    assert reading.parcels[0].lines == (LineQuantity("5", 1),)


@pytest.mark.parametrize(
    ("date", "told", "shipped"),
    [
        # a day: the state that shows it is the witness of the moment
        ("1795219200", "2026-11-21T21:00:00", "2026-11-21T21:00:00"),
        ("2026-11-21", "2026-11-21T21:00:00", "2026-11-21T21:00:00"),
        # the evening of that day in Los Angeles
        ("1795219200", "2026-11-22T06:00:00", "2026-11-22T06:00:00"),
        # told days later: some time on that day
        ("1795219200", "2026-11-30T06:00:00", "2026-11-22T12:00:00"),
        # a label for tomorrow, or a day that Tokyo already has
        ("2026-11-23", "2026-11-21T21:00:00", "2026-11-21T21:00:00"),
        # a moment
        ("1795293600", "2026-11-30T06:00:00", "2026-11-21T20:40:00"),
        # never before the order
        ("2026-11-01", "2026-11-30T06:00:00", "2026-11-21T20:37:03"),
        ("", "2026-11-30T06:00:00", "2026-11-30T06:00:00"),
        ("soon", "2026-11-30T06:00:00", "2026-11-30T06:00:00"),
        ("9" * 40, "2026-11-30T06:00:00", "2026-11-30T06:00:00"),
    ],
)
def test_when_it_left(date: str, told: str, shipped: str) -> None:
    reading = read("shipped", [ITEM | {"date_shipped": date}], date_modified_gmt=told)
    assert reading.parcels[0].shipped_at == datetime.fromisoformat(shipped).replace(tzinfo=UTC)


@pytest.mark.parametrize("value", [None, "", "x", 5, {}, [], [None], ["a"], "[1, 2", '{"a": 1}', [[]]])
def test_what_a_plugin_stored_badly_is_no_parcel_and_no_error(value: Any) -> None:
    assert read("processing", value).parcels == ()


def test_a_corrected_number_leaves_one_parcel_that_is_said_to_be_all() -> None:
    reading = read("shipped", [{**ITEM, "tracking_number": "00341"}])
    assert [parcel.id for parcel in reading.parcels] == ["13:00341"]
    assert reading.all_parcels_of == (reading.orders[0].id,)


@pytest.mark.parametrize("status", ["refunded", "cancelled", "trash", "failed", "invoiced"])
def test_a_status_that_says_nothing_of_parcels_takes_none_back(status: str) -> None:
    assert read(status, []).all_parcels_of == ()


def read(status: str, items: Any, extra: list[dict[str, Any]] | None = None, **changes: Any) -> Reading:
    payload = recording("order.created.paid").payload
    meta = [{"id": 6, "key": "_wc_shipment_tracking_items", "value": items}, *(extra or [])]
    return normalise("order.updated", payload | {"status": status, "meta_data": meta} | changes)
