from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from flows.conditions import Condition, has_reviewable_line, is_first_order, is_gift, scored_at_least
from flows.delays import by_product_kind, days, hours, knob, local_time
from flows.events import (
    LinkClicked,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    ParcelDelivered,
    ParcelShipped,
    ReviewSubmitted,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Branch, Knob, Send, Split, Step, Wait, WaitFor

ASK = Send("ask", "review_request/ask", late_hours=12)
HELLO = Send("hello", "hello/hello", late_hours=12)


def flow(*steps: Step, **other: Any) -> Flow:
    values: dict[str, Any] = {
        "key": "trial",
        "version": 1,
        "mail_class": MailClass.SERVICE,
        "trigger": OrderDelivered,
        **other,
    }
    if values["mail_class"] is not MailClass.TRANSACTIONAL:
        values.setdefault("topic", Topic.REVIEWS)
    return Flow(steps=steps or (HELLO,), **values)


def a_knob(key: str = "turn", default: int = 2, lowest: int = 0, highest: int = 20) -> Knob:
    return Knob(key, default, lowest, highest, "Days until hello")


TURNED = Wait("w", days(knob("turn")))


@pytest.mark.parametrize(
    ("steps", "other", "problem"),
    [
        ((Wait("w", days(1)),), {}, "nothing is sent"),
        ((HELLO, HELLO), {}, "two steps are called 'hello'"),
        ((HELLO, Split("s", (Branch((HELLO,)),))), {}, "two steps are called 'hello'"),
        ((Wait("Wait!", days(1)), HELLO), {}, "no name"),
        ((HELLO,), {"key": "a b"}, "no name"),
        ((HELLO,), {"version": 0}, "versions count from 1"),
        ((HELLO,), {"trigger": ParcelShipped}, "per order"),
        ((HELLO,), {"per": "parcel"}, "per parcel"),
        ((HELLO,), {"per": "customer"}, "per customer"),
        ((HELLO,), {"exit_on": (OrderDelivered,)}, "starts and ends"),
        ((HELLO,), {"goal": OrderDelivered}, "starts and ends"),
        ((WaitFor("w", OrderCancelled, days(1)), HELLO), {"exit_on": (OrderCancelled,)}, "ends the journey"),
        ((WaitFor("w", ReviewSubmitted, days(1)), HELLO), {"goal": ReviewSubmitted}, "ends the journey"),
        ((TURNED, HELLO), {}, "no knob 'turn'"),
        ((WaitFor("w", LinkClicked, hours(knob("turn"))), HELLO), {}, "no knob 'turn'"),
        ((Wait("w", days(1), at=local_time(knob("turn"))), HELLO), {}, "no knob 'turn'"),
        (
            (
                Wait(
                    "w",
                    by_product_kind(fast=days(1), standard=days(1), complex=days(1), long=days(knob("turn"))),
                ),
                HELLO,
            ),
            {},
            "no knob 'turn'",
        ),
        ((HELLO,), {"knobs": (a_knob(),)}, "turns nothing"),
        ((TURNED, HELLO), {"knobs": (a_knob(), a_knob())}, "two knobs"),
        ((TURNED, HELLO), {"knobs": (a_knob(default=21),)}, "default"),
        ((TURNED, HELLO), {"knobs": (a_knob(lowest=-1),)}, "beyond"),
        ((TURNED, HELLO), {"knobs": (a_knob(highest=10_001),)}, "beyond"),
        (
            (Wait("w", days(1), at=local_time(knob("turn"))), HELLO),
            {"knobs": (a_knob(highest=24),)},
            "beyond 0 to 23",
        ),
        ((Send("hello", "hello/hello", late_hours=0),), {}, "how late"),
        ((Split("s", ()), HELLO), {}, "splits into nothing"),
        ((Split("s", (Branch(()),)), HELLO), {}, "splits into nothing"),
        ((Split("s", (Branch((HELLO,)), Branch((ASK,), is_gift))),), {}, "only the last branch"),
        ((HELLO,), {"replaced": (("hello", ""),)}, "cannot be replaced"),
        ((HELLO,), {"replaced": (("old", "nowhere"),)}, "cannot be replaced"),
    ],
)
def test_a_wrong_flow_cannot_exist(steps: tuple[Step, ...], other: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        flow(*steps, **other)
    assert "flow " in str(caught.value)


def test_a_parcel_starts_a_journey_per_parcel() -> None:
    assert flow(trigger=ParcelDelivered, per="parcel").per == "parcel"


HAPPY = scored_at_least(9)
GATES: list[Condition] = [
    HAPPY,
    ~HAPPY,
    has_reviewable_line & HAPPY,
    has_reviewable_line | ~HAPPY,
    ~(is_gift & (is_first_order | HAPPY)),
]
PLACES = [
    "enter",
    "ask",
    "wait",
    "wait_for",
    "split",
    "branch",
    "other_branch",
    "earlier_mail",
    "later_mail",
    "inner",
]


def gated(place: str, gate: Condition) -> Flow:
    """A flow that asks for a review, with the condition in one of the places that a flow has for one."""
    at = {name: gate if name == place else None for name in PLACES}
    inner = Split("inner", (Branch((ASK,), at["inner"]),))
    return flow(
        Send("hello", "hello/hello", 12, when=at["earlier_mail"]),
        Wait("wait", days(1), when=at["wait"]),
        WaitFor("click", LinkClicked, days(1), when=at["wait_for"]),
        Split(
            "split",
            (
                Branch((Send("gift", "hello/gift", 12),), at["other_branch"] or is_gift),
                Branch((inner, Send("more", "review_request/nudge", 12, when=at["ask"])), at["branch"]),
            ),
            when=at["split"],
        ),
        Send("bye", "hello/bye", 12, when=at["later_mail"]),
        enter_if=at["enter"],
    )


@pytest.mark.parametrize(("place", "gate"), list(product(PLACES, GATES)))
def test_no_flow_asks_only_the_content_for_a_review(place: str, gate: Condition) -> None:
    with pytest.raises(ValueError, match="sentiment"):
        gated(place, gate)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_sentiment_may_stand_everywhere(place: str) -> None:
    assert gated(place, is_first_order).nodes


def test_sentiment_may_choose_other_mails() -> None:
    assert flow(Send("thanks", "referral/invite", 12, when=HAPPY)).nodes


def test_a_knob_keeps_within_its_bounds() -> None:
    turn = a_knob()
    assert [turn.accepts(value) for value in (0, 20, -1, 21, "5", True, 5.0, None)] == [True, True] + [
        False
    ] * 6
    assert turn.value_in({"turn": 7}) == 7
    assert turn.value_in({}) == 2
    assert turn.value_in({"turn": 400}) == 2
    assert turn.value_in({"turn": True}) == 2


def test_the_ways_through_a_flow() -> None:
    made = flow(
        Send("a", "x/a", 1),
        Split(
            "s", (Branch((Send("b", "x/b", 1), Send("c", "x/c", 1)), is_gift), Branch((Send("d", "x/d", 1),)))
        ),
        Send("e", "x/e", 1),
    )
    ways = {key: node.then.step.key if node.then else None for key, node in made.nodes.items()}
    assert ways == {"a": "s", "s": "e", "b": "c", "c": "e", "d": "e", "e": None}
    assert made.first is made.nodes["a"]
    assert [entry.step.key for _, entry in made.nodes["s"].branches if entry] == ["b", "d"]


def test_goal_and_exits_end_a_flow_once() -> None:
    made = flow(goal=ReviewSubmitted, exit_on=(OrderCancelled, ReviewSubmitted))
    assert made.ends_on == (ReviewSubmitted, OrderCancelled)


def test_equal_definitions_are_equal_flows() -> None:
    assert flow(trigger=OrderPlaced) == flow(trigger=OrderPlaced)
    assert hash(flow()) == hash(flow())
    assert flow() != flow(version=2)


def test_only_what_nobody_may_leave_has_no_topic() -> None:
    with pytest.raises(ValueError, match="topic"):
        flow(topic=None)
    with pytest.raises(ValueError, match="topic"):
        flow(mail_class=MailClass.TRANSACTIONAL, topic=Topic.TIPS)
