"""What the table of consent found, as a merchant reads it beside a mail."""

from __future__ import annotations

from dataclasses import fields
from itertools import product

import pytest

from app.words.consent_said import CHOICE_WORDS
from app.words.reasons import REASONS
from app.words.values import Known, lines_of
from flows.consent import ALLOWS, Ground, Kind, Region, State
from flows.consent_choices import ConsentChoices
from flows.facts import Reason

KNOWN = Known("Europe/Berlin")


def value(state: State, ground: Ground, kind: Kind, region: Region) -> str:
    found = Reason(
        "law_allows", ground in ALLOWS, f"{state.value}; {ground.value}", f"{kind.value} in {region.value}"
    )
    (line,) = lines_of([found], KNOWN)
    assert line.label == "The law lets this mail be sent to them"
    return line.value


def test_no_name_of_the_table_is_shown_as_it_is() -> None:
    names = {one.value for kind in (State, Ground, Region) for one in kind if "_" in one.value}
    for state, ground, region in product(State, Ground, Region):
        said = value(state, ground, Kind.REVIEW, region)
        assert said[0].isupper()
        assert not any(name in said for name in names), said


@pytest.mark.parametrize(
    ("state", "ground", "region", "said"),
    [
        (
            State.UNKNOWN,
            Ground.CUSTOMER,
            Region.EUROPE,
            "Never asked; a customer, with a way out in every mail; Europe",
        ),
        (State.SUBSCRIBED, Ground.AGREED, Region.CANADA, "Agreed to mails in the shop; Canada"),
        (
            State.NOT_SUBSCRIBED,
            Ground.CONSENT,
            Region.ELSEWHERE,
            "Never agreed, never unsubscribed; a country whose law we do not know",
        ),
    ],
)
def test_the_value_says_who_why_and_where(state: State, ground: Ground, region: Region, said: str) -> None:
    assert value(state, ground, Kind.TIPS, region) == said


def test_every_refusal_has_a_sentence_and_every_choice_its_words() -> None:
    assert {ground.value for ground in Ground} - ALLOWS <= set(REASONS)
    assert set(CHOICE_WORDS) == {one.name for one in fields(ConsentChoices)}
