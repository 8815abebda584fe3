from __future__ import annotations

from dataclasses import replace

from flows.conditions import is_gift
from flows.delays import days
from flows.flow import Flow
from flows.steps import Branch, Send, Split, Wait
from flows.versions import resumed, succeeding
from tests.flows.test_flow import flow


def wait(key: str) -> Wait:
    return Wait(key, days(1))


def send(key: str) -> Send:
    return Send(key, f"x/{key}", 12)


OLD = flow(
    wait("w1"),
    send("a"),
    Split("s", (Branch((wait("w2"), send("b")), is_gift), Branch((wait("w3"), send("c"))))),
    wait("w4"),
    send("d"),
)


def goes_on(in_flow: Flow, step: str) -> tuple[bool, str | None]:
    known, node = resumed(in_flow, step)
    return known, node.step.key if node else None


def test_a_step_that_is_still_there_is_passed() -> None:
    assert goes_on(OLD, "w1") == (True, "a")
    assert goes_on(OLD, "w3") == (True, "c")
    assert goes_on(OLD, "d") == (True, None)


def test_a_step_that_nobody_knows_is_unknown() -> None:
    assert goes_on(OLD, "w9") == (False, None)


def test_a_step_that_is_gone_gives_way_to_the_next_one_that_is_left() -> None:
    new = succeeding(OLD, flow(send("a"), wait("w4"), send("new"), send("d")))
    assert new.version == 2
    assert dict(new.replaced) == {"w1": "a", "s": "w4", "w2": "w4", "b": "w4", "w3": "w4", "c": "w4"}
    assert goes_on(new, "w2") == (True, "w4")
    assert goes_on(new, "w4") == (True, "new")


def test_where_nothing_is_left_the_journey_is_over() -> None:
    new = succeeding(OLD, flow(wait("w1"), send("a")))
    assert goes_on(new, "w4") == (True, None)
    assert dict(new.replaced)["w4"] == ""


def test_names_of_the_versions_before_are_kept() -> None:
    second = succeeding(OLD, flow(wait("w1"), send("a"), wait("w4"), send("d")))
    third = succeeding(second, flow(wait("w1"), send("a"), send("d")))
    fourth = succeeding(third, flow(wait("w1"), send("a")))
    assert fourth.version == 4
    assert goes_on(third, "w2") == (True, "d"), "gone with the second version, its successor with the third"
    assert goes_on(fourth, "w2") == (True, None)


def test_a_step_may_come_back() -> None:
    second = succeeding(OLD, replace(OLD, steps=OLD.steps[1:]))
    assert "w1" in dict(second.replaced)
    third = succeeding(second, OLD)
    assert third.replaced == ()
    assert goes_on(third, "w1") == (True, "a")
