from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.conditions import has_happened, is_first_order, is_gift
from flows.delays import business_days, by_product_kind, days, hours, knob, local_time, minutes
from flows.events import LinkClicked, OrderCancelled, OrderPlaced, ReviewSubmitted
from flows.export import flow_from_plain, flow_to_plain
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.presets import PRESETS
from flows.steps import Branch, Knob, Send, Split, Wait, WaitFor

EVERYTHING = Flow(
    key="everything",
    version=3,
    mail_class=MailClass.MARKETING,
    topic=Topic.OFFERS,
    trigger=OrderPlaced,
    enter_if=~is_gift & (is_first_order | has_happened(LinkClicked)),
    exit_on=(OrderCancelled,),
    goal=ReviewSubmitted,
    knobs=(Knob("turn", 2, 0, 20, "Days"), Knob("hour", 9, 6, 21, "Hour")),
    replaced=(("gone", "hello"), ("older", "")),
    steps=(
        Wait("a", days(knob("turn")), at=local_time(knob("hour")), when=is_gift),
        Wait("b", business_days(2), at=local_time(10, 30)),
        Wait(
            "c", by_product_kind(fast=hours(1), standard=minutes(5), complex=days(3), long=days(knob("turn")))
        ),
        WaitFor("d", LinkClicked, hours(8), when=is_gift),
        Split(
            "e",
            (
                Branch((Send("hello", "x/hello", 12),), has_happened(LinkClicked)),
                Branch((Split("f", (Branch((Send("bye", "x/bye", 1),), is_gift),)),)),
            ),
            when=is_first_order,
        ),
        Send("last", "x/last", 24, when=~is_first_order),
    ),
)


RUN_OUT = {"moment": "run_out", "before": 0, "after": 0}
LATEST = {"latest": [{"days": 1}]}
BY_KIND = {"by_product_kind": {kind.value: {"days": 1} for kind in TimingKind}}


@pytest.mark.parametrize("flow", [EVERYTHING, *PRESETS], ids=lambda flow: flow.key)
def test_a_flow_survives_being_written_as_text(flow: Flow) -> None:
    assert flow_from_plain(json.loads(json.dumps(flow_to_plain(flow)))) == flow


def test_the_text_reads_like_the_flow() -> None:
    plain = flow_to_plain(EVERYTHING)
    assert list(plain)[:6] == ["flow", "version", "class", "per", "trigger", "also"]
    assert plain["steps"][0] == {
        "wait": "a",
        "for": {"days": {"knob": "turn"}},
        "at": {"hour": {"knob": "hour"}, "minute": 0},
        "when": "is_gift",
    }
    assert plain["steps"][3] == {
        "wait_for": "d",
        "event": "LinkClicked",
        "timeout": {"hours": 8},
        "when": "is_gift",
    }


def _changed(data: Any, path: list[int], value: Any) -> Any:
    """`data` with one spot, reached by taking the n-th entry again and again, replaced or dropped."""
    if not path or not isinstance(data, dict | list) or not data:
        return value
    spot = path[0] % len(data)
    if isinstance(data, list):
        return [_changed(item, path[1:], value) if place == spot else item for place, item in enumerate(data)]
    names = list(data)
    if value is ... and len(path) == 1:
        return {name: data[name] for name in names if name != names[spot]}
    return {
        name: _changed(data[name], path[1:], value) if name == names[spot] else data[name] for name in names
    }


@settings(max_examples=150, deadline=None)
@given(
    path=st.lists(st.integers(0, 20), min_size=1, max_size=8),
    value=st.sampled_from(
        [..., None, "", "x", -1, 10**9, True, 1.5, [], {}, [1], {"knob": "turn"}, {"days": "2"}, "days"]
    ),
)
def test_text_that_is_no_flow_is_refused_with_a_word_about_it(path: list[int], value: Any) -> None:
    wrong = _changed(flow_to_plain(EVERYTHING), path, None if value is ... and len(path) > 6 else value)
    try:
        read = flow_from_plain(wrong)
    except ValueError as refused:
        assert str(refused)
    else:
        assert isinstance(read, Flow)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"flow": ...}, "'flow' is missing"),
        ({"trigger": "Thunder"}, "Thunder"),
        ({"version": True}, "whole number"),
        ({"steps": [{"send": "a", "template": "x/a", "late_hours": 1.5}]}, "whole number"),
        (
            {
                "steps": [{"send": "a", "template": 5, "late_hours": 1}],
                "knobs": [],
                "replaced": {},
            },
            "not a flow",
        ),
        ({"class": "X"}, "X"),
        ({"steps": [{"jump": "a"}]}, "no step"),
        ({"steps": [{"wait": "a", "for": {"days": "2"}}]}, "whole number"),
        ({"steps": [{"wait": "a", "for": {"weeks": 2}}]}, "weeks"),
        ({"steps": [{"wait": "a", "for": {"days": 1, "hours": 1}}]}, "too many values"),
        ({"steps": [{"wait": "a", "for": {"latest": []}}]}, "'latest' of nothing"),
        ({"steps": [{"wait": "a", "for": {"latest": [{"days": 1}, LATEST]}}]}, "'latest' holds no 'latest'"),
        (
            {"steps": [{"wait": "a", "for": {"latest": [{"days": 1}, BY_KIND]}}]},
            "'latest' holds no 'by_product_kind'",
        ),
        (
            {
                "steps": [
                    {"wait": "a", "for": {"by_product_kind": {**BY_KIND["by_product_kind"], "long": LATEST}}}
                ]
            },
            "'by_product_kind' holds no 'latest'",
        ),
        ({"steps": [{"wait": "a", "for": {"until": {**RUN_OUT, "before": -1}}}]}, "0 to 10000 days"),
        ({"steps": [{"wait": "a", "for": {"until": {**RUN_OUT, "after": 10_001}}}]}, "0 to 10000 days"),
        ({"enter_if": {"all": []}}, "nothing"),
        ({"enter_if": "is_happy"}, "is_happy"),
        ({"steps": 5}, "not a flow"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], problem: str) -> None:
    plain = {**flow_to_plain(EVERYTHING), **change}
    plain = {name: value for name, value in plain.items() if value is not ...}
    with pytest.raises(ValueError, match=problem):
        flow_from_plain(plain)
