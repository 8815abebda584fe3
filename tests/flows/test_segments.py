"""Groups of shoppers: read from what is stored, refused where they mean nothing, asked when a flow begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows import engine
from flows.conditions import Named, condition_to_plain, scored_at_least
from flows.counterfactual import counterfactual
from flows.events import Event, EventKind
from flows.facts import Facts, FlowSetting, Group
from flows.journey import JourneyStatus
from flows.person import Person
from flows.rules import RULES
from flows.segments import (
    ASKED_ONCE,
    SEGMENTS,
    Segment,
    Unreadable,
    own_segment,
    products_named,
    read,
    write,
)
from tests.flows.pictures import ON, T0, facts, order, picture
from tests.flows.situation import flow

GIFTS = Segment("own-1", "Gifts from Texas", Named("is_gift") & Named("region_is", (("region", "TX"),)))
PLACED = Event(EventKind.ORDER_PLACED, "order:13:placed", "order:13", "13", T0)


def narrowed(group: Group | None, **other: Any) -> Facts:
    return facts(setting=FlowSetting(True, ON.since, only_for=group), **other)


def begun(of: Facts) -> tuple[JourneyStatus, str | None]:
    decision = engine.start(flow(), PLACED, of, T0 + timedelta(hours=1))
    return decision.journey.status, decision.journey.end_reason


def test_a_flow_for_a_group_takes_nobody_else() -> None:
    first = next(one for one in SEGMENTS if one.key == "first_orders")
    assert begun(narrowed(None, orders_before=4))[0] is JourneyStatus.ACTIVE
    assert begun(narrowed(first, orders_before=0))[0] is JourneyStatus.ACTIVE
    assert begun(narrowed(first, orders_before=4)) == (JourneyStatus.DECLINED, "outside_group")


def test_the_rule_of_the_group_that_said_no_is_named() -> None:
    decision = engine.start(flow(), PLACED, narrowed(GIFTS, of=picture(order(is_gift=True))), T0)
    reason = decision.reasons[-1]
    assert [(part.rule, part.passed) for part in reason.parts] == [("is_gift", True), ("region_is", False)]
    assert [change.fact for change in counterfactual(decision.reasons).alone] == ["order.region"]


def test_a_group_that_means_nothing_any_more_is_nobody() -> None:
    gone = own_segment("own-9", "Old", None)
    assert isinstance(gone, Unreadable)
    assert begun(narrowed(gone)) == (JourneyStatus.DECLINED, "outside_group")


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda one: one.key)
def test_what_we_ship_is_written_and_read(segment: Segment) -> None:
    assert read(write(segment.condition)) == segment.condition
    assert own_segment("own-1", "x", write(segment.condition)) == Segment("own-1", "x", segment.condition)


def test_the_names_are_unique() -> None:
    assert len({one.key for one in SEGMENTS}) == len(SEGMENTS)


DEEP: Any = {"all": ["is_gift", {"any": ["is_pos", {"all": ["is_test", {"any": ["is_gift", "is_pos"]}]}]}]}


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (None, "this is not a group"),
        (7, "this is not a group"),
        ([], "this is not a group"),
        ({"all": []}, "of nothing"),
        ("is_happy", "there is no rule"),
        ({"bought_tag": {"tags": "x"}}, "tag"),
        ({"spends_in_top": {"percent": "10"}}, "percent"),
        ({"ordered_at_least": {"orders": -1}}, "0 to"),
        ({"value_at_least": {"amount": 1_000_000_001}}, "0 to"),
        (DEEP, "levels deep"),
        ({"all": ["is_gift"] * 13}, "13 rules"),
    ],
)
def test_what_is_no_group_is_refused(data: Any, because: str) -> None:
    with pytest.raises(ValueError, match=because):
        read(data)


def test_nobody_is_grouped_by_how_content_they_are() -> None:
    """A flow that asks for a review could be narrowed to those alone who are pleased."""
    for rule in RULES.values():
        if rule.sentiment:
            one = Named(rule.name, tuple((name, 3) for name, _ in rule.arguments))
            for hidden in (one, ~one, Named("is_gift") | one):
                with pytest.raises(ValueError, match="content"):
                    read(condition_to_plain(hidden))
    assert isinstance(own_segment("own-1", "Happy", write(scored_at_least(9))), Unreadable)


def test_what_belongs_to_one_flow_is_no_group() -> None:
    assert set(RULES) >= ASKED_ONCE
    with pytest.raises(ValueError, match="belongs to one flow"):
        read({"knob_is_on": {"knob": "x"}})


def test_the_products_of_a_group_are_found() -> None:
    lamp, mug = (Named("bought_product", (("product", name),)) for name in ("lamp", "mug"))
    assert set(products_named(~lamp & (mug | Named("is_gift")))) == {"lamp", "mug"}


def test_best_buyers_go_by_what_was_counted() -> None:
    best = next(one for one in SEGMENTS if one.key == "best_buyers")
    spent = facts(person=Person("k", spent=30_000))
    assert not best.check(spent, T0).passed, "nobody has counted yet"
    assert best.check(replace(spent, shop=replace(spent.shop, top_spent={"10": 30_000})), T0).passed
