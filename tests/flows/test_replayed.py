"""An order as it was: each part from its own instant on, and events that only ever grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from flows.commerce import (
    LineQuantity,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Refund,
    Shipped,
)
from flows.events import EventKind, events_that_hold
from flows.picture import OrderPicture
from flows.replayed import as_of, turning_points
from tests.flows.pictures import T0

DAY = timedelta(days=1)
ORDER = Order(
    id="1",
    number="1",
    version=T0 + 9 * DAY,
    placed_at=T0,
    accepted_at=T0,
    paid_at=T0 + DAY,
    currency="EUR",
    total=4000,
    lines=(OrderLine("l1", "Mug", 2, 4000, product_id="p"),),
    shipped=Shipped.ALL,
    refunded=4000,
    fully_refunded=True,
)
PARCELS = tuple(
    Parcel(
        f"t{n}",
        "1",
        T0 + 9 * DAY,
        ParcelStatus.DELIVERED,
        shipped_at=T0 + (1 + n) * DAY,
        delivered_at=T0 + (3 + n) * DAY,
        lines=(LineQuantity("l1", 1),),
    )
    for n in (1, 2)
)
SCAN = ParcelEvent("s", "t1", "1", ParcelStatus.DELAYED, T0 + 3 * DAY)
REFUNDS = tuple(Refund(f"r{n}", "1", T0 + (6 + n) * DAY, 2000, (LineQuantity("l1", 1),)) for n in (1, 2))
WHOLE = OrderPicture(ORDER, PARCELS, (SCAN,), REFUNDS)


def kinds(day: float) -> list[str]:
    picture = as_of(WHOLE, T0 + day * DAY)
    return [event.kind.value for event in events_that_hold(picture)]


def test_what_happened_is_known_from_its_own_day_on() -> None:
    told: list[tuple[float, list[str]]] = [
        (0, ["OrderPlaced"]),
        (1, ["OrderPaid"]),
        (2, ["ParcelShipped"]),
        (3, ["ParcelShipped", "ParcelDelayed"]),
        (4, ["ParcelDelivered"]),
        (5, ["ParcelDelivered", "OrderDelivered"]),
        (7, ["LinesRefunded"]),
        (8, ["LinesRefunded", "OrderRefunded"]),
    ]
    known: list[str] = []
    for day, new in told:
        assert sorted(kinds(day - 0.01)) == sorted(known), day
        known += new
        assert sorted(kinds(day)) == sorted(known), day
    assert as_of(WHOLE, T0 + 30 * DAY) == WHOLE


def test_every_event_has_its_turning_point() -> None:
    points = turning_points(WHOLE)
    assert {event.happened_at for event in events_that_hold(WHOLE)} <= set(points)
    for at in points:
        before = as_of(WHOLE, at - timedelta(microseconds=1))
        assert before != as_of(WHOLE, at), "nothing changed there"


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.GONE])
def test_an_order_was_open_until_it_was_over(state: OrderState) -> None:
    over = T0 + 2 * DAY
    order = replace(ORDER, state=state, version=over, refunded=0, fully_refunded=False)
    picture = OrderPicture(replace(order, cancelled_at=over if state is OrderState.CANCELLED else None))
    assert as_of(picture, over - DAY).order.state is OrderState.OPEN
    assert as_of(picture, over).order.state is state
    assert over in turning_points(picture)


def test_a_refund_without_parts_is_known_when_the_order_was_changed() -> None:
    bare = OrderPicture(ORDER)
    assert as_of(bare, ORDER.version - DAY).order.refunded == 0
    assert EventKind.ORDER_REFUNDED in {one.kind for one in events_that_hold(as_of(bare, ORDER.version))}


def test_a_day_that_was_put_off_was_another_day_before() -> None:
    first, later = T0 + 5 * DAY, T0 + 8 * DAY
    parcel = replace(
        PARCELS[0],
        status=ParcelStatus.SHIPPED,
        delivered_at=None,
        version=T0 + 4 * DAY,
        estimated_at=later,
        promised_at=first,
        put_off_to=later,
    )
    picture = OrderPicture(replace(ORDER, refunded=0, fully_refunded=False), (parcel,))

    def moved(at: datetime) -> bool:
        return EventKind.ESTIMATE_MOVED in {one.kind for one in events_that_hold(as_of(picture, at))}

    assert not moved(T0 + 3 * DAY)
    assert moved(T0 + 4 * DAY)
