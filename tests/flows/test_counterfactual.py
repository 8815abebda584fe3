"""Which single change turns an outcome: against every change there is, on trees of any shape."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flows.counterfactual import FACTS, Counterfactual, counterfactual, fact_of, leaves_of
from flows.events import EventKind
from flows.facts import Reason
from flows.guards import no_sign_of
from flows.rules import RULES

NAMED = re.compile(r'Reason\(\s*"(\w+)"')
FLOWS = Path(__file__).parents[2] / "flows"
# What tells how a journey moved, and decides nothing by itself.
TOLD = {"all", "any", "step_applies", "sends", "waits", "takes_branch"}

GIFT = Reason("not_a_gift", False, "a gift", "not a gift")
TEST = Reason("not_a_test", False, "a test", "a real order")
OPEN = Reason("open_complaint", True, "one is open", "one is open")
NONE_OPEN = Reason("no_open_complaint", False, "one is open", "none is open")
OFF = Reason("flow_is_on", False, "off", "on")
ON = Reason("flow_is_on", True, "on", "on")


def all_of(*parts: Reason) -> Reason:
    return Reason("all", all(part.passed for part in parts), parts=parts)


def any_of(*parts: Reason) -> Reason:
    return Reason("any", any(part.passed for part in parts), parts=parts)


def alone(*reasons: Reason) -> list[str]:
    return [change.fact for change in counterfactual(reasons).alone]


def together(*reasons: Reason) -> list[str]:
    return [change.fact for change in counterfactual(reasons).together]


def test_one_refusal_is_the_single_change() -> None:
    assert alone(ON, GIFT) == ["order.is_gift"]
    assert alone(ON, all_of(GIFT, OPEN)) == ["order.is_gift"]


def test_several_independent_refusals_have_no_single_change() -> None:
    assert alone(OFF, all_of(GIFT, OPEN)) == []
    assert together(OFF, all_of(GIFT, OPEN)) == ["setting.enabled", "order.is_gift"]


def test_refusals_by_the_same_fact_are_one_change() -> None:
    kept = Reason("has_kept_line", False, "0 of 1 lines kept", "any")
    reviewable = Reason("has_reviewable_line", False, "0 of 1 lines", "any")
    refunded = no_sign_of(EventKind.ORDER_REFUNDED, True)
    assert alone(refunded, kept, reviewable) == ["order.refunds"]
    assert alone(reviewable) == ["order.lines"]


def test_of_alternatives_either_would_do() -> None:
    assert alone(ON, any_of(GIFT, TEST)) == ["order.is_gift", "order.is_test"]
    assert together(OFF, any_of(all_of(GIFT, TEST), NONE_OPEN)) == ["setting.enabled", "open_complaint"]


def test_a_yes_names_what_would_have_stopped_it() -> None:
    gets = Reason("not_a_gift", True, "not a gift", "not a gift")
    assert alone(ON, gets) == ["setting.enabled", "order.is_gift"]
    real = Reason("not_a_test", True, "a real order", "a real order")
    assert alone(ON, any_of(gets, real)) == ["setting.enabled"], "the other alternative still holds"


def test_a_question_asked_both_ways_has_one_answer() -> None:
    """Turning the fact turns both; no change of it lets both pass."""
    assert alone(OPEN, NONE_OPEN) == []
    assert together(OPEN, NONE_OPEN) == []


def test_nothing_asked_is_a_yes_that_nothing_stops() -> None:
    assert counterfactual(()) == Counterfactual(True)


def test_an_event_is_known_by_its_name() -> None:
    for kind in EventKind:
        for come in (False, True):
            wanted = "order.refunds" if kind is EventKind.ORDER_REFUNDED else f"happened[{kind.value}]"
            assert fact_of(no_sign_of(kind, come)) == wanted
    lately = Reason("happened_within", False, "never", "OrderDelivered in the last 5 days")
    assert fact_of(lately) == "happened[OrderDelivered]"


def test_every_rule_that_the_code_gives_names_its_fact() -> None:
    found = {name for path in FLOWS.glob("*.py") for name in NAMED.findall(path.read_text("utf-8"))}
    opposites = {rule.opposite for rule in RULES.values()}
    assert found - TOLD - opposites <= set(FACTS)
    assert {rule.name for rule in RULES.values()} <= set(FACTS)


LEAVES = st.builds(
    lambda fact, passed: Reason(fact, passed, str(passed)),
    st.sampled_from(["is_gift", "is_test", "is_pos", "flow_is_on", "not_suppressed", "has_recipient"]),
    st.booleans(),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts: kind(*parts),
        st.sampled_from([all_of, any_of]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


def answer(reason: Reason, changed: frozenset[str], was: bool) -> bool:
    """As `counterfactual` should see it, written the slow way."""
    if reason.parts:
        parts = [answer(part, changed, was) for part in reason.parts]
        return any(parts) if reason.rule == "any" else all(parts)
    return not reason.passed if fact_of(reason) in changed and reason.passed is was else reason.passed


@given(st.lists(TREES, max_size=4))
def test_exactly_the_changes_that_turn_it_are_named(reasons: list[Reason]) -> None:
    whole = Reason("all", all(reason.passed for reason in reasons), parts=tuple(reasons))
    facts = {fact_of(leaf) for leaf in leaves_of(whole)} if reasons else set()
    found = counterfactual(reasons)
    assert found.passed is whole.passed
    turning = {fact for fact in facts if answer(whole, frozenset((fact,)), whole.passed) is not whole.passed}
    assert {change.fact for change in found.alone} == turning
    least = frozenset(change.fact for change in found.together)
    assert (not least) == bool(turning or whole.passed)
    if least:
        assert answer(whole, least, False)
        for fewer in combinations(least, len(least) - 1):
            assert not answer(whole, frozenset(fewer), False)
