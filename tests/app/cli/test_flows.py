"""`doorstep flows` without a shop: the flows themselves, for people and for programs."""

from __future__ import annotations

import json

from click.testing import CliRunner

from app.cli.flows import command
from app.words.flow_page import page
from flows.export import flow_from_plain, flow_to_plain
from flows.presets import PRESETS, STARTER, preset


def said(*arguments: str) -> str:
    ran = CliRunner().invoke(command, arguments)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_programs_get_every_flow_with_all_that_defines_it() -> None:
    told = json.loads(said("--json"))
    assert [one["key"] for one in told] == [flow.key for flow in PRESETS]
    assert {one["key"] for one in told if one["on_by_default"]} == set(STARTER)
    for one, flow in zip(told, PRESETS, strict=True):
        assert one["class"] == flow.mail_class.value
        assert set(one["triggers"]) == {kind.value for kind in flow.triggers}
        assert one["exits"] == [kind.value for kind in flow.ends_on]
        assert [(knob["key"], knob["default"], knob["lowest"], knob["highest"]) for knob in one["knobs"]] == [
            (knob.key, knob.default, knob.lowest, knob.highest) for knob in flow.knobs
        ]
        rebuilt = flow_from_plain({**flow_to_plain(flow), "steps": one["steps"], "knobs": one["knobs"]})
        assert rebuilt == flow


def test_people_get_the_same_in_words() -> None:
    told = said()
    assert all(f"{flow.key}: " in told for flow in PRESETS)
    assert "hour = 10 (6 to 20)" in told
    assert preset("review_request").knobs[0].meaning in told


def test_the_page_is_printed() -> None:
    assert said("--doc") == page()


def test_a_switch_needs_its_shop() -> None:
    ran = CliRunner().invoke(command, ["--on", "shipped"])
    assert ran.exit_code == 2
    assert "--shop" in ran.output
