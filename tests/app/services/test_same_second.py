"""Stores tell time in whole seconds: two states of one second, in either order, are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.queries.freshness import last_confirmed
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from connectors.base import Reading
from flows.commerce import Order, OrderLine, OrderState
from tests.app.desk import START, Desk, an_order

FIRST = an_order(email="mia@exmaple.com")
CORRECTED = replace(FIRST, email="mia@example.com")


def heard(desk: Desk, *told: Order) -> None:
    """By messages of the store, all in one batch."""
    with desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        readings = [(desk.shop_id, Reading(orders=(order,))) for order in told]
        apply_readings(session, readings, desk.keys, desk.now, desk.real, {})


def wished(desk: Desk) -> list[str]:
    return [row.id for row in desk.rows("SELECT id FROM wishes WHERE noun = 'order' AND state = 'open'")]


def is_confirmed(desk: Desk) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return bool(last_confirmed(session, [(desk.shop_id, "13")]))


def email(desk: Desk) -> str:
    (row,) = desk.rows("SELECT email FROM orders")
    return str(row.email)


@pytest.mark.parametrize("batches", [((CORRECTED,), (FIRST,)), ((CORRECTED, FIRST),)])
def test_an_older_state_of_the_same_second_is_not_believed(desk: Desk, batches: Any) -> None:
    for orders in batches:
        heard(desk, *orders)
    assert wished(desk) == ["13"]
    heard(desk, FIRST)
    assert not is_confirmed(desk), "though one of them is told again"
    desk.read(Reading(orders=(CORRECTED,)))
    assert email(desk) == CORRECTED.email
    assert is_confirmed(desk)
    assert wished(desk) == ["13"], "whoever has read it takes the wish away"


def test_a_look_at_all_changes_confirms_no_state_of_which_there_are_two(desk: Desk) -> None:
    heard(desk, CORRECTED)
    looked = "UPDATE polls SET confirmed_at = :at WHERE noun IN ('orders', 'trash') RETURNING 1"
    assert len(desk.rows(looked, at=START)) == 2
    heard(desk, FIRST)
    assert not is_confirmed(desk)


def test_a_newer_state_is_believed(desk: Desk) -> None:
    newer = replace(FIRST, version=FIRST.version + timedelta(seconds=1))
    heard(desk, CORRECTED, FIRST, newer)
    assert is_confirmed(desk)
    heard(desk, CORRECTED, replace(newer, email="m@example.com"))
    assert not is_confirmed(desk)
    heard(desk, replace(newer, version=newer.version + timedelta(seconds=1)))
    assert is_confirmed(desk)


EARLIER = replace(FIRST, accepted_at=START)
NO_LINES = replace(FIRST, lines=())


@pytest.mark.parametrize(
    "batches",
    [
        ((FIRST,), (FIRST,), (FIRST, FIRST)),
        ((EARLIER,), (FIRST,), (FIRST,)),
        ((replace(FIRST, version=START), NO_LINES), (NO_LINES,)),
        ((FIRST,), (replace(FIRST, version=START, email="x@example.com"),)),
        ((FIRST,), (replace(FIRST, state=OrderState.CANCELLED),)),
        ((replace(FIRST, state=OrderState.CANCELLED),), (FIRST,)),
        ((replace(FIRST, paid_at=None), FIRST),),
    ],
    ids=("told twice", "taken on earlier", "emptied", "older", "called off", "it was", "paid"),
)
def test_what_says_the_same_or_is_told_apart_is_not_asked_about(desk: Desk, batches: Any) -> None:
    for orders in batches:
        heard(desk, *orders)
    assert wished(desk) == []
    assert is_confirmed(desk)


def test_what_was_read_is_not_read_again(desk: Desk) -> None:
    desk.read(Reading(orders=(FIRST,)))
    line = OrderLine("l2", "Shade", 1, 900)
    desk.read(Reading(orders=(CORRECTED,)), Reading(orders=(replace(FIRST, lines=(line,)),)))
    assert wished(desk) == []
    assert is_confirmed(desk)
