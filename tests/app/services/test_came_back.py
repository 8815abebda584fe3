"""An order that was cancelled or thrown away, and came back; one that is over, and of which an old message
comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.services.explain import Explanation, explain_message
from app.services.wake import wake_due
from connectors.base import Gone, Noun, Reading
from flows.commerce import Order, OrderState, ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, an_order, connect_shop

HOUR = timedelta(hours=1)
WAITING = an_order(accepted_at=None, paid_at=None)


def changed(order: Order, hours: int, **changes: Any) -> Order:
    return replace(order, version=START + hours * HOUR, **changes)


CANCELLED = changed(WAITING, 1, state=OrderState.CANCELLED, cancelled_at=START + HOUR)
TRASHED = changed(WAITING, 1, state=OrderState.GONE)
PAID = changed(WAITING, 2, accepted_at=START + 2 * HOUR, paid_at=START + 2 * HOUR)
AGAIN = changed(PAID, 4, state=OrderState.CANCELLED, cancelled_at=START + 4 * HOUR)


def told(desk: Desk, *orders: Order) -> None:
    for order in orders:
        desk.now = max(desk.now, order.version)
        desk.read(Reading(orders=(order,)))


def journeys(desk: Desk, flow: str = "order_confirmation") -> list[tuple[str, str | None]]:
    sql = "SELECT status, end_reason FROM journeys WHERE flow_key = :flow ORDER BY id"
    return [tuple(row) for row in desk.rows(sql, flow=flow)]


def mails(desk: Desk) -> list[tuple[str, str]]:
    return [tuple(row) for row in desk.rows("SELECT flow_key, state FROM messages ORDER BY id")]


def ends(desk: Desk) -> list[int]:
    """After how many hours it was over, each time."""
    sql = "SELECT happened_at FROM events WHERE kind IN ('OrderCancelled', 'OrderDeleted') ORDER BY id"
    return [int((row.happened_at - START) / HOUR) for row in desk.rows(sql)]


@pytest.mark.parametrize("over", [CANCELLED, TRASHED])
def test_whoever_pays_after_all_gets_the_confirmation(desk: Desk, over: Order) -> None:
    told(desk, WAITING, over, PAID)
    assert mails(desk) == [("order_confirmation", "due")]
    assert journeys(desk) == [("done", "done")]
    assert ends(desk) == [1], "that it was over stays on record"
    desk.read(Reading(parcels=(a_parcel(at=START + 3 * HOUR),)))
    assert mails(desk) == [("order_confirmation", "due"), ("shipped", "due")]


@pytest.mark.parametrize("over", [CANCELLED, TRASHED])
def test_an_older_word_that_comes_late_decides_nothing(db: Database, over: Order) -> None:
    for place, messages in enumerate(permutations((WAITING, over, PAID))):
        desk = connect_shop(db, f"shop{place}.example")
        told(desk, *messages, over, WAITING)
        assert mails(desk) == [("order_confirmation", "due")], messages


@pytest.mark.parametrize("over", [AGAIN, changed(PAID, 4, state=OrderState.GONE)])
def test_an_older_word_revives_nothing(db: Database, over: Order) -> None:
    for place, messages in enumerate(permutations((WAITING, PAID, over))):
        desk = connect_shop(db, f"shop{place}.example")
        told(desk, *messages, PAID, PAID)
        assert {state for _, state in mails(desk)} <= {"cancelled"}, messages


def test_of_one_second_it_is_over(db: Database) -> None:
    for place, over in enumerate((CANCELLED, TRASHED)):
        same = replace(PAID, version=over.version)
        for nth, messages in enumerate(((over, same), (same, over))):
            desk = connect_shop(db, f"shop{place}{nth}.example")
            told(desk, *messages)
            assert {state for _, state in mails(desk)} <= {"cancelled"}
            both = connect_shop(db, f"both{place}{nth}.example")
            both.read(Reading(orders=messages))
            assert mails(both) == []


def test_a_second_cancellation_ends_what_began_in_between(desk: Desk) -> None:
    told(desk, WAITING, CANCELLED, PAID)
    told(desk, AGAIN, AGAIN, replace(AGAIN, version=START + 5 * HOUR))
    assert journeys(desk) == [("done", "OrderCancelled")]
    assert mails(desk) == [("order_confirmation", "cancelled")]
    assert ends(desk) == [1, 4], "each with its own instant, and once"


def test_what_had_begun_is_not_begun_again(desk: Desk) -> None:
    told(desk, PAID, AGAIN, changed(PAID, 5), changed(PAID, 6))
    assert journeys(desk) == [("done", "OrderCancelled")]
    assert mails(desk) == [("order_confirmation", "cancelled")]
    told(desk, replace(AGAIN, version=START + 7 * HOUR, cancelled_at=START + 7 * HOUR))
    told(desk, changed(PAID, 8))
    assert mails(desk) == [("order_confirmation", "cancelled")]
    assert ends(desk) == [4, 7]


def test_what_was_refused_only_because_it_was_over_begins_when_it_is_not(desk: Desk) -> None:
    """We saw it first when it was cancelled already, and paid for."""
    told(desk, AGAIN)
    assert journeys(desk) == [("declined", "OrderCancelled")]
    told(desk, replace(AGAIN, version=START + 5 * HOUR))
    assert journeys(desk) == [("declined", "OrderCancelled")]
    told(desk, changed(PAID, 6), changed(PAID, 7))
    assert journeys(desk) == [("done", "done")]
    assert mails(desk) == [("order_confirmation", "due")]
    (mail,) = desk.rows("SELECT due_at FROM messages")
    assert mail.due_at == PAID.accepted_at, "as late as it is"


def test_it_stays_refused_for_what_it_is_by_then(desk: Desk) -> None:
    told(desk, AGAIN, changed(PAID, 5, state=OrderState.GONE))
    assert journeys(desk) == [("declined", "OrderDeleted")]
    told(desk, changed(PAID, 6, source="pos"))
    assert journeys(desk) == [("declined", "not_pos")]


def test_a_timer_of_a_restored_order_rings(desk: Desk) -> None:
    told(desk, WAITING, CANCELLED, PAID)
    told(desk, changed(PAID, 3, shipped=Shipped.ALL))
    here = a_parcel(at=START + 3 * HOUR, delivered_at=START + 4 * HOUR, status=ParcelStatus.DELIVERED)
    desk.read(Reading(parcels=(here,)))
    assert journeys(desk, "review_request") == [("active", None)]
    desk.now = START + timedelta(days=60)
    wake_due(desk.database, desk.keys, desk.now)
    assert ("review_request", "due") in mails(desk)


def test_what_shopify_deleted_is_not_brought_back_by_a_message_that_was_under_way(db: Database) -> None:
    cases: list[tuple[str, str, list[str]]] = [("shopify", "gone", []), ("woocommerce", "open", ["due"])]
    for platform, state, mail in cases:
        desk = connect_shop(db, f"{platform}.example")
        with db.shops(desk.shop_id) as session:
            session.execute(text("UPDATE shops SET platform = :name"), {"name": platform})
        told(desk, WAITING)
        desk.read(Reading(gone=(Gone(Noun.ORDER, "13"),)))
        told(desk, PAID)
        assert [row.state for row in desk.rows("SELECT body->>'state' AS state FROM orders")] == [state]
        assert [one for _, one in mails(desk)] == mail


def state(desk: Desk) -> str:
    (order,) = desk.rows("SELECT body->>'state' AS state FROM orders")
    return str(order.state)


def test_what_was_not_found_by_mistake_is_back_when_the_store_lists_it_unchanged(desk: Desk) -> None:
    told(desk, PAID)
    for _ in range(2):
        desk.read(Reading(gone=(Gone(Noun.ORDER, "13"),)))
        assert state(desk) == "gone"
    for _ in range(2):
        told(desk, PAID)
        assert state(desk) == "open"
    assert mails(desk) == [("order_confirmation", "cancelled")]
    told(desk, changed(PAID, 3, shipped=Shipped.ALL))
    desk.read(Reading(parcels=(a_parcel(at=START + 3 * HOUR),)))
    assert ("shipped", "due") in mails(desk)


def test_what_is_in_the_trash_stays_there_though_it_is_deleted_for_good(desk: Desk) -> None:
    told(desk, PAID, replace(PAID, state=OrderState.GONE))
    desk.read(Reading(gone=(Gone(Noun.ORDER, "13"),)))
    told(desk, PAID)
    assert state(desk) == "gone"


def test_what_a_store_neither_finds_nor_tells_anew_stays_gone(desk: Desk) -> None:
    told(desk, PAID, changed(PAID, 3))
    desk.read(Reading(gone=(Gone(Noun.ORDER, "13"),)))
    told(desk, PAID)
    assert state(desk) == "gone"


def explained(desk: Desk) -> Explanation:
    (mail,) = desk.rows("SELECT id FROM messages")
    with desk.database.shops(desk.shop_id) as session:
        found = explain_message(session, desk.shop_id, mail.id, desk.keys, desk.now)
    assert found is not None
    return found


def test_the_explanation_names_the_cancellation_that_ended_it(desk: Desk) -> None:
    told(desk, WAITING, CANCELLED, PAID, AGAIN)
    found = explained(desk)
    assert found.blocked_by is not None
    assert found.blocked_by.happened_at == AGAIN.version


def test_a_mail_that_a_cancellation_took_with_it_is_explained_also_when_the_order_is_back(desk: Desk) -> None:
    told(desk, PAID, AGAIN, changed(PAID, 5))
    found = explained(desk)
    assert found.reason == "OrderCancelled"
    assert found.answer.because == "the order was cancelled"
    assert [one.fact for one in found.change.alone] == ["happened[OrderCancelled]"]


def cancelled_at(desk: Desk, *hours: float) -> None:
    """Cancelled and back by turns, after so many hours; what waits is woken in between."""
    for place, after in enumerate(hours):
        at = START + after * HOUR
        over: dict[str, Any] = {} if place % 2 else {"state": OrderState.CANCELLED, "cancelled_at": at}
        wake_due(desk.database, desk.keys, at)
        told(desk, replace(PAID, version=at, **over))
    desk.now = START + (hours[-1] + 1) * HOUR
    wake_due(desk.database, desk.keys, desk.now)


def losses(desk: Desk) -> list[tuple[str, str | None]]:
    return journeys(desk, "cancel_refund_exchange")


def test_each_cancellation_is_told(desk: Desk) -> None:
    told(desk, PAID)
    cancelled_at(desk, 4, 5)
    assert losses(desk) == [("done", "taken_back")], "nothing had left"
    desk.rows("UPDATE messages SET state = 'sent' WHERE flow_key = 'cancel_refund_exchange' RETURNING 1")
    cancelled_at(desk, 7, 8, 9)
    assert losses(desk) == [("done", "taken_back"), ("done", "taken_back"), ("done", "done")]
    sql = "SELECT count(*) FROM journeys j JOIN events e ON e.key = j.event_key AND e.key = j.subject"
    assert desk.rows(f"{sql} WHERE j.flow_key = 'cancel_refund_exchange'") == [(3,)]


def test_one_that_is_taken_back_within_minutes_is_told_by_none_that_follows(desk: Desk) -> None:
    told(desk, PAID)
    cancelled_at(desk, 4, 4.05, 4.1)
    assert losses(desk) == [("ended", "taken_back"), ("done", "done")]
    sql = "SELECT due_at FROM messages WHERE flow_key = 'cancel_refund_exchange'"
    assert [row.due_at for row in desk.rows(sql)] == [START + 4.1 * HOUR + timedelta(minutes=10)]
