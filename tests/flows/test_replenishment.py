"""When something runs out, on invented histories whose answer is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.kinds import ProductKind
from flows.replenishment import Bought, Habit, run_out
from tests.flows.pictures import T0

DAY = timedelta(days=1)
HERE = T0 + 3 * DAY
COFFEE = ProductKind(consumable=True, usual_days=30)
HABIT = Habit(40, 30, 55, samples=8)


def earlier(*days_before: float, quantity: int = 1) -> list[Bought]:
    return [Bought(T0 - days * DAY, quantity) for days in days_before]


def test_the_rule_of_thumb_of_its_kind_counts_from_its_arrival() -> None:
    for kind, days in ((COFFEE, 30), (ProductKind(consumable=True, usual_days=90), 90)):
        found = run_out("p", kind, Bought(T0, 1), HERE)
        assert (found.at, found.source, found.samples, found.subject) == (
            HERE + days * DAY,
            "fallback",
            0,
            "p",
        )
        assert found.earliest == HERE + round(days * 2 / 3) * DAY
        assert found.latest == HERE + round(days * 3 / 2) * DAY
    assert run_out("p", ProductKind(consumable=True), Bought(T0, 1), HERE).at == HERE + 60 * DAY


def test_five_pounds_last_ten_weeks_where_one_lasts_three() -> None:
    pound = ProductKind(consumable=True, usual_days=21)
    five = ProductKind(consumable=True, usual_days=21, pack=500)
    assert run_out("p", pound, Bought(T0, 1), HERE).at == HERE + 21 * DAY
    assert run_out("p", pound, Bought(T0, 5), HERE).at == HERE + 70 * DAY
    assert run_out("p", five, Bought(T0, 1), HERE).at == HERE + 70 * DAY


def test_what_the_merchant_says_wins_over_everything() -> None:
    kind = ProductKind(consumable=True, usual_days=30, lasts_days=25)
    found = run_out("p", kind, Bought(T0, 2), HERE, earlier(80, 40), HABIT)
    assert (found.at, found.source) == (HERE + 50 * DAY, "merchant")
    assert (found.earliest, found.latest) == (found.at, found.at)


def test_three_steady_orders_are_a_rhythm_of_their_own() -> None:
    found = run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(80, 40), HABIT)
    assert (found.at, found.source, found.samples) == (T0 + 40 * DAY, "personal_cycle", 3)
    found = run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(42, 22), Habit())
    assert (found.at, found.source) == (T0 + 21 * DAY, "personal_cycle")
    assert found.earliest == T0 + 20 * DAY and found.latest == T0 + 22 * DAY


def test_two_orders_are_no_rhythm_and_uneven_ones_neither() -> None:
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(40)).source == "fallback"
    # 13.5 and 6.5 of 20: exactly 0.35; then a little more.
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(40, 13)).source == "personal_cycle"
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(40, 12.9)).source == "fallback"


def test_two_orders_of_one_day_are_one() -> None:
    twice = [*earlier(40), Bought(T0 - timedelta(hours=1), 1)]
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, twice).source == "fallback"


def test_a_rhythm_is_of_portions_not_of_orders() -> None:
    """Twice as much lasted longer, by the same power: that is steady, and three pieces last longer still."""
    own = [Bought(T0 - (20 + 20 * 2**0.75) * DAY, 2), Bought(T0 - 20 * DAY, 1)]
    found = run_out("p", COFFEE, Bought(T0, 3), HERE, own)
    assert (found.at, found.source) == (T0 + round(20 * 3**0.75) * DAY, "personal_cycle")


def test_only_the_newest_six_orders_make_the_rhythm() -> None:
    old = earlier(900, 700)
    assert (
        run_out("p", COFFEE, Bought(T0, 1), HERE, [*old, *earlier(100, 80, 60, 40, 20)]).at == T0 + 20 * DAY
    )


def test_what_eight_buyers_do_is_learnt() -> None:
    found = run_out("p", COFFEE, Bought(T0, 1), HERE, (), HABIT)
    assert (found.at, found.source, found.samples) == (T0 + 40 * DAY, "product_interval", 8)
    assert (found.earliest, found.latest) == (T0 + 30 * DAY, T0 + 55 * DAY)
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, (), Habit(40, 30, 55, samples=7)).source == "fallback"
    twice = Habit(40, 30, 55, samples=8, quantity=2)
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, (), twice).at == T0 + 24 * DAY, (
        "half of it, not half the days"
    )


@pytest.mark.parametrize("kind", [ProductKind(consumable=True, lasts_days=3), ProductKind(usual_days=5)])
def test_nobody_is_reminded_within_two_weeks(kind: ProductKind) -> None:
    assert run_out("p", kind, Bought(T0, 1), HERE).at == HERE + 14 * DAY
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, earlier(10, 5)).at == T0 + 14 * DAY
    assert run_out("p", COFFEE, Bought(T0, 1), HERE, (), Habit(6, 2, 9, samples=50)).at == T0 + 14 * DAY


def test_no_quantity_breaks_it() -> None:
    for quantity in (0, -3, 1, 100_000):
        found = run_out("p", COFFEE, Bought(T0, quantity), HERE, (), Habit(40, 30, 55, 9, quantity=0))
        assert found.at >= T0 + 14 * DAY
