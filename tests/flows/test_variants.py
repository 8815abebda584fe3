"""Of several wordings each journey draws one, by chance alone, and keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows import engine
from flows.delays import days
from flows.events import Event, EventKind, OrderDelivered, OrderPlaced
from flows.experiments import drawn
from flows.export import flow_from_plain, flow_to_plain
from flows.facts import Facts, MailClass, Topic
from flows.flow import Flow
from flows.journey import JourneyStatus
from flows.person import Person
from flows.steps import Send, Wait
from flows.variants import Trial, Variant, second_subject
from tests.flows.pictures import ON, T0, facts

PLACED = Event(EventKind.ORDER_PLACED, "order:13:placed", "order:13", "13", T0)
PEOPLE = 4_000
THREE_DAYS = timedelta(days=3)
THREE = (
    Variant("plain", 20, "hello/hello"),
    Variant("warm", 30, "hello/warm"),
    Variant("bold", 50, "hello/bold"),
)
HELLO = Send("hello", "hello/hello", 48, variants=THREE)
AGAIN = Send("again", "hello/again", 48)
LATER = Wait("later", days(3))


def flow(*steps: Any, **other: Any) -> Flow:
    values: dict[str, Any] = {"trigger": OrderPlaced, "topic": Topic.TIPS, **other}
    return Flow("greeting", 1, MailClass.SERVICE, steps=steps or (HELLO, LATER, AGAIN), **values)


def of(person: str, *trials: Trial) -> Facts:
    return facts(person=Person(person), setting=replace(ON, trials=trials))


def trial(step: str = "again", number: int = 1, *, running: bool = True) -> Trial:
    return Trial(step, number, "en", "Another subject", running)


def subject_of(person: str, number: int) -> str:
    return dict(drawn(flow(), of(person, trial(number=number))))["again"]


def share_of(found: list[str]) -> dict[str, float]:
    return {key: count * 100 / len(found) for key, count in Counter(found).items()}


def test_every_variant_has_its_share() -> None:
    shares = share_of([dict(drawn(flow(), of(f"k{n}")))["hello"] for n in range(PEOPLE)])
    for one in THREE:
        assert abs(shares[one.key] - one.share) < 4 * (one.share * (100 - one.share) / PEOPLE) ** 0.5, shares


def test_the_same_person_draws_the_same_again_and_trials_are_independent() -> None:
    both = [(subject_of(f"k{n}", 1), subject_of(f"k{n}", 2)) for n in range(PEOPLE)]
    assert drawn(flow(), of("k1", trial())) == drawn(flow(), of("k1", trial()))
    for shares in (share_of([first for first, _ in both]), share_of([second for _, second in both])):
        assert all(abs(share - 50) < 4 for share in shares.values()), shares
    four = share_of([first[0] + second[0] for first, second in both])
    assert len(four) == 4 and all(abs(share - 25) < 4 for share in four.values()), four


def test_without_anything_to_try_nothing_is_drawn() -> None:
    assert drawn(flow(AGAIN), of("k1")) == ()
    assert drawn(flow(AGAIN), of("k1", trial(running=False))) == ()


def test_what_was_drawn_decides_the_mail_and_stays_with_the_journey() -> None:
    of_each: dict[str, str] = {}
    for n in range(40):
        begun = engine.start(flow(), PLACED, of(f"k{n}", trial()), T0)
        chosen = dict(begun.journey.variants)
        assert begun.messages[0].variant == chosen["hello"]
        of_each[chosen["hello"]] = begun.messages[0].template
        # The trial ends meanwhile, and another begins: neither is heard by whoever is under way.
        later = of(f"k{n}", trial(running=False), trial(number=2))
        rung = engine.advance(flow(), begun.journey, None, later, T0 + THREE_DAYS)
        assert rung.journey.status is JourneyStatus.DONE
        assert rung.messages[0].variant == chosen["again"] and chosen["again"] in ("a1", "b1")
        assert rung.journey.variants == begun.journey.variants
    assert of_each == {one.key: one.template for one in THREE}


def test_who_began_before_a_trial_takes_no_part() -> None:
    begun = engine.start(flow(LATER, AGAIN), PLACED, of("k1"), T0)
    rung = engine.advance(flow(LATER, AGAIN), begun.journey, None, of("k1", trial()), T0 + THREE_DAYS)
    assert rung.messages[0].variant is None


def test_a_variant_that_is_gone_leaves_the_steps_own_mail() -> None:
    assert HELLO.template_of("gone") == HELLO.template_of(None) == "hello/hello"
    assert HELLO.template_of("warm") == "hello/warm"


def test_only_the_second_subject_of_this_very_trial() -> None:
    trials = (trial(number=1, running=False), trial(number=2), trial("hello", 2))
    assert second_subject(trials, "again", "b1") == trials[0]
    assert second_subject(trials, "again", "a2") is None
    assert second_subject(trials, "again", None) is None
    assert second_subject(trials, "again", "b3") is None


def test_variants_are_written_down_and_read_again() -> None:
    assert flow_from_plain(flow_to_plain(flow())) == flow()
    assert "variants" not in flow_to_plain(flow(AGAIN))["steps"][0]


@pytest.mark.parametrize(
    ("variants", "problem"),
    [
        ((Variant("one", 100, "a/a"),), "or one alone"),
        ((Variant("one", 100, "a/a"), Variant("two", 0, "a/b")), "nobody gets"),
        ((Variant("one", 50, "a/a"), Variant("one", 50, "a/b")), "without a name of their own"),
        ((Variant("One!", 50, "a/a"), Variant("two", 50, "a/b")), "without a name of their own"),
        ((Variant("one", 50, "a/a"), Variant("two", 40, "a/b")), "not 100 per cent"),
    ],
)
def test_what_is_no_choice_is_refused(variants: tuple[Variant, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        flow(replace(HELLO, variants=variants))


ASK = Send("ask", "review_request/ask", 48)
WORDED = (Variant("a", 50, "review_request/ask"), Variant("b", 50, "review_request/nudge"))


def test_a_review_is_asked_for_in_other_words_but_always_asked_for() -> None:
    varied = flow(replace(ASK, variants=WORDED), trigger=OrderDelivered)
    assert varied.varied[0].variants == WORDED
    silent = (WORDED[0], Variant("b", 50, "hello/hello"))
    with pytest.raises(ValueError, match="leaves to chance who is asked"):
        flow(replace(ASK, variants=silent), trigger=OrderDelivered)
    hidden = (Variant("a", 50, "hello/hello"), Variant("b", 50, "review_request/ask"))
    with pytest.raises(ValueError, match="leaves to chance who is asked"):
        flow(replace(HELLO, variants=hidden), trigger=OrderDelivered)
