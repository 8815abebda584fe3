"""What time alone tells of orders on their way, on a real database: inferred, corrected, asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.models.shop import PARKED
from app.queries.facts import load_fact_base
from app.queries.waiting import next_due, next_moments, whats_waiting
from app.services.arrivals import Answer, arrived, missed
from app.services.look import look_due
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Address, OrderState, ParcelEvent, ParcelStatus, Return, ReturnState, Shipped
from flows.conditions import open_complaint
from tests.app.desk import KEYS, START, Desk, a_parcel, a_refund, an_order, connect_shop
from tests.app.services.statements import counted

DAY = timedelta(days=1)
LEFT = START + DAY
"""A Tuesday."""
LATE = datetime(2026, 11, 12, 18, 0, tzinfo=START.tzinfo)
"""Seven working days on, in a shop that tells no country: so its parcels go as near ones do."""
INFERRED = datetime(2026, 11, 19, 18, 0, tzinfo=START.tzinfo)


def sent(desk: Desk, *scans: ParcelEvent, **order: Any) -> None:
    """An order that has left in one parcel, of a store that has nothing more to say of it."""
    desk.now = LEFT
    whole = an_order(shipped=Shipped.ALL, version=LEFT, **order)
    parcel = a_parcel(id=f"t-{whole.id}", order_id=whole.id)
    desk.read(Reading(orders=(whole,), parcels=(parcel,), parcel_events=scans))


def scan(status: ParcelStatus, at: datetime, name: str = "s1", order: str = "13") -> ParcelEvent:
    return ParcelEvent(name, f"t-{order}", order, status, at)


def look(desk: Desk, at: datetime) -> int:
    desk.now = at
    return look_due(desk.database, KEYS, at)


def recorded(desk: Desk, *kinds: str) -> list[tuple[str, datetime, str | None]]:
    rows = desk.rows("SELECT kind, happened_at, source FROM events ORDER BY happened_at, id")
    return [(row.kind, row.happened_at, row.source) for row in rows if row.kind in kinds]


def journey(desk: Desk, flow: str) -> Any:
    (row,) = desk.rows("SELECT * FROM journeys WHERE flow_key = :flow", flow=flow)
    return row


def asked(desk: Desk) -> list[Any]:
    return desk.rows(
        "SELECT order_id FROM journeys WHERE flow_key = 'review_request' AND status = 'active' ORDER BY 1"
    )


def complains(desk: Desk, order: str = "13") -> bool:
    with desk.database.shops(desk.shop_id) as session:
        base = load_fact_base(session, [(desk.shop_id, order)], KEYS)
    return open_complaint.check(base.facts((desk.shop_id, order), "review_request", None), desk.now).passed


def test_an_order_without_any_scan_is_asked_about_and_then_taken_to_be_there(desk: Desk) -> None:
    sent(desk)
    assert look(desk, LATE - timedelta(seconds=1)) == 0
    assert look(desk, LATE) == 1
    assert recorded(desk, "ParcelLate", "OrderDelivered") == [("ParcelLate", LATE, None)]
    asked = desk.rows("SELECT step, due_at FROM messages WHERE flow_key = 'arrival_check'")
    assert [tuple(row) for row in asked] == [("asked", LATE)]
    assert look(desk, INFERRED - timedelta(seconds=1)) == 0
    assert look(desk, INFERRED) == 1
    assert recorded(desk, "ParcelDelivered", "OrderDelivered") == [
        ("ParcelDelivered", INFERRED, "inferred"),
        ("OrderDelivered", INFERRED, "inferred"),
    ]
    assert journey(desk, "review_request").wake_at == datetime(2026, 11, 29, 10, 0, tzinfo=START.tzinfo)
    assert journey(desk, "delivered").end_reason == "is_certain"
    assert desk.rows("SELECT 1 FROM watches") == []
    assert look(desk, INFERRED + 99 * DAY) == 0


def test_a_scan_that_comes_late_corrects_what_was_inferred(desk: Desk) -> None:
    sent(desk)
    look(desk, INFERRED)
    there = INFERRED + DAY
    desk.now = there + timedelta(hours=1)
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, there),)))
    assert recorded(desk, "ParcelDelivered", "OrderDelivered") == [
        ("ParcelDelivered", there, None),
        ("OrderDelivered", there, None),
    ]
    assert journey(desk, "review_request").wake_at == datetime(2026, 11, 30, 10, 0, tzinfo=START.tzinfo)
    assert journey(desk, "delivered").status == "active", "now somebody has said so"
    assert wake_due(desk.database, KEYS, there + timedelta(hours=2)) > 0
    mails = desk.rows("SELECT due_at FROM messages WHERE flow_key = 'delivered'")
    assert [row.due_at for row in mails] == [there + timedelta(hours=2)]
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, there),)))
    assert len(desk.rows("SELECT 1 FROM journeys WHERE flow_key = 'delivered'")) == 1


def test_a_scan_before_its_day_leaves_nothing_to_ask_or_infer(desk: Desk) -> None:
    sent(desk)
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, LEFT + DAY),)))
    assert desk.rows("SELECT 1 FROM watches") == []
    assert look(desk, INFERRED) == 0
    assert recorded(desk, "ParcelLate") == []


def test_a_followed_parcel_stands_still_and_is_never_inferred(desk: Desk) -> None:
    sent(desk, scan(ParcelStatus.IN_TRANSIT, LEFT + DAY))
    assert look(desk, LEFT + 5 * DAY) == 1
    assert recorded(desk, "ParcelStalled") == [("ParcelStalled", LEFT + 5 * DAY, None)]
    look(desk, INFERRED + 99 * DAY)
    assert recorded(desk, "ParcelDelivered") == []


@pytest.mark.parametrize("over", [{"state": OrderState.CANCELLED}, {"fully_refunded": True}])
def test_an_order_that_is_over_is_watched_no_more(desk: Desk, over: dict[str, Any]) -> None:
    sent(desk)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL, version=LEFT + DAY, **over),)))
    assert desk.rows("SELECT 1 FROM watches") == []
    assert look(desk, INFERRED) == 0


def test_an_order_from_before_the_connection_is_not_watched(desk: Desk) -> None:
    sent(desk, at=START - DAY)
    assert desk.rows("SELECT 1 FROM watches") == []


def test_the_sweep_sees_what_is_due_and_when_the_next_is(desk: Desk) -> None:
    sent(desk)
    desk.rows("DELETE FROM timers RETURNING 1")
    desk.rows("UPDATE messages SET state = 'sent' RETURNING 1")
    with desk.database.crossing() as session:
        assert next_due(session) == LATE
        assert not whats_waiting(session, LATE - timedelta(seconds=1), START).timers
        assert whats_waiting(session, LATE, START).timers
        assert next_moments(session, LATE - timedelta(minutes=5), LATE + timedelta(minutes=5)) == [
            LATE + timedelta(seconds=1)
        ]


def test_a_look_costs_as_many_statements_for_500_orders_as_for_one(db: Database) -> None:
    counts = []
    for size in (1, 50, 500):
        desk = connect_shop(db, f"shop-{size}.example")
        desk.now = LEFT
        orders = tuple(
            an_order(id=str(n), number=str(n), email=f"mia{n}@example.com", shipped=Shipped.ALL)
            for n in range(size)
        )
        parcels = tuple(a_parcel(id=f"t{n}", order_id=str(n)) for n in range(size))
        desk.read(Reading(orders=orders, parcels=parcels))
        with counted(db) as seen:
            assert look_due(db, KEYS, LATE) == size
        counts.append(len(seen))
        desk.rows("DELETE FROM watches RETURNING 1")
    assert counts[0] == counts[1] == counts[2], counts


def test_a_paused_shop_looks_later_and_costs_nothing_meanwhile(desk: Desk) -> None:
    sent(desk)
    desk.rows("UPDATE shops SET paused_at = :at RETURNING 1", at=LATE)
    assert look(desk, LATE) == 0
    assert [row.due_at for row in desk.rows("SELECT due_at FROM watches")] == [PARKED]
    assert recorded(desk, "ParcelLate") == []


def test_one_order_that_fails_does_not_keep_the_others_waiting(desk: Desk) -> None:
    sent(desk)
    sent(desk, id="14", number="14")
    desk.rows("UPDATE orders SET body = body - 'currency' WHERE id = '13' RETURNING 1")
    assert look(desk, LATE) == 2
    late = desk.rows("SELECT order_id FROM events WHERE kind = 'ParcelLate'")
    assert [row.order_id for row in late] == ["14"]
    (row,) = desk.rows("SELECT due_at, error FROM watches WHERE order_id = '13'")
    assert (row.due_at, row.error) == (LATE + timedelta(minutes=5), "KeyError")


def test_whoever_says_yes_has_it_delivered_by_their_word(desk: Desk) -> None:
    sent(desk)
    look(desk, LATE)
    key, at = (desk.shop_id, "13"), LATE + timedelta(hours=1)
    assert arrived(desk.database, KEYS, key, "t-13", at) is Answer.THANKS
    assert arrived(desk.database, KEYS, key, "t-13", at + DAY) is Answer.KNOWN
    assert missed(desk.database, KEYS, key, "t-13", at + DAY) is Answer.KNOWN
    assert recorded(desk, "ParcelDelivered", "OrderDelivered", "ArrivalDenied") == [
        ("ParcelDelivered", at, "shopper"),
        ("OrderDelivered", at, "shopper"),
    ]
    assert journey(desk, "arrival_check").end_reason in ("done", "ParcelDelivered")
    assert journey(desk, "delivered").status == "active"


def test_whoever_says_no_waits_for_the_shop_until_it_is_there(desk: Desk) -> None:
    sent(desk)
    sent(desk, id="14", number="14")
    look(desk, LATE)
    key = (desk.shop_id, "13")
    assert missed(desk.database, KEYS, key, "t-13", LATE) is Answer.NOTED
    assert missed(desk.database, KEYS, key, "t-13", LATE + DAY) is Answer.NOTED
    assert recorded(desk, "ArrivalDenied") == [("ArrivalDenied", LATE, "shopper")]
    assert complains(desk) and complains(desk, "14"), "it is the same person"
    look(desk, INFERRED)
    kinds = desk.rows("SELECT 1 FROM events WHERE kind = 'OrderDelivered' AND order_id = '13'")
    assert kinds == [], "nothing is inferred against their word"
    assert [row.order_id for row in asked(desk)] == ["14"], "once the other is settled"
    assert arrived(desk.database, KEYS, key, "t-13", INFERRED) is Answer.THANKS
    assert not complains(desk) and not complains(desk, "14")
    assert [row.order_id for row in asked(desk)] == ["13", "14"]


@pytest.mark.parametrize("state", list(ReturnState))
def test_an_open_return_is_a_complaint(desk: Desk, state: ReturnState) -> None:
    sent(desk)
    desk.read(Reading(returns=(Return("7", "13", LEFT + DAY, state),)))
    assert complains(desk) is (state in (ReturnState.REQUESTED, ReturnState.OPEN))


def test_money_given_back_closes_the_case(desk: Desk) -> None:
    sent(desk)
    missed(desk.database, KEYS, (desk.shop_id, "13"), "t-13", LATE)
    assert complains(desk)
    desk.read(Reading(refunds=(a_refund(),)))
    assert not complains(desk)


def test_nothing_is_said_of_what_is_not_on_its_way(desk: Desk) -> None:
    sent(desk)
    for order, parcel in (("13", "t-99"), ("99", "t-13")):
        key = (desk.shop_id, order)
        assert arrived(desk.database, KEYS, key, parcel, LATE) is Answer.OVER
        assert missed(desk.database, KEYS, key, parcel, LATE) is Answer.OVER
    assert desk.rows("SELECT 1 FROM parcel_events") == []
    assert recorded(desk, "ArrivalDenied") == []


def test_the_address_of_the_shop_and_the_reader_says_how_far_it_goes(desk: Desk) -> None:
    desk.rows("UPDATE shops SET country = 'DE' RETURNING 1")
    sent(desk, shipping_address=Address(country="DE"))
    (row,) = desk.rows("SELECT due_at FROM watches")
    assert row.due_at == datetime(2026, 11, 9, 18, 0, tzinfo=START.tzinfo), "four working days"


def test_whoever_waits_for_a_late_parcel_is_not_asked_about_another(desk: Desk) -> None:
    """From the morning of its day, and on the day on which it comes after all; nor is anybody else kept."""

    def late(order: str = "13") -> list[tuple[datetime, datetime | None]]:
        with desk.database.shops(desk.shop_id) as session:
            base = load_fact_base(session, [(desk.shop_id, "13"), (desk.shop_id, "5")], KEYS)
        found = base.facts((desk.shop_id, order), "review_request", None).late
        return [(one.since, one.came_at) for one in found]

    sent(desk)
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, LEFT + DAY),)))
    assert late() == []
    moved = scan(ParcelStatus.IN_TRANSIT, LATE - 3 * DAY, "s2", "14")
    sent(desk, moved, id="14", number="14")
    assert late() == [(LATE, None)], "not late yet, but to come today"
    look(desk, LATE)
    assert late() == [(LATE, None), (LATE + DAY, None)], "and then without a sign of it"
    there = LATE + timedelta(hours=3)
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, there, "s3", "14"),)))
    assert late() == [(LATE, there)]
    sent(desk, id="5", number="5", email="kim@example.com")
    desk.read(Reading(parcel_events=(scan(ParcelStatus.DELIVERED, LEFT + DAY, "s4", "5"),)))
    assert late("5") == []
