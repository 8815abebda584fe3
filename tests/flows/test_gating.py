"""Nobody can write a flow that asks the content alone for a review: sixty ways to try, each refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from flows.conditions import (
    Condition,
    has_happened,
    has_reviewable_line,
    has_words,
    is_first_order,
    is_gift,
    knob_is_on,
    open_complaint,
    orders_at_most,
    scored_at_least,
    stars_at_least,
)
from flows.delays import days, knob
from flows.events import EventKind, LinkClicked, OrderDelivered, OrderPlaced, ParcelDelivered, ReviewSubmitted
from flows.export import flow_from_plain, flow_to_plain
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.presets import PRESETS, preset
from flows.rules import RULES
from flows.steps import Branch, Knob, KnobKind, Send, Split, Step, Wait, WaitFor
from flows.variants import Variant
from tests.flows.pictures import T0, facts
from tests.proof import Figure

ASK = Send("ask", "review_request/ask", late_hours=12)
NUDGE = Send("nudge", "review_request/nudge", late_hours=12)
THANKS = Send("thanks", "review_reply/share", late_hours=12)
SORRY = Send("sorry", "review_reply/put_right", late_hours=12)
GIFT = Send("gift", "review_reply/share", late_hours=12, offer=Offer(Gives.PERCENT, 10, 30))
PAUSE = Wait("pause", days(4))
AWAITED = WaitFor("it", ReviewSubmitted, days(9))
REPLY = {"trigger": ReviewSubmitted}
HAPPY, STARRY = scored_at_least(9), stars_at_least(4)
SWITCH = Knob("only_happy", 0, 0, 1, "Ask those alone who are content", KnobKind.YES_NO)


def flow(*steps: Step, **other: Any) -> Flow:
    values: dict[str, Any] = {
        "key": "trial",
        "version": 1,
        "mail_class": MailClass.SERVICE,
        "topic": Topic.REVIEWS,
        "trigger": OrderDelivered,
        **other,
    }
    return Flow(steps=steps, **values)


def two(when: Condition | None, *steps: Step, key: str = "split") -> Split:
    return Split(key, (Branch(steps, when), Branch((Send(f"else_{key}", "trial/other", 12),))))


# By how it is tried: steps, what else the flow says, and where the refusal points.
Gate = tuple[tuple[Step, ...], Mapping[str, Any], str]


def gates(feel: Condition) -> Iterator[tuple[str, Gate]]:
    """The ways to make `feel` decide who is asked."""
    yield "at the door", ((ASK,), {"enter_if": feel}, "on entering")
    yield "at the door, against", ((ASK,), {"enter_if": ~feel}, "on entering")
    yield "at the door, among others", ((ASK,), {"enter_if": has_reviewable_line & feel}, "on entering")
    yield "at the door, or else", ((ASK,), {"enter_if": is_first_order | ~feel}, "on entering")
    yield (
        "at the door, deep inside",
        ((ASK,), {"enter_if": ~(is_gift & (is_first_order | feel))}, "on entering"),
    )
    yield "at the question", ((replace(ASK, when=feel),), {}, "step 'ask'")
    yield "at the question, against", ((replace(ASK, when=~feel),), {}, "step 'ask'")
    yield "at the second question", ((ASK, PAUSE, replace(NUDGE, when=feel)), {}, "step 'nudge'")
    yield "earlier for the content", ((replace(PAUSE, when=~feel), ASK), {}, "step 'pause'")
    late = WaitFor("late", LinkClicked, days(30), when=~feel)
    yield "later for the others", ((late, ASK), {}, "step 'late'")
    yield "on one way of a split", ((two(feel, ASK),), {}, "branch 1 of 'split'")
    yield "on the other way", ((Split("split", (Branch((THANKS,), feel), Branch((ASK,)))),), {}, "branch 1")
    yield "behind a split", ((two(feel, THANKS), ASK), {}, "branch 1 of 'split'")
    yield "a split for some alone", ((replace(two(is_gift, ASK), when=feel),), {}, "step 'split'")
    yield "a split within a split", ((two(is_gift, two(feel, ASK, key="inner")),), {}, "branch 1 of 'inner'")
    yield "two splits apart", ((two(feel, PAUSE), two(is_gift, ASK, key="next")), {}, "branch 1 of 'split'")
    yield "a mail before it for some", ((replace(THANKS, when=feel), PAUSE, ASK), {}, "step 'thanks'")
    yield "a mail after it for some", ((ASK, PAUSE, replace(SORRY, when=~feel)), {}, "step 'sorry'")
    yield (
        "a knob that is meant for it",
        (
            (two(knob_is_on("only_happy") & feel, ASK),),
            {"knobs": (SWITCH,)},
            "branch 1 of 'split'",
        ),
    )
    yield (
        "a knob or contentment",
        (
            (ASK,),
            {"enter_if": ~knob_is_on("only_happy") | feel, "knobs": (SWITCH,)},
            "on entering",
        ),
    )
    yield (
        "in a marketing flow",
        ((replace(ASK, when=feel),), {"mail_class": MailClass.MARKETING}, "step 'ask'"),
    )
    yield (
        "in a flow of parcels",
        (
            (replace(ASK, when=feel),),
            {"per": "parcel", "trigger": ParcelDelivered},
            "step 'ask'",
        ),
    )
    words = (Variant("a", 50, "review_request/ask"), Variant("b", 50, "review_request/nudge"))
    yield "at one wording of the question", ((replace(ASK, when=feel, variants=words),), {}, "step 'ask'")
    hidden = replace(THANKS, when=feel, variants=words)
    yield "a question that stands in a variant", ((hidden,), {}, "step 'thanks'")
    yield "a reward for the content, asked", ((replace(ASK, when=feel, offer=GIFT.offer),), {}, "step 'ask'")
    yield "in the answer to a review", ((two(feel, THANKS, ASK),), REPLY, "branch 1 of 'split'")
    yield "days after the answer", ((two(feel, THANKS), PAUSE, ASK), REPLY, "branch 1 of 'split'")


REWARDS: list[tuple[str, Gate]] = [
    ("a reward for many stars", ((two(STARRY, GIFT),), REPLY, "would reward")),
    ("a reward for few stars", ((two(~STARRY, GIFT),), REPLY, "would reward")),
    ("a reward for who is content", ((replace(GIFT, when=HAPPY),), REPLY, "would reward")),
    ("thanks by stars, then a reward", ((two(STARRY, THANKS), PAUSE, GIFT), REPLY, "reward")),
    ("awaited, then rewarded", ((AWAITED, two(STARRY, GIFT)), {}, "would reward")),
    ("at the door", ((GIFT,), {**REPLY, "enter_if": STARRY}, "would reward")),
]
REASONS: list[tuple[str, Gate]] = [
    (f"because of {kind.value}", ((ASK,), {"trigger": kind}, f"not because of {kind.value}"))
    for kind in (ReviewSubmitted, OrderPlaced, EventKind.ORDERED_AGAIN, EventKind.SURPRISE_DRAWN)
]
VARIANTS: dict[str, Gate] = {
    **{f"score: {name}": gate for name, gate in gates(HAPPY)},
    **{f"stars: {name}": gate for name, gate in gates(STARRY)},
    **dict(REWARDS),
    **dict(REASONS),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_flow_asks_by_sentiment(variant: str) -> None:
    steps, other, place = VARIANTS[variant]
    with pytest.raises(ValueError) as refused:
        flow(*steps, **other)
    assert place in str(refused.value)
    assert any(word in str(refused.value) for word in ("sentiment", "reward", "arrived"))


def test_there_are_fifty_ways_and_more(figure: Figure) -> None:
    assert len(VARIANTS) >= 50
    figure("gating variants refused", len(VARIANTS))


HONEST: dict[str, tuple[tuple[Step, ...], Mapping[str, Any]]] = {
    "who has a product to review": ((ASK,), {"enter_if": has_reviewable_line & ~is_gift & ~open_complaint}),
    "first orders alone": ((two(is_first_order, ASK),), {}),
    "who has not answered": (
        (
            ASK,
            WaitFor("answer", ReviewSubmitted, days(3)),
            replace(NUDGE, when=~has_happened(ReviewSubmitted)),
        ),
        {},
    ),
    "who has words": ((replace(ASK, when=has_words("guide") & orders_at_most(2)),), {}),
    "later, by a knob": (
        (Wait("pause", days(knob("turn"))), ASK),
        {"knobs": (Knob("turn", 4, 1, 30, "Days"),)},
    ),
    "a reward for everybody who is asked": ((replace(ASK, offer=GIFT.offer),), {}),
    "a reward for every review": ((GIFT,), {"trigger": ReviewSubmitted}),
    "an apology by stars": ((two(STARRY, THANKS), SORRY), {"trigger": ReviewSubmitted}),
    "an offer by contentment that no review is part of": ((replace(GIFT, when=HAPPY),), {}),
    "for each parcel": ((ASK,), {"per": "parcel", "trigger": ParcelDelivered}),
}


@pytest.mark.parametrize("variant", HONEST)
def test_what_is_honest_is_accepted(variant: str) -> None:
    steps, other = HONEST[variant]
    assert flow(*steps, **other).nodes


def test_a_flow_that_is_brought_as_text_is_looked_at_as_well() -> None:
    plain = flow_to_plain(preset("review_request"))
    assert flow_from_plain(plain) == preset("review_request")
    plain["steps"][1]["when"] = {"stars_at_least": {"stars": 4}}
    with pytest.raises(ValueError, match="step 'ask': 'stars_at_least' would choose by sentiment"):
        flow_from_plain(plain)


ARGUMENTS = {str: "guide", int: 4}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_that_knows_how_content_somebody_is_says_so(rule: Any) -> None:
    """No rule may tell it under another name: what no other rule answers by is the stars and the score."""
    given = {name: "OrderPlaced" if name == "event" else ARGUMENTS[kind] for name, kind in rule.arguments}
    answers = {
        rule.look(facts(stars=stars, last_score=score), T0, given)
        for stars in (None, 1, 2, 3, 4, 5)
        for score in (None, 0, 5, 10)
    }
    assert (len(answers) > 1) is rule.sentiment


def test_the_answer_to_a_review_asks_nobody_for_another() -> None:
    reply = preset("review_reply")
    assert not [step for step in reply.nodes.values() if "review_request" in str(step.step)]
    assert not [flow.key for flow in PRESETS if flow.key != "review_request" and _asks(flow)]


def _asks(flow: Flow) -> bool:
    return any("review_request/" in str(node.step) for node in flow.nodes.values())
