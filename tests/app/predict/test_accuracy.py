"""How good the predictions are: on a history whose answer is known, and on real shops (`make proof`)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.accuracy.run_outs import SHOPS, Purchase, in_words, report
from benchmarks.real_rows import folder_named
from flows.kinds import ProductKind
from tests.proof import Figure

START = datetime(2025, 1, 1, 9, tzinfo=UTC)
COFFEE = {"beans": ProductKind(consumable=True, usual_days=30)}


def habit(who: str, every: float, times: int = 12, since: float = 0) -> list[Purchase]:
    return [
        Purchase(who, "beans", START + timedelta(days=since + n * every), 1)
        for n in range(times)
        if since + n * every < 600
    ]


def test_people_with_a_rhythm_are_known_by_it_and_the_others_by_all() -> None:
    draw = random.Random(7)
    steady = [one for n in range(40) for one in habit(f"s{n}", draw.choice((45, 50, 60)), since=n)]
    found = report(steady, COFFEE)
    assert found.by_source["personal_cycle"][1] == 0
    assert found.predicted < 1 < 15 <= found.thumb
    once_more = [one for n in range(60) for one in habit(f"o{n}", 50, times=2, since=9 * n)]
    found = report(once_more, COFFEE)
    assert found.by_source.keys() == {"product_interval"}
    assert (found.predicted, found.thumb, found.inside) == (0, 20, 1)


def test_nothing_is_learnt_from_what_came_later() -> None:
    """Everybody drank a bag in 50 days, until all of them began to drink one in 20."""
    early = [one for n in range(60) for one in habit(f"a{n}", 50, times=2, since=n)]
    late = [one for n in range(40) for one in habit(f"b{n}", 20, times=2, since=400 + n)]
    found = report([*early, *late], COFFEE)
    assert found.by_source["product_interval"] == (40, 30, 10)


def test_without_anything_bought_twice_there_is_nothing_to_say() -> None:
    with pytest.raises(ValueError, match="twice"):
        report(habit("ada", 10, times=1), COFFEE)
    with pytest.raises(ValueError, match="twice"):
        report([], COFFEE)


@pytest.mark.proof
@pytest.mark.parametrize("shop", SHOPS)
def test_on_real_shops_the_prediction_beats_the_rule_of_thumb(shop: str, figure: Figure) -> None:
    variable, read = SHOPS[shop]
    found = report(*read(folder_named(variable)))
    print(in_words(shop, found))
    figure("orders", found.orders)
    figure("days_off", round(found.predicted, 1))
    figure("days_off_by_rule_of_thumb", round(found.thumb, 1))
    figure("share_within_what_was_said", round(found.inside, 3))
    assert found.predicted < found.thumb
