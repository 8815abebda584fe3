"""What the store says turns into events, journeys, timers and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db import Database
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import OrderState, ParcelStatus, Shipped
from flows.events import EventKind
from flows.presets import PRESETS
from tests.app.desk import FIRST_FLOWS, START, Desk, a_parcel, a_refund, an_order, connect_shop


@pytest.fixture
def desk(db: Database) -> Desk:
    return connect_shop(db, flows=FIRST_FLOWS)


def test_an_order_starts_its_confirmation_once(desk: Desk) -> None:
    first = desk.read(Reading(orders=(an_order(),)))
    again = desk.read(Reading(orders=(an_order(),)))
    assert (first.journeys, first.messages) == (1, 1)
    assert (again.events, again.journeys, again.messages) == (0, 0, 0)
    (message,) = desk.rows("SELECT * FROM messages")
    assert (message.flow_key, message.state, message.recipient) == (
        "order_confirmation",
        "due",
        "mia@example.com",
    )


def test_an_older_version_changes_nothing(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(version=START + timedelta(hours=2), first_name="New"),)))
    desk.read(Reading(orders=(an_order(version=START + timedelta(hours=1), first_name="Old"),)))
    (row,) = desk.rows("SELECT body->>'first_name' AS name FROM orders")
    assert row.name == "New"


def test_delivery_starts_the_review_request_and_a_refund_ends_it(desk: Desk) -> None:
    order = an_order(shipped=Shipped.ALL)
    delivered = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=delivered, at=delivered)
    desk.now = delivered + timedelta(minutes=1)
    desk.read(Reading(orders=(order,), parcels=(parcel,)))
    (journey,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    assert journey.status == "active"
    assert journey.wake_at is not None
    assert desk.rows("SELECT count(*) AS n FROM timers WHERE journey_id = :id", id=journey.id)[0].n == 1
    desk.read(Reading(refunds=(a_refund(),)))
    (journey,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    assert (journey.status, journey.end_reason) == ("ended", "OrderRefunded")
    assert desk.rows("SELECT count(*) AS n FROM timers WHERE journey_id = :id", id=journey.id)[0].n == 0


def test_a_timer_that_rings_plans_the_next_mail(desk: Desk) -> None:
    delivered = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=delivered, at=delivered)
    desk.now = delivered
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    (journey,) = desk.rows("SELECT * FROM journeys WHERE flow_key = 'review_request'")
    assert wake_due(desk.database, desk.keys, journey.wake_at - timedelta(seconds=1)) in (0, 1)
    wake_due(desk.database, desk.keys, journey.wake_at)
    asked = desk.rows("SELECT * FROM messages WHERE flow_key = 'review_request'")
    assert [row.step for row in asked] == ["ask"]


def test_a_cancelled_order_cancels_its_open_confirmation(desk: Desk) -> None:
    order = an_order()
    desk.read(Reading(orders=(order,)))
    later = order.version + timedelta(minutes=1)
    cancelled = replace(order, version=later, state=OrderState.CANCELLED, cancelled_at=later)
    desk.read(Reading(orders=(cancelled,)))
    (message,) = desk.rows("SELECT * FROM messages")
    assert (message.state, message.reason) == ("cancelled", "OrderCancelled")


def test_an_order_from_before_the_connection_mails_nobody(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(at=START - timedelta(days=3)),)))
    assert desk.rows("SELECT * FROM journeys") == []
    (event,) = desk.rows("SELECT * FROM events WHERE kind = 'OrderPlaced'")
    begun = {flow.key for flow in PRESETS if EventKind.ORDER_PLACED in flow.triggers}
    assert event.declined == dict.fromkeys(begun, "placed_before_connect") and "order_confirmation" in begun


def test_a_parcel_before_its_order_waits_for_it(desk: Desk) -> None:
    desk.read(Reading(parcels=(a_parcel(),)))
    assert desk.rows("SELECT * FROM events") == []
    (wish,) = desk.rows("SELECT * FROM wishes")
    assert (wish.noun, wish.id) == ("order", "13")
    desk.read(Reading(orders=(an_order(),)))
    kinds = {row.kind for row in desk.rows("SELECT kind FROM events")}
    assert {"OrderPlaced", "ParcelShipped"} <= kinds


def test_a_parcel_that_the_store_no_longer_names_comes_back_when_it_does(desk: Desk) -> None:
    def told(hour: int, *parcels: str) -> Reading:
        at = START + timedelta(hours=hour)
        return Reading(
            orders=(an_order(version=at),),
            parcels=tuple(a_parcel(id=name, version=at) for name in parcels),
            all_parcels_of=("13",),
        )

    def live() -> list[str]:
        rows = desk.rows("SELECT id FROM parcels WHERE NOT (body->>'vanished')::boolean ORDER BY id")
        return [row.id for row in rows]

    desk.read(told(1, "a"))
    desk.read(told(2))
    assert live() == []
    desk.read(told(3, "a", "b"))
    assert live() == ["a", "b"]
    with desk.database.shops(desk.shop_id) as session:
        from app.services.store_reading import store_readings

        store_readings(session, [(desk.shop_id, told(4, "a")), (desk.shop_id, told(4, "a", "b"))], START)
    assert live() == ["a", "b"], "of one second the last word counts"


def test_every_correction_of_an_instant_counts(desk: Desk) -> None:
    desk.now = START + timedelta(days=4)
    for day in (3, 2, 1):
        at = START + timedelta(days=day)
        parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=at, version=START + timedelta(days=3))
        desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    (journey,) = desk.rows("SELECT anchor FROM journeys WHERE flow_key = 'review_request'")
    assert journey.anchor == START + timedelta(days=1)


def test_switched_on_again_after_the_undo_means_new_events_only(desk: Desk) -> None:
    from app.services.switches import switch_off, switch_on
    from flows.guards import UNDO

    delivered = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=delivered, at=delivered)
    desk.now = delivered
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "review_request", desk.now)
        switch_on(session, desk.shop_id, "review_request", desk.now + UNDO + timedelta(seconds=1))
    (journey,) = desk.rows("SELECT status, end_reason FROM journeys WHERE flow_key = 'review_request'")
    assert (journey.status, journey.end_reason) == ("ended", "flow_off")
