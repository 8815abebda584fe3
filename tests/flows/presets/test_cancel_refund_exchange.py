"""What was called off or given back is told once and at once, whatever else the store says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import OrderState, ReturnState
from flows.commerce import Return as ReturnOfGoods
from tests.flows.pictures import BEANS, MUG, T0, order, picture, refund
from tests.flows.way_life import life, run

DAY = timedelta(days=1)
LOSS = ("cancel_refund_exchange",)


def test_a_refund_of_a_part_is_told_at_once_and_so_is_the_next() -> None:
    told = life(*LOSS, of=picture(order(MUG, BEANS)))
    one, two = refund((MUG, 1), at=T0 + DAY, amount=1000), refund(at=T0 + 2 * DAY, amount=300, name="r2")
    told.see(replace(told.picture, refunds=(one,)), T0 + DAY)
    told.see(replace(told.picture, refunds=(one, two)), T0 + 2 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("cancel_refund_exchange") == [
        ("refunded", T0 + DAY),
        ("refunded", T0 + 2 * DAY),
    ]


def test_a_refund_of_everything_is_one_mail() -> None:
    told = life(*LOSS)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + DAY, amount=1000),)), T0 + DAY)
    assert run(told).steps_sent("cancel_refund_exchange") == [("refunded", T0 + DAY)]


def test_a_store_that_says_no_more_than_that_all_was_given_back() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, fully_refunded=True, refunded=1000, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    assert run(told).steps_sent("cancel_refund_exchange") == [
        ("refunded_all", T0 + DAY + timedelta(minutes=10))
    ]


def test_what_was_given_back_is_often_known_a_moment_later_and_told_once() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, fully_refunded=True, refunded=1000, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    later = T0 + DAY + timedelta(minutes=3)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=later, amount=1000),)), later)
    assert run(told).steps_sent("cancel_refund_exchange") == [("refunded", later)]


def test_money_that_goes_back_for_a_cancellation_that_is_not_told_is_told() -> None:
    told = life(*LOSS, cancelled=0)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    back = refund((MUG, 1), at=T0 + DAY + timedelta(minutes=2), amount=1000)
    told.see(replace(told.picture, refunds=(back,)), T0 + DAY + timedelta(minutes=2))
    assert [mail.step for mail in run(told).sent] == ["refunded"]


def test_a_checkout_that_was_never_paid_is_called_off_without_a_word() -> None:
    bare = order(accepted_at=None, paid_at=None)
    told = life(*LOSS, of=picture(bare))
    over = replace(bare, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    assert run(told).sent == []


def test_a_cancellation_tells_of_its_money_too() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    back = refund((MUG, 1), at=T0 + DAY + timedelta(minutes=2), amount=1000)
    told.see(replace(told.picture, order=over), T0 + DAY)
    told.see(replace(told.picture, refunds=(back,)), T0 + DAY + timedelta(minutes=2))
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("cancel_refund_exchange") == [("cancelled", T0 + DAY + timedelta(minutes=10))]


def test_money_that_goes_back_hours_after_the_cancellation_is_told_then() -> None:
    told = life(*LOSS, of=picture(order(MUG, BEANS)))
    part = refund((MUG, 1), at=T0 + timedelta(hours=1), amount=1000)
    told.see(replace(told.picture, refunds=(part,)), part.created_at)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    rest = refund(at=T0 + DAY + timedelta(hours=4), amount=1000, name="r2")
    told.see(replace(told.picture, refunds=(part, rest)), rest.created_at)
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("cancel_refund_exchange") == [
        ("refunded", part.created_at),
        ("cancelled", T0 + DAY + timedelta(minutes=10)),
        ("refunded", rest.created_at),
    ]


def test_a_cancellation_that_is_taken_back_within_minutes_is_not_told() -> None:
    told = life(*LOSS)
    over = replace(told.picture.order, state=OrderState.CANCELLED, cancelled_at=T0 + DAY, version=T0 + DAY)
    told.see(replace(told.picture, order=over), T0 + DAY)
    again = replace(over, state=OrderState.OPEN, version=T0 + DAY + timedelta(minutes=5))
    told.see(replace(told.picture, order=again), T0 + DAY + timedelta(minutes=5))
    assert run(told).sent == []


@pytest.mark.parametrize(("knob", "kept"), [("cancelled", "refunded"), ("refunded", "cancelled")])
def test_cancellations_and_refunds_are_switched_apart(knob: str, kept: str) -> None:
    off: dict[str, Any] = {knob: 0}
    told = life(*LOSS, of=picture(order(MUG, BEANS)), **off)
    part = refund((MUG, 1), at=T0 + DAY, amount=1000)
    told.see(replace(told.picture, refunds=(part,)), T0 + DAY)
    over = replace(told.picture.order, state=OrderState.CANCELLED, version=T0 + 9 * DAY)
    told.see(replace(told.picture, order=over), T0 + 9 * DAY)
    assert [mail.step for mail in run(told).sent] == [kept]


@pytest.mark.parametrize("change", [{"source": "pos"}, {"is_test": True}])
def test_neither_the_till_nor_a_test_is_written_to(change: dict[str, Any]) -> None:
    told = life(*LOSS, of=picture(order(**change)))
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + DAY, amount=1000),)), T0 + DAY)
    assert run(told).sent == []


def test_a_return_that_is_asked_for_is_an_event_and_one_that_was_declined_is_none() -> None:
    wanted = ReturnOfGoods("7", "13", T0 + 5 * DAY, ReturnState.REQUESTED)
    told = life(*LOSS)
    told.see(replace(told.picture, returns=(wanted,)), T0 + 5 * DAY)
    assert told.known["return:7"].happened_at == T0 + 5 * DAY
    other = life(*LOSS)
    other.see(replace(other.picture, returns=(replace(wanted, state=ReturnState.DECLINED),)), T0 + 5 * DAY)
    assert "return:7" not in other.known
