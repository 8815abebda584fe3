from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from flows.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Named,
    condition_from_plain,
    condition_to_plain,
    demands_on_lines,
    first_failing,
    happened_within,
    has_happened,
    has_kept_line,
    has_reviewable_line,
    is_first_order,
    is_gift,
    is_pos,
    is_test,
    open_complaint,
    reviewed_within,
)
from flows.events import LinkClicked, OrderDelivered
from flows.facts import Facts, Reason
from flows.rules import RULES
from tests.flows.pictures import BEANS, MUG, T0, facts, order, picture

DAY = timedelta(days=1)
GIFT = facts(picture(order(is_gift=True)))
BOTH = facts(picture(order(MUG, BEANS)))


CASES: list[tuple[Condition, Facts, bool]] = [
    case
    for found in sorted((Path(__file__).parent / "cases").glob("*.py"))
    for case in import_module(f"tests.flows.cases.{found.stem}").CASES
]
"""One file for each family of rules."""


@pytest.mark.parametrize(("condition", "seen", "holds"), CASES)
def test_a_rule_and_its_opposite(condition: Condition, seen: Facts, holds: bool) -> None:
    assert condition.check(seen, T0).passed is holds
    assert (~condition).check(seen, T0).passed is not holds


def test_every_rule_is_asked() -> None:
    assert {rule.name for condition, _, _ in CASES for rule in condition.rules()} == set(RULES)


def test_all_products_must_be_reviewed_before_nobody_asks() -> None:
    one = replace(BOTH, reviewed_products={"p-mug": T0 - DAY})
    assert not reviewed_within(months=12).check(one, T0).passed
    assert reviewed_within(months=12).check(one, T0).value == "1 of 2 products"
    both = replace(BOTH, reviewed_products={"p-mug": T0 - DAY, "p-beans": T0 - DAY})
    assert reviewed_within(months=12).check(both, T0).passed


def test_months_end_where_the_month_ends() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    seen = facts(reviewed_products={"p-mug": datetime(2027, 2, 28, 12, tzinfo=UTC)})
    assert reviewed_within(months=12).check(seen, leap).passed
    assert not reviewed_within(months=12).check(seen, leap + timedelta(days=1, seconds=1)).passed
    last_of_may = datetime(2027, 5, 31, 12, tzinfo=UTC)
    seen = facts(reviewed_products={"p-mug": datetime(2027, 4, 29, 12, tzinfo=UTC)})
    assert not reviewed_within(months=1).check(seen, last_of_may).passed, "since the 30th of April"


def test_a_reason_shows_the_whole_tree_with_what_was_found() -> None:
    reason = (has_reviewable_line & ~is_gift & (is_pos | is_first_order)).check(GIFT, T0)
    assert reason == Reason(
        "all",
        False,
        parts=(
            Reason("has_reviewable_line", True, "1 of 1 lines", "any"),
            Reason("not_a_gift", False, "a gift", "not a gift"),
            Reason(
                "any",
                True,
                parts=(
                    Reason("is_pos", False, "unknown", "pos"),
                    Reason("is_first_order", True, "0 orders before", "none before"),
                ),
            ),
        ),
    )
    assert first_failing(reason) == "not_a_gift"


def test_the_wanted_words_name_the_arguments() -> None:
    assert (~reviewed_within(months=12)).check(facts(), T0).wanted == "not all in the last 12 months"
    found = happened_within(OrderDelivered, days=5).check(facts(), T0)
    assert (found.value, found.wanted) == ("never", "OrderDelivered in the last 5 days")


@pytest.mark.parametrize(
    "seen", [facts(), GIFT, facts(open_complaint=True), replace(GIFT, open_complaint=True)]
)
def test_opposites_of_compositions(seen: Facts) -> None:
    gift, complaint = seen.picture.order.is_gift, seen.open_complaint
    assert (~(is_gift & open_complaint)).check(seen, T0).passed is not (gift and complaint)
    assert (~(is_gift | open_complaint)).check(seen, T0).passed is not (gift or complaint)
    assert (~~is_gift).check(seen, T0).passed is gift


def test_and_and_or_stay_flat() -> None:
    assert is_gift & is_pos & is_test == AllOf((is_gift, is_pos, is_test))
    assert is_gift | (is_pos | is_test) == AnyOf((is_gift, is_pos, is_test))
    assert (is_gift | is_pos) & is_test == AllOf((AnyOf((is_gift, is_pos)), is_test))


def test_what_a_condition_demands_of_the_lines() -> None:
    assert demands_on_lines(None) is None
    assert demands_on_lines(~is_gift) is None
    assert demands_on_lines(has_reviewable_line) == AllOf((has_reviewable_line,))
    assert demands_on_lines(~is_gift & has_kept_line) == AllOf((has_kept_line,))
    assert demands_on_lines(is_gift | has_kept_line) is None, "a gift passes without"


@pytest.mark.parametrize(
    ("condition", "plain"),
    [
        (is_gift, "is_gift"),
        (~is_gift, {"not": "is_gift"}),
        (reviewed_within(months=12), {"reviewed_within": {"months": 12}}),
        (~has_happened(LinkClicked), {"not": {"has_happened": {"event": "LinkClicked"}}}),
        (
            happened_within(OrderDelivered, days=5),
            {"happened_within": {"event": "OrderDelivered", "days": 5}},
        ),
        (is_gift & (is_pos | ~is_test), {"all": ["is_gift", {"any": ["is_pos", {"not": "is_test"}]}]}),
    ],
)
def test_conditions_are_written_and_read(condition: Condition, plain: object) -> None:
    assert condition_to_plain(condition) == plain
    assert condition_from_plain(condition_to_plain(condition)) == condition


def test_arguments_may_be_written_in_any_order() -> None:
    data = {"happened_within": {"days": 5, "event": "OrderDelivered"}}
    assert condition_from_plain(data) == happened_within(OrderDelivered, days=5)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("is_happy", ()),
        ("is_gift", (("months", 1),)),
        ("reviewed_within", ()),
        ("reviewed_within", (("months", "12"),)),
        ("reviewed_within", (("months", True),)),
        ("reviewed_within", (("months", -1),)),
        ("reviewed_within", (("months", 10_001),)),
        ("has_happened", (("event", "Thunder"),)),
    ],
)
def test_a_rule_that_does_not_exist_cannot_be_named(
    name: str, arguments: tuple[tuple[str, int | str], ...]
) -> None:
    with pytest.raises(ValueError, match=name if name != "has_happened" else "Thunder"):
        Named(name, arguments)


def test_the_names_of_rules_are_permanent_and_unique() -> None:
    names = [name for rule in RULES.values() for name in (rule.name, rule.opposite)]
    assert len(names) == len(set(names))
    assert not {"all", "any", "not"} & set(names)
