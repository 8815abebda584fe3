"""A refund that a merchant deletes again in WooCommerce: who names all of them tells it by silence."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import Reading
from flows.commerce import Refund
from tests.app.desk import Desk, an_order


def told(desk: Desk, minute: int, *ids: str, whole: bool = True) -> Reading:
    order = an_order(id="13", at=desk.now + timedelta(minutes=minute))
    return Reading(
        orders=(order,),
        refunds=tuple(Refund(one, "13", order.version, 500) for one in ids),
        all_refunds_of=("13",) if whole else (),
    )


def counted(desk: Desk) -> list[str]:
    return [row.id for row in desk.rows("SELECT id FROM refunds WHERE order_id = '13' ORDER BY id")]


def test_one_that_is_named_no_longer_counts_no_longer(desk: Desk) -> None:
    desk.read(told(desk, 1, "a", "b"))
    desk.read(told(desk, 2, "b"))
    assert counted(desk) == ["b"]
    desk.read(told(desk, 3))
    assert counted(desk) == []


def test_deleting_does_not_change_the_order_in_the_shop(desk: Desk) -> None:
    desk.read(told(desk, 1, "a"))
    desk.read(told(desk, 1))
    assert counted(desk) == []


def test_an_older_state_neither_takes_nor_brings_back(desk: Desk) -> None:
    desk.read(told(desk, 5, "a"))
    desk.read(told(desk, 4))
    assert counted(desk) == ["a"]
    desk.read(told(desk, 6))
    desk.read(told(desk, 5, "a"))
    assert counted(desk) == []


def test_several_states_in_one_batch(desk: Desk) -> None:
    desk.read(told(desk, 3, "b"), told(desk, 2, "a", "b"), told(desk, 1, "a"))
    assert counted(desk) == ["b"]


def test_who_names_some_of_them_takes_none_back(desk: Desk) -> None:
    desk.read(told(desk, 1, "a"))
    desk.read(told(desk, 2, "b", whole=False))
    assert counted(desk) == ["a", "b"]


def test_refunds_of_another_order_stay(desk: Desk) -> None:
    other = Refund("z", "14", desk.now, 500)
    desk.read(Reading(orders=(an_order(id="14", at=desk.now),), refunds=(other,)))
    desk.read(told(desk, 1, "a"))
    desk.read(told(desk, 2))
    assert [row.id for row in desk.rows("SELECT id FROM refunds")] == ["z"]
