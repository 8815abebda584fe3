"""Who is asked for a review, when, and what ends the asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.events import Event, EventKind, ReviewSubmitted, Unsubscribed
from tests.flows.pictures import BEANS, MUG, T0, line, order, picture, refund
from tests.flows.presets.four import ARRIVED, DAY, YEAR, asked, delivered, life


@pytest.mark.parametrize(
    ("names", "day"),
    [
        (["beans"], "03-09"),
        (["mug"], "03-15"),
        (["beans", "mug"], "03-15"),
        (["beans", "grinder"], "03-22"),
        (["sofa", "beans"], "04-19"),
    ],
)
def test_when_a_review_is_asked_for(names: list[str], day: str) -> None:
    """The 4th, 10th, 17th or 45th local day after the delivery of 5 March, at ten."""
    told = life(picture(order(*(line(name) for name in names))))
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert asked(told)[0] == f"ask {day} 10:00"


def test_a_delivery_late_at_night_counts_from_its_local_day() -> None:
    told = life()
    late = datetime(2026, 3, 6, 5, 30, tzinfo=UTC)
    told.see(delivered(told.picture, late), late)
    told.run_until(T0 + YEAR)
    assert asked(told)[0] == "ask 03-15 10:00", "23:30 of the 5th in Chicago, the 6th in UTC"


def test_a_partial_refund_drops_its_line_and_the_rest_is_asked() -> None:
    told = life(picture(order(MUG, BEANS)))
    told.see(delivered(told.picture), ARRIVED)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + 5 * DAY, amount=1000),)), T0 + 5 * DAY)
    told.run_until(T0 + YEAR)
    assert [step.split()[0] for step in asked(told)] == ["ask", "nudge", "last"]


def test_a_refund_of_every_line_but_the_shipping_ends_the_asking() -> None:
    told = life(picture(order(MUG, total=1500)))
    told.see(delivered(told.picture), ARRIVED)
    told.see(replace(told.picture, refunds=(refund((MUG, 1), at=T0 + 5 * DAY, amount=1000),)), T0 + 5 * DAY)
    told.run_until(T0 + YEAR)
    assert asked(told) == []
    assert told.journey("review_request").end_reason == "has_reviewable_line"


@pytest.mark.parametrize("kind", [ReviewSubmitted, Unsubscribed])
def test_an_answer_or_a_goodbye_ends_the_asking(kind: EventKind) -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(ARRIVED + 11 * DAY)
    told.hear([Event(kind, f"order:13:{kind.value}", "order:13", "13", told.now)])
    told.run_until(T0 + YEAR)
    assert asked(told) == ["ask 03-15 10:00"]
    assert told.journey("review_request").end_reason == kind.value


def test_a_gift_is_not_asked_about() -> None:
    told = life(picture(order(is_gift=True)))
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert asked(told) == []
    assert told.journey("review_request").end_reason == "not_a_gift"
    assert told.steps_sent("delivered")


def test_who_reviewed_it_this_year_is_not_asked_again() -> None:
    told = life()
    told.other_facts = {"reviewed_products": {"p-mug": T0 - 200 * DAY}}
    told.see(delivered(told.picture), ARRIVED)
    assert told.journey("review_request").end_reason == "not_reviewed_within"


def test_while_a_complaint_is_open_nobody_asks() -> None:
    told = life()
    told.other_facts = {"open_complaint": True}
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(T0 + YEAR)
    assert asked(told) == []


def test_once_a_complaint_is_settled_they_are_asked_like_everybody_else() -> None:
    told = life()
    told.see(delivered(told.picture), ARRIVED)
    told.run_until(ARRIVED + 9 * DAY)
    told.other_facts = {"open_complaint": True}
    told.run_until(ARRIVED + 12 * DAY)
    assert asked(told) == []
    told.other_facts = {}
    told.run_until(T0 + YEAR)
    assert [one.split()[0] for one in asked(told)] == ["ask", "nudge", "last"]


def test_everybody_is_asked_the_same_way() -> None:
    """Whatever somebody answered before: the same mails at the same instants."""
    heard = []
    for score in (None, *range(11)):
        told = life()
        told.other_facts = {"last_score": score}
        told.see(delivered(told.picture), ARRIVED)
        told.run_until(T0 + YEAR)
        heard.append(told.sent)
    assert all(sent == heard[0] for sent in heard)
    assert len(heard[0]) == 6
