"""What sells stands in a mail about an order only for whoever said yes to offers."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from flows.consent import Region, State, carries_promotion
from flows.consent_choices import ConsentChoices
from flows.facts import MailClass, Topic
from tests.flows.consent_grid import ALL_CHOICES, person
from tests.flows.pictures import T0

T, S, M = MailClass.TRANSACTIONAL, MailClass.SERVICE, MailClass.MARKETING
GONE = {State.UNSUBSCRIBED, State.REDACTED, State.INVALID}


@pytest.mark.parametrize("choices", ALL_CHOICES, ids=str)
def test_by_state_in_every_region(choices: ConsentChoices) -> None:
    for region, state in product(Region, State):
        facts = person(region, state, choices)
        said_yes = state is State.SUBSCRIBED and not choices.double_opt_in
        assert carries_promotion(T, facts, T0) is said_yes, (region, state)
        assert carries_promotion(S, facts, T0) is (state not in GONE), (region, state)
        assert carries_promotion(M, facts, T0)


def test_a_yes_that_is_confirmed_is_one_where_it_has_to_be() -> None:
    choices = ConsentChoices(double_opt_in=True)
    facts = person(Region.EUROPE, State.SUBSCRIBED, choices, consent_confirmed=True)
    assert carries_promotion(T, facts, T0)


@pytest.mark.parametrize(
    "left", [{"left_topics": frozenset({Topic.OFFERS})}, {"unsubscribed": frozenset({M})}]
)
def test_whoever_left_offers_finds_none_in_other_mails(left: dict[str, Any]) -> None:
    facts = person(Region.UNITED_STATES, State.SUBSCRIBED, **left)
    assert not carries_promotion(T, facts, T0)
    assert not carries_promotion(S, facts, T0)


def test_other_topics_are_no_matter() -> None:
    facts = person(Region.UNITED_STATES, State.SUBSCRIBED, left_topics=frozenset({Topic.REVIEWS}))
    assert carries_promotion(T, facts, T0)
