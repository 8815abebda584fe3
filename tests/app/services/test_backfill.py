"""Earlier orders are asked when the shop asks for it, and not before: those that fit, once, in good time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.models.permission import ALL_CLASSES
from app.services import backfill as backfill_module
from app.services.backfill import Asked, NotAsked, OtherCount, backfill, count
from app.services.explain import explain_flow
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.pauses import pause
from app.services.switches import switch_off, switch_on
from app.services.unsubscribe import suppress
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import OrderState, ParcelEvent, ParcelStatus, Shipped
from flows.earlier import MAY_ASK
from flows.events import OrderDelivered
from flows.presets import BY_KEY
from tests.app.desk import START, Desk, a_parcel, a_refund, an_order, connect_shop
from tests.app.services.statements import counted
from tests.app.services.test_plan_limit import billed

DAY = timedelta(days=1)
NOW = START + timedelta(hours=5)
JOURNEYS = "SELECT * FROM journeys ORDER BY order_id::int"


def delivered(number: int, days_ago: float, **changes: Any) -> Reading:
    """An order of before the connection that arrived so long before it."""
    at = START - timedelta(days=days_ago)
    order = an_order(
        **{
            "id": str(number),
            "number": str(number),
            "at": at - 3 * DAY,
            "version": at,
            "shipped": Shipped.ALL,
            "email": f"buyer{number}@example.com",
            **changes,
        }
    )
    status = ParcelStatus.DELIVERED
    parcel = a_parcel(
        id=f"t{number}", order_id=order.id, status=status, delivered_at=at, at=at - DAY, version=at
    )
    return Reading(orders=(order,), parcels=(parcel,))


def imported(desk: Desk, *readings: Reading, past: bool = True) -> None:
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        told = [(desk.shop_id, one) for one in readings]
        apply_readings(session, told, desk.keys, NOW, START, past=past)


def found(desk: Desk, days: int = 30, flow: str = "review_request") -> int:
    with desk.database.shops(desk.shop_id) as session:
        return count(session, desk.shop_id, flow, NOW - days * DAY, NOW, desk.keys)


def ask(desk: Desk, days: int = 30, flow: str = "review_request", seen: int | None = None) -> Asked:
    with desk.database.shops(desk.shop_id) as session:
        since = NOW - days * DAY
        return backfill(session, desk.shop_id, flow, since, NOW, desk.keys, who="Mia", seen=seen)


@pytest.mark.parametrize("past", [True, False], ids=["history", "told again by a message"])
def test_nothing_starts_without_the_act_and_with_it_exactly_those(desk: Desk, past: bool) -> None:
    readings = [delivered(1, 2), delivered(2, 12), delivered(3, 20), delivered(4, 29), delivered(5, 31)]
    imported(desk, *readings, past=past)
    assert (desk.rows(JOURNEYS), desk.rows("SELECT * FROM messages")) == ([], [])
    # 29 days ago is out: asked for on day 10, the mail may leave for two weeks.
    assert (found(desk), found(desk, 14)) == (3, 2)
    assert desk.rows(JOURNEYS) == [], "counting starts nothing"
    assert ask(desk, seen=3) == Asked(3, 0)
    assert [row.order_id for row in desk.rows(JOURNEYS)] == ["1", "2", "3"]
    assert {row.flow_key for row in desk.rows(JOURNEYS)} == {"review_request"}
    assert desk.rows("SELECT * FROM messages") == [], "and nothing leaves at once"
    declined = desk.rows("SELECT declined FROM events WHERE kind = 'OrderDelivered' AND order_id = '1'")
    assert "review_request" not in declined[0].declined
    words = desk.rows("SELECT who, area, words FROM admin_changes")
    assert [tuple(row) for row in words] == [
        ("Mia", "flow:review_request", "Asked for 3 earlier orders too.")
    ]


def test_only_what_arrived_is_looked_for() -> None:
    """The query finds no others (app/queries/earlier.py)."""
    assert {BY_KEY[key].trigger for key in MAY_ASK} == {OrderDelivered}


def test_a_press_takes_so_many_and_the_next_one_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill_module, "MOST", 5)
    monkeypatch.setattr(backfill_module, "BATCH", 2)
    imported(desk, *(delivered(n, 2 + n / 100) for n in range(1, 8)))
    assert ask(desk, seen=5) == Asked(5, 0)
    assert [row.order_id for row in desk.rows(JOURNEYS)] == ["1", "2", "3", "4", "5"], "the latest"
    assert (ask(desk), ask(desk)) == (Asked(2, 0), Asked(0, 0))


def test_twice_changes_nothing(desk: Desk) -> None:
    imported(desk, delivered(1, 2), delivered(2, 12))
    ask(desk)
    before = desk.rows(JOURNEYS), desk.rows("SELECT * FROM events ORDER BY id")
    assert (found(desk), ask(desk)) == (0, Asked(0, 0))
    assert (desk.rows(JOURNEYS), desk.rows("SELECT * FROM events ORDER BY id")) == before
    assert len(desk.rows("SELECT * FROM admin_changes")) == 1


def test_waits_count_from_the_event_and_what_has_passed_leaves_at_the_next_usual_hour(desk: Desk) -> None:
    imported(desk, delivered(1, 2), delivered(2, 12))
    ask(desk)
    soon, passed = (row.wake_at for row in desk.rows(JOURNEYS))
    assert soon == (START + 8 * DAY).replace(hour=10), "ten days after it arrived"
    assert passed == (NOW + DAY).replace(hour=10, minute=0), "it is 14:00: tomorrow at ten"
    assert wake_due(desk.database, desk.keys, passed - timedelta(seconds=1)) == 0
    assert wake_due(desk.database, desk.keys, passed) == 1
    (mail,) = desk.rows("SELECT * FROM messages")
    assert (mail.step, mail.due_at, mail.recipient) == ("ask", passed, "buyer2@example.com")


def test_whoever_must_not_be_asked_is_not(desk: Desk) -> None:
    over = {"version": START - DAY, "cancelled_at": START - DAY, "state": OrderState.CANCELLED}
    imported(
        desk,
        delivered(1, 2),
        delivered(2, 2, **over),
        delivered(3, 2, refunded=8270, fully_refunded=True),
        Reading(refunds=(a_refund(id="r3", order_id="3", created_at=START - DAY),)),
        delivered(4, 2),
        delivered(5, 2, email=None),
        Reading(orders=(an_order(id="6", number="6", at=START - 5 * DAY),)),
    )
    address = desk.keys.address_hash(desk.shop_id, "buyer4@example.com")
    suppress(desk.database, desk.shop_id, address, ALL_CLASSES, "hard_bounce", NOW)
    assert found(desk) == 1
    ask(desk)
    assert [row.order_id for row in desk.rows(JOURNEYS)] == ["1"]


def test_an_order_arrived_when_its_picture_says_so(desk: Desk) -> None:
    """A scan knows better than the parcel itself."""
    scan = ParcelEvent("s1", "t1", "1", ParcelStatus.DELIVERED, START - 20 * DAY)
    imported(desk, delivered(1, 2), Reading(parcel_events=(scan,)))
    assert (found(desk, 14), found(desk, 30)) == (0, 1)


def test_what_happened_while_the_flow_was_off_is_no_earlier_order(db: Database) -> None:
    desk = connect_shop(db, on=False)
    at = START + DAY
    parcel = a_parcel(id="t13", status=ParcelStatus.DELIVERED, delivered_at=at, at=at)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    imported(desk, delivered(1, 2))
    with db.shops(desk.shop_id) as session:
        switch_on(session, desk.shop_id, "review_request", NOW + 2 * DAY)
        asked = backfill(
            session, desk.shop_id, "review_request", START - 30 * DAY, NOW + 2 * DAY, desk.keys, who="Mia"
        )
    assert asked == Asked(1, 0)
    assert [row.order_id for row in desk.rows(JOURNEYS)] == ["1"]


def test_what_happens_afterwards_is_heard(desk: Desk) -> None:
    imported(desk, delivered(1, 2))
    ask(desk)
    desk.now = NOW + DAY
    desk.read(Reading(refunds=(a_refund(order_id="1", created_at=desk.now),)))
    (row,) = desk.rows(JOURNEYS)
    assert (row.status, row.end_reason) == ("ended", "OrderRefunded")


def test_an_order_that_was_mailed_before_a_reinstallation_is_not_asked_again(desk: Desk) -> None:
    imported(desk, delivered(1, 12))
    ask(desk)
    wake_due(desk.database, desk.keys, NOW + 2 * DAY)
    desk.rows("UPDATE messages SET state = 'sent' RETURNING id")
    desk.rows("UPDATE shops SET generation = generation + 1 RETURNING id")
    assert found(desk) == 0


def test_an_off_flow_a_paused_shop_and_another_flow_are_refused_in_words(desk: Desk) -> None:
    imported(desk, delivered(1, 2))
    with pytest.raises(NotAsked, match="news"):
        ask(desk, flow="delivered")
    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, START)
    with pytest.raises(NotAsked, match="does not let"):
        ask(desk)
    desk.rows("UPDATE shops SET paused_at = NULL RETURNING id")
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "review_request", NOW)
    assert found(desk) == 0
    with pytest.raises(NotAsked, match="off"):
        ask(desk)
    assert desk.rows(JOURNEYS) == []


def test_another_number_than_was_seen_does_nothing(desk: Desk) -> None:
    imported(desk, delivered(1, 2), delivered(2, 3))
    with pytest.raises(OtherCount) as told:
        ask(desk, seen=1)
    assert (told.value.count, desk.rows(JOURNEYS)) == (2, [])


def test_the_plan_lets_as_many_begin_as_it_has_room_for(db: Database) -> None:
    desk = billed(db)
    imported(desk, *(delivered(n, 2) for n in range(60)))
    asked = ask(desk)
    room = asked.begun
    assert 0 < room < 60 and asked.over == 60 - room
    assert len(desk.rows(JOURNEYS)) == room
    assert ask(desk) == Asked(0, 60 - room)


def test_explain_tells_that_the_shop_asked(desk: Desk) -> None:
    imported(desk, delivered(1, 12))
    ask(desk)
    for at in (NOW, NOW + 2 * DAY):
        wake_due(desk.database, desk.keys, at)
        with desk.database.shops(desk.shop_id) as session:
            (told,) = explain_flow(session, desk.shop_id, "1", "review_request", desk.keys, at)
        rules = {reason.rule: reason.passed for reason in told.asked.entry}
        assert rules["asked_for"] and "placed_after_connect" not in rules


def test_a_batch_of_any_size_costs_as_many_statements(db: Database) -> None:
    costs = []
    for size in (1, 40, 400):
        desk = connect_shop(db, f"shop-{size}.example")
        imported(desk, *(delivered(n, 2) for n in range(size)))
        with counted(db) as statements:
            assert ask(desk) == Asked(size, 0)
        costs.append(len(statements))
    print(f"{costs[0]} statements")
    assert costs[0] == costs[1] == costs[2], costs
