"""What begins a journey, and what it runs for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flows import engine
from flows.conditions import began_with
from flows.delays import days
from flows.events import (
    Event,
    LinesRefunded,
    OrderCancelled,
    OrderPlaced,
    ParcelFailed,
    ParcelShipped,
)
from flows.facts import MailClass
from flows.flow import Flow
from flows.person import Person
from flows.steps import Branch, Send, Split, Wait
from tests.flows.pictures import MUG, T0, facts, picture, refund

NEWS = Flow(
    key="news",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="event",
    trigger=LinesRefunded,
    also=(ParcelFailed,),
    of_loss=True,
    steps=(
        Split(
            "which",
            (
                Branch((Send("refund", "x/refund", 24),), began_with(LinesRefunded)),
                Branch((Wait("a_day", days(1)), Send("trouble", "x/trouble", 24)), began_with(ParcelFailed)),
            ),
        ),
    ),
)
REFUND = Event(LinesRefunded, "refund:1", "order:13", "13", T0)
FAILED = Event(ParcelFailed, "parcel:9:failed", "parcel:9", "13", T0, "9")


def test_each_happening_takes_its_own_branch() -> None:
    given_back = facts(picture(refunds=(refund((MUG, 1), at=T0),)))
    (mail,) = engine.start(NEWS, REFUND, given_back, T0).messages
    assert mail.step == "refund"
    waiting = engine.start(NEWS, FAILED, facts(), T0)
    assert (waiting.journey.step, waiting.messages) == ("a_day", ())
    later = engine.advance(NEWS, waiting.journey, None, facts(), waiting.journey.wake_at or T0)
    assert [one.step for one in later.messages] == ["trouble"]


def test_what_does_not_begin_it_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not start"):
        engine.start(NEWS, Event(OrderPlaced, "order:13:placed", "order:13", "13", T0), facts(), T0)


def test_what_a_journey_runs_for() -> None:
    ada = replace(facts(), person=Person(key="ab12"))
    once = replace(NEWS, per="person", trigger=OrderPlaced, also=(), steps=(Send("hello", "x/hello", 24),))
    placed = Event(OrderPlaced, "order:13:placed", "order:13", "13", T0)
    assert NEWS.subject_of(REFUND, ada) == "refund:1"
    assert NEWS.subject_of(FAILED, ada) == "parcel:9:failed"
    assert once.subject_of(placed, ada) == "person:ab12"
    assert once.subject_of(placed, facts()) == "order:13", "nobody knows whom it is about"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"per": "order", "also": ()}, None),
        ({"per": "order", "also": (OrderCancelled,)}, "runs for each of them"),
        ({"exit_on": (ParcelFailed,)}, "starts and ends it"),
        ({"per": "person", "trigger": ParcelShipped, "also": ()}, "does not start a journey per person"),
        ({"per": "nobody"}, "does not start a journey per nobody"),
        ({"trigger": OrderCancelled}, None),
    ],
)
def test_what_can_be_said_and_what_cannot(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        changed = replace(NEWS, **changes)
        assert changed.triggers == frozenset((changed.trigger, *changed.also))
        return
    with pytest.raises(ValueError, match=problem):
        replace(NEWS, **changes)
