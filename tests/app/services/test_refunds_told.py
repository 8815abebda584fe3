"""Each refund is told once, with its own sum."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.services.send import send_due
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import Refund
from flows.presets import preset
from tests.app.desk import START, Desk, a_refund, an_order
from tests.app.sending import sender_of
from tests.app.services.offers import Box

FLOW = preset("cancel_refund_exchange")
AT = START + timedelta(minutes=30)


def told(desk: Desk, now: datetime) -> list[str]:
    """Subjects of what has left by then."""
    desk.now = desk.real = now
    desk.rows("UPDATE orders SET read_at = :now RETURNING 1", now=now)
    while wake_due(desk.database, desk.keys, now):
        pass
    box = Box()
    sender = sender_of(desk, box, (FLOW,))
    with box.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass
    rows = desk.rows("SELECT subject FROM messages WHERE state = 'sent' AND flow_key = :flow", flow=FLOW.key)
    return sorted(row.subject for row in rows)


def refunds(*amounts: int) -> tuple[Refund, ...]:
    return tuple(a_refund(id=f"r{one}", created_at=AT, amount=one) for one in amounts)


def test_two_of_one_second_are_two_sums(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = AT
    desk.read(Reading(refunds=refunds(1000, 2500)))
    first, second = told(desk, AT)
    assert "10.00" in first
    assert "25.00" in second


def test_all_of_it_and_then_what_it_was_is_one_mail(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = AT
    desk.read(Reading(orders=(an_order(version=AT, fully_refunded=True),)))
    (once,) = told(desk, AT + timedelta(minutes=11))
    desk.read(Reading(refunds=refunds(8270)))
    assert told(desk, AT + timedelta(minutes=21)) == [once]


def test_what_is_known_in_time_is_told_as_it_is(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.now = AT
    desk.read(Reading(orders=(an_order(version=AT, fully_refunded=True),)))
    desk.now = AT + timedelta(minutes=5)
    desk.read(Reading(refunds=refunds(5000, 3270)))
    assert len(told(desk, AT + timedelta(minutes=21))) == 2
