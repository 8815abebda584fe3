"""Every story of what a store can say of an order's parcels, each state of it read again and again: what was
read is read the same the next time, and each parcel that leaves is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from app.services.order_parcels import OrderParcels
from flows.commerce import Parcel, ParcelStatus
from flows.events import EventKind, events_that_hold
from flows.picture import OrderPicture
from tests.app.desk import START, an_order

State = tuple[str, ...]
Shipped = frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """`shipped`: what was ever put on record; `same`: no state was read otherwise the second time."""

    states: tuple[State, ...]
    order: OrderParcels
    shipped: Shipped
    same: bool = True


# "": completed, without a number. "A": a number of a plugin. "F1": a fulfilment, "F1A": one that bears a
# number, "F1A off": one that was called off.
ONE: list[State] = [("",), ("A",), ("B",), ("F1",), ("F1A",), ("F1B",)]
TWO: list[State] = [("A", "B"), ("F1A", "F2B"), ("A", "F2B"), ("B", "F1A")]
MORE: list[State] = [
    *((), ("A", "F1"), ("A", "F1B"), ("F1A", "F2A"), ("F1", "F2"), ("F1", "F2A"), ("A", "B", "F1")),
    *(("F1A off",), ("F1A off", "A"), ("F1A off", "F2A")),
]


def _stories(states: list[State], most: int = 3) -> Iterator[Story]:
    """Every one with up to so many states, each state read twice: what is the same after the second time is
    so ever after."""
    stories = [Story((), OrderParcels(), frozenset())]
    for minute in range(most):
        stories = [_told(story, state, minute) for story, state in product(stories, states)]
        yield from stories


def _told(before: Story, state: State, minute: int) -> Story:
    order = OrderParcels(dict(before.order.held), before.order.newest)
    shipped = _read(order, state, minute)
    once = dict(order.held)
    again = _read(order, state, minute)
    same = before.same and (shipped, once) == (again, order.held)
    return Story((*before.states, state), order, before.shipped | shipped | again, same)


def _read(order: OrderParcels, state: State, minute: int) -> Shipped:
    """What is on record by then: that they left."""
    at = START + timedelta(minutes=minute)
    order.hear([_parcel(word, minute) for word in state], at, all_of_it=True)
    picture = OrderPicture(an_order(), tuple(order.held.values()))
    return frozenset(one.key for one in events_that_hold(picture) if one.kind is EventKind.PARCEL_SHIPPED)


def _parcel(word: str, minute: int) -> Parcel:
    at = START + timedelta(minutes=minute)
    name, _, off = word.partition(" ")
    own = name.startswith("F")
    return Parcel(
        id=f"13:fulfillment-{name[1]}" if own else f"13:{name or 'completed'}",
        order_id="13",
        version=at,
        status=ParcelStatus.CANCELLED if off else ParcelStatus.SHIPPED,
        tracking_number=name[2:] if own else name,
        shipped_at=at,
        nameless=not own,
    )


def test_what_was_read_is_read_the_same_the_next_time() -> None:
    assert [story.states for story in _stories([*ONE, *TWO, *MORE]) if not story.same] == []


@pytest.mark.parametrize("states", [ONE, [("",), ("A",), ("B",), ("F1A",), *TWO]])
def test_as_many_are_told_as_there_ever_were(states: list[State]) -> None:
    for story in _stories(states):
        assert len(story.shipped) == max(map(len, story.states)), story.states


def test_its_name_is_remembered_while_its_number_tells_of_it() -> None:
    order, shipped = OrderParcels(), Shipped()
    for minute, state in enumerate([("A",), ("F1A",), ("A",), ("F1B", "F2C")]):
        shipped |= _read(order, state, minute)
    assert shipped == {"parcel:13:A:shipped", "parcel:13:fulfillment-2:shipped"}
