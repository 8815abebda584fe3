"""A merchant's sentence for every rule there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.words.rules import RULE_WORDS, condition_in_words, rules_in_words
from flows.conditions import Named, has_happened, is_gift, is_test, reviewed_within
from flows.events import OrderDelivered
from flows.presets import PRESETS
from flows.rules import RULES

FLOWS = Path(__file__).parents[3] / "flows"
NAMED = re.compile(r'Reason\(\s*"(\w+)"')


def test_every_rule_and_its_opposite_has_a_sentence() -> None:
    for rule in RULES.values():
        assert RULE_WORDS[rule.name]
        assert RULE_WORDS[rule.opposite]


def test_every_reason_that_the_code_gives_has_a_sentence() -> None:
    for name in ("guards", "engine", "walk", "conditions"):
        found = set(NAMED.findall((FLOWS / f"{name}.py").read_text("utf-8")))
        assert found
        assert found <= set(RULE_WORDS), name


def test_a_condition_is_said_with_its_numbers() -> None:
    assert rules_in_words(~reviewed_within(months=12)) == ("Something in it without a review in 12 months",)
    assert condition_in_words(has_happened(OrderDelivered)) == (
        "It has happened that the last parcel of an order has arrived"
    )
    assert rules_in_words(~is_gift & ~is_test) == ("Not a gift", "Not a test order")
    assert condition_in_words(is_gift | ~is_test) == "A gift or not a test order"
    assert rules_in_words(None) == ()
    assert condition_in_words(Named("stage_is", (("stage", "at_risk"),))) == "As a customer: at risk"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_no_sentence_keeps_a_gap(rule: object) -> None:
    name = str(getattr(rule, "name", ""))
    words = {"kind": "fast", "stage": "at_risk"}
    given = tuple(
        (key, words.get(key, "OrderPlaced") if kind is str else 3) for key, kind in RULES[name].arguments
    )
    for opposite in (False, True):
        sentence = condition_in_words(Named(name, given, opposite))
        assert "{" not in sentence
        assert sentence[0].isupper()


def test_every_preset_s_conditions_are_said() -> None:
    for flow in PRESETS:
        assert all(rules_in_words(flow.enter_if))
