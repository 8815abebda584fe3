"""The page of flows is what the definitions say, and every wish in its table has an answer that exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.words.catalogue import entry_of, in_lines
from app.words.demands import DEMANDS, Demand, resolved
from app.words.flow_page import page
from flows.flow import Flow
from flows.presets import PRESETS, STARTER, preset
from flows.steps import Send, steps_within

PAGE = Path("docs/flows.md")


def test_the_page_is_up_to_date() -> None:
    said = "docs/flows.md is not what the flows are: .venv/bin/doorstep flows --doc > docs/flows.md"
    assert PAGE.read_text("utf-8") == page(), said


def test_every_wish_from_the_first_to_the_last_is_answered() -> None:
    assert [demand.number for demand in DEMANDS] == [*range(1, 58), *range(68, 76)]
    assert [demand.number for demand in DEMANDS if not demand.by and not demand.comes] == []


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda one: str(one.number))
def test_what_answers_a_wish_exists(demand: Demand) -> None:
    assert all(resolved(name) for name in demand.by)
    assert not demand.by or not demand.comes.startswith("comes with"), "half an answer says what is missing"


@pytest.mark.parametrize("name", ["loyalty", "shipped/second", "shipped:hour", "?rich", "#year", "shipped/"])
def test_what_does_not_exist_answers_nothing(name: str) -> None:
    with pytest.raises(KeyError):
        resolved(name)


@pytest.mark.parametrize("flow", PRESETS, ids=lambda flow: flow.key)
def test_each_flow_is_told_whole(flow: Flow) -> None:
    entry, told = entry_of(flow), page().partition(f"`{flow.key}`: ")[2].partition("\n### ")[0]
    assert [line.step for line in entry.lines if line.words.startswith("Mail ")] == [
        step.key for step in steps_within(flow.steps) if isinstance(step, Send)
    ]
    assert all(f"- {line.words}\n" in told for line in entry.lines)
    assert all(f"(`{knob.key}`)" in told for knob in flow.knobs)
    assert all(words in told for words in (*entry.starts, *entry.enters, *entry.ends))
    assert ("on from the start" in told) is (flow.key in STARTER)
    assert any(line.endswith(" *") for line in in_lines(flow)) is (flow.key in STARTER)


def test_the_words_of_waits() -> None:
    lines = {line.step: line.words for line in entry_of(preset("review_request")).lines}
    assert lines["try_it"] == (
        "Wait as long as such a product takes: 4 days (fast), 10 days (standard), 17 days (complex),"
        " 45 days (long), at 10:00 where they live"
    )
    assert lines["second_chance"] == "3 days later, at 10:00 where they live"
    (wait, *_) = entry_of(preset("gift_guide")).lines
    assert wait.words == "Wait until the last parcel of an order has arrived, 60 days at most"
    (branch, *_) = entry_of(preset("order_progress")).lines
    assert branch.words == "When the expected day moves:"
