"""axe-core in a page, its frames and its shadow trees: no violation of any rule."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

from tests.browser.frames import running_frames

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_SOURCE = Path("node_modules/axe-core/axe.min.js")
# Each document is looked at as a page of its own: a frame's origin is not ours, so axe cannot follow.
_RUN = """({tags, off}) => {
  window.axeTold = undefined;
  axe.run(document, {
    runOnly: {type: "tag", values: tags},
    rules: Object.fromEntries(off.map((rule) => [rule, {enabled: false}])),
    resultTypes: ["violations"], iframes: false,
  }).then((told) => { window.axeTold = {lines: told.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.flat(9).join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`))}; });
}"""
# What a mail is not: a page with its regions. Its frame in the outbox is looked at without these.
PAGE_RULES = ("landmark-one-main", "page-has-heading-one", "region", "bypass", "skip-link")


def assert_accessible(page: Page, *, off: tuple[str, ...] = ()) -> None:
    """`off`: rules that do not fit here, by axe's name; say why where you call."""
    assert violations(page, off=off) == []


def violations(page: Page, *, off: tuple[str, ...] = ()) -> list[str]:
    """Needs a page that may run scripts. Sandboxed frames may not, so they are passed over: what the
    outbox frames is looked at by itself (letters.show)."""
    return [told for frame in running_frames(page) for told in _of(frame, off)]


def _of(frame: Frame, off: tuple[str, ...]) -> list[str]:
    frame.wait_for_load_state()
    if not frame.evaluate("() => 'axe' in window"):
        frame.evaluate(_source())
    asked: dict[str, Any] = {"tags": list(RULES), "off": list(off)}
    frame.evaluate(_RUN, asked)
    told = frame.wait_for_function("() => window.axeTold", timeout=20_000).json_value()
    return [f"{frame.url}: {line}" for line in told["lines"]]


@cache
def _source() -> str:
    return _SOURCE.read_text("utf-8")
