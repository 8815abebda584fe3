"""The keyboard alone: Tab through a page, its frames and its shadow trees reaches whatever can be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

from tests.browser.frames import running_frames

_SCRIPT = Path(__file__).with_name("keyboard.js")


@dataclass
class Walk:
    """One round with Tab. `unreached`: can be used with a mouse, but Tab never came there; `unseen`:
    had the focus and looked as before; `covered`: had it beneath something that stays in place."""

    order: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        return [
            *(f"not reached with Tab: {name}" for name in self.unreached),
            *(f"the focus cannot be seen on: {name}" for name in self.unseen),
            *(f"the focus is hidden on: {name}" for name in self.covered),
        ]


def assert_reachable(page: Page) -> Walk:
    walked = walk(page)
    assert walked.faults() == [], walked.order
    return walked


def walk(page: Page) -> Walk:
    """From the top of the page. It must be able to run scripts; sandboxed frames are passed over."""
    expected = {
        (frame.url, one["number"]): one for frame in running_frames(page) for one in _ask(frame, "expected")
    }
    walked, seen, groups = Walk(), set[tuple[str, int]](), set[str]()
    idle = 0
    for _ in range(2 * len(expected) + 40):
        page.keyboard.press("Tab")
        found = _focused(page.main_frame)
        if found is None:
            idle += 1
            if idle > 2 or seen >= expected.keys():
                break
            continue
        url, one = found
        if (url, one["number"]) in seen:
            if len(seen) > 1 and one["name"] == walked.order[0]:
                break
            continue
        seen.add((url, one["number"]))
        groups.add(one["group"])
        walked.order.append(one["name"])
        if not one["visible"]:
            walked.unseen.append(one["name"])
        if one["covered"]:
            walked.covered.append(one["name"])
    walked.unreached = [
        one["name"]
        for place, one in expected.items()
        if place not in seen and not (one["group"] and one["group"] in groups)
    ]
    return walked


def _focused(frame: Frame) -> tuple[str, dict[str, Any]] | None:
    """The deepest element that has the focus, and the document that it is in."""
    one = _ask(frame, "focused")
    if one is None or not one["frame"]:
        return None if one is None else (frame.url, one)
    inner = frame.evaluate_handle("() => window.keys.element()").as_element()
    child = inner.content_frame() if inner else None
    if child is None or child not in running_frames(frame.page):
        return frame.url, one
    return _focused(child) or (frame.url, one)


def _ask(frame: Frame, what: str) -> Any:
    """`keys` is missing in a document that has come since the walk began."""
    asked = f"() => 'keys' in window ? {{told: window.keys.{what}()}} : null"
    answer = frame.evaluate(asked)
    if answer is None:
        frame.evaluate(_source())
        answer = frame.evaluate(asked)
    return answer["told"]


@cache
def _source() -> str:
    return _SCRIPT.read_text("utf-8")
