from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from flows.commerce import OrderState, ParcelStatus, Shipped
from flows.events import EventKind, events_that_hold, is_past, past_key, taken_back
from flows.picture import OrderPicture
from tests.flows.pictures import BEANS, MUG, T0, line, order, parcel, picture, refund, scan

DAY = timedelta(days=1)


def kinds(of: OrderPicture) -> list[str]:
    return [event.kind.value for event in events_that_hold(of)]


def when(of: OrderPicture, kind: EventKind) -> datetime:
    (event,) = (event for event in events_that_hold(of) if event.kind is kind)
    return event.happened_at


def test_a_paid_order_is_placed_and_paid() -> None:
    assert kinds(picture(order(paid_at=T0))) == ["OrderPlaced", "OrderPaid"]


def test_an_order_on_hold_says_nothing_until_the_store_takes_it_on() -> None:
    waiting = order(accepted_at=None)
    assert kinds(picture(waiting, parcels=(parcel(),))) == []
    taken = replace(waiting, accepted_at=T0 + 3 * DAY)
    assert kinds(picture(taken)) == ["OrderPlaced"]
    assert when(picture(taken), EventKind.ORDER_PLACED) == T0 + 3 * DAY


def test_an_order_that_was_never_taken_on_can_still_be_cancelled() -> None:
    over = order(accepted_at=None, state=OrderState.CANCELLED, cancelled_at=T0 + DAY)
    assert kinds(picture(over)) == ["OrderCancelled"]
    assert when(picture(over), EventKind.ORDER_CANCELLED) == T0 + DAY


def test_a_trashed_order_keeps_its_past() -> None:
    gone = picture(order(state=OrderState.GONE, version=T0 + DAY))
    assert kinds(gone) == ["OrderPlaced", "OrderDeleted"]
    assert when(gone, EventKind.ORDER_DELETED) == T0 + DAY


def test_what_a_store_takes_back_leaves_its_key_for_the_next_time() -> None:
    cancelled = order(state=OrderState.CANCELLED, cancelled_at=T0 + DAY)
    (_, event) = events_that_hold(picture(cancelled))
    assert taken_back(picture(cancelled)) == {EventKind.ORDER_DELETED}
    assert taken_back(picture(order(state=OrderState.GONE))) == {EventKind.ORDER_CANCELLED}
    assert taken_back(picture()) == {EventKind.ORDER_CANCELLED, EventKind.ORDER_DELETED}
    assert not is_past(event.kind, event.key)
    assert is_past(event.kind, past_key(event.key, "7"))
    assert not is_past(EventKind.LINES_REFUNDED, "refund:4"), "nothing else is taken back"


def test_keys_and_subjects_say_what_they_are_about() -> None:
    seen = picture(parcels=(parcel(delivered_at=T0 + 2 * DAY),), refunds=(refund(at=T0 + 3 * DAY),))
    assert [(event.key, event.subject, event.parcel_id) for event in events_that_hold(seen)] == [
        ("order:13:placed", "order:13", None),
        ("parcel:9:shipped", "parcel:9", "9"),
        ("parcel:9:delivered", "parcel:9", "9"),
        ("order:13:delivered", "order:13", None),
        ("refund:r1", "order:13", None),
    ]


def test_a_split_shipment_is_delivered_with_its_last_parcel() -> None:
    first = parcel("8", (MUG,), delivered_at=T0 + 2 * DAY)
    second = parcel("9", (BEANS,), shipped_at=T0 + 2 * DAY)
    seen = picture(order(MUG, BEANS), parcels=(first,))
    assert "OrderDelivered" not in kinds(seen), "the other line has not left"
    seen = replace(seen, parcels=(first, second))
    assert kinds(seen).count("ParcelShipped") == 2
    assert "OrderDelivered" not in kinds(seen), "the other parcel is on its way"
    arrived = replace(second, status=ParcelStatus.DELIVERED, delivered_at=T0 + 5 * DAY)
    seen = replace(seen, parcels=(first, arrived))
    assert kinds(seen).count("OrderDelivered") == 1
    assert when(seen, EventKind.ORDER_DELIVERED) == T0 + 5 * DAY


def test_one_line_in_two_parcels_waits_for_both() -> None:
    pair = line("mug", 2)
    half = replace(parcel("8", (pair,), delivered_at=T0 + DAY), lines=(parcel("8").lines[0],))
    assert "OrderDelivered" not in kinds(picture(order(pair), parcels=(half,)))
    other = replace(half, id="9")
    assert "OrderDelivered" in kinds(picture(order(pair), parcels=(half, other)))


def test_a_partial_refund_that_leaves_only_delivered_lines_completes_the_delivery() -> None:
    here = parcel(lines=(MUG,), delivered_at=T0 + 2 * DAY)
    seen = picture(order(MUG, BEANS), parcels=(here,))
    assert "OrderDelivered" not in kinds(seen)
    seen = replace(seen, refunds=(refund((BEANS, 1), at=T0 + 4 * DAY, amount=1000),))
    assert when(seen, EventKind.ORDER_DELIVERED) == T0 + 2 * DAY
    assert "OrderRefunded" not in kinds(seen)


def test_lines_that_do_not_ship_are_not_waited_for() -> None:
    course = line("course", ships=False)
    here = parcel(lines=(MUG,), delivered_at=T0 + DAY)
    assert "OrderDelivered" in kinds(picture(order(MUG, course), parcels=(here,)))


def test_where_parcels_do_not_tell_their_lines_the_order_says_that_all_has_left() -> None:
    sealed = parcel(lines=(), delivered_at=T0 + DAY)
    assert "OrderDelivered" not in kinds(picture(order(MUG, BEANS), parcels=(sealed,)))
    assert "OrderDelivered" in kinds(picture(order(MUG, BEANS, shipped=Shipped.ALL), parcels=(sealed,)))


def test_a_cancelled_parcel_neither_ships_nor_delays_the_rest() -> None:
    here = parcel("8", (MUG, BEANS), delivered_at=T0 + DAY)
    gone = parcel("9", (BEANS,), status=ParcelStatus.CANCELLED)
    seen = picture(
        order(MUG, BEANS), parcels=(here, gone), parcel_events=(scan(ParcelStatus.IN_TRANSIT, T0),)
    )
    assert kinds(seen) == ["OrderPlaced", "ParcelShipped", "ParcelDelivered", "OrderDelivered"]
    alone = picture(parcels=(gone,))
    assert kinds(alone) == ["OrderPlaced"]


def test_scans_tell_the_story_of_a_parcel() -> None:
    scans = (
        scan(ParcelStatus.DELIVERED, T0 + 4 * DAY),
        scan(ParcelStatus.DELAYED, T0 + 2 * DAY),
        scan(ParcelStatus.IN_TRANSIT, T0 + DAY),
        scan(ParcelStatus.OUT_FOR_DELIVERY, T0 + 3 * DAY),
    )
    bare = parcel(shipped_at=None, version=T0 + 9 * DAY, status=ParcelStatus.PENDING)
    seen = picture(parcels=(bare,), parcel_events=scans)
    assert kinds(seen) == [
        "OrderPlaced",
        "ParcelShipped",
        "ParcelDelayed",
        "ParcelOutForDelivery",
        "ParcelDelivered",
        "OrderDelivered",
    ]
    assert when(seen, EventKind.PARCEL_SHIPPED) == T0 + DAY
    assert when(seen, EventKind.PARCEL_DELIVERED) == T0 + 4 * DAY


def test_a_label_is_not_a_departure() -> None:
    waiting = parcel(shipped_at=None, status=ParcelStatus.PENDING)
    seen = picture(parcels=(waiting,), parcel_events=(scan(ParcelStatus.PENDING, T0 + DAY),))
    assert kinds(seen) == ["OrderPlaced"]


def test_a_scan_that_was_taken_back_did_not_happen() -> None:
    seen = picture(parcels=(parcel(),), parcel_events=(scan(ParcelStatus.DELIVERED, T0 + DAY, gone=True),))
    assert kinds(seen) == ["OrderPlaced", "ParcelShipped"]


def test_a_parcel_whose_departure_nobody_told_left_before_it_arrived() -> None:
    late = parcel(shipped_at=None, delivered_at=T0 + DAY, version=T0 + 5 * DAY)
    assert kinds(picture(parcels=(late,)))[1:3] == ["ParcelShipped", "ParcelDelivered"]


@pytest.mark.parametrize(
    ("refunded", "total", "full"), [(999, 1000, False), (1000, 1000, True), (0, 0, False), (5, -10, False)]
)
def test_only_money_for_the_whole_order_is_a_full_refund(refunded: int, total: int, full: bool) -> None:
    seen = picture(order(MUG, total=total), refunds=(refund(at=T0 + DAY, amount=refunded),))
    assert ("OrderRefunded" in kinds(seen)) is full
    assert "LinesRefunded" in kinds(seen)


def test_the_platform_may_say_itself_that_all_is_refunded() -> None:
    seen = picture(order(fully_refunded=True, version=T0 + DAY))
    assert kinds(seen) == ["OrderPlaced", "OrderRefunded"]
    assert when(seen, EventKind.ORDER_REFUNDED) == T0 + DAY


def test_the_last_refund_completes_a_full_one() -> None:
    refunds = (refund(at=T0 + 3 * DAY, amount=400, name="b"), refund(at=T0 + DAY, amount=600, name="a"))
    seen = picture(refunds=refunds)
    assert kinds(seen) == ["OrderPlaced", "LinesRefunded", "LinesRefunded", "OrderRefunded"]
    assert when(seen, EventKind.ORDER_REFUNDED) == T0 + 3 * DAY


def test_the_same_things_known_in_any_order_give_the_same_events() -> None:
    parcels = (
        parcel("7", (MUG,), delivered_at=T0 + 3 * DAY),
        parcel("8", (BEANS,), delivered_at=T0 + 3 * DAY),
        parcel("9", (MUG,), status=ParcelStatus.CANCELLED),
    )
    scans = (
        scan(ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY, "7"),
        scan(ParcelStatus.DELIVERED, T0 + 3 * DAY, "7"),
        scan(ParcelStatus.DELIVERED, T0 + 3 * DAY, "8"),
    )
    refunds = (
        refund((MUG, 1), at=T0 + 4 * DAY, amount=900, name="r1"),
        refund((BEANS, 1), at=T0 + 4 * DAY, amount=1100, name="r2"),
        refund(at=T0 + 3 * DAY, name="r3"),
    )
    told = {
        events_that_hold(picture(order(MUG, BEANS), parcels=a, parcel_events=b, refunds=c))
        for a in permutations(parcels)
        for b in permutations(scans)
        for c in permutations(refunds)
    }
    assert len(told) == 1
    (events,) = told
    assert [event.happened_at for event in events] == sorted(event.happened_at for event in events)
    assert [event.kind.value for event in events][-3:] == ["LinesRefunded", "LinesRefunded", "OrderRefunded"]
