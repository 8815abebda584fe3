"""The record of a story: numbered pictures with a line of words each, and Playwright's own trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.contact import Frame
from tests.browser.screens import SHOTS

PHONE, DESK = (375, 812), (1280, 900)


@dataclass
class Book:
    """`var/screens/<name>/NN-what.png` and `var/screens/<name>.zip`."""

    name: str
    frames: list[Frame] = field(default_factory=list)
    _open: list[Path] = field(default_factory=list)

    def shoot(self, page: Page, what: str, size: tuple[int, int] = DESK) -> None:
        """What is seen without scrolling, at this width; the page keeps its own."""
        file = SHOTS / self.name / f"{len(self.frames) + 1:02}-{what}.png"
        usual = page.viewport_size
        if usual and usual["width"] != size[0]:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        page.screenshot(path=file, animations="disabled")
        if usual:
            page.set_viewport_size(usual)
        self._open.append(file)

    def tell(self, caption: str) -> None:
        """Puts what was shot since the last caption into one frame of the strip."""
        self.frames.append(Frame(caption, tuple(self._open)))
        self._open.clear()


@contextmanager
def recorded(page: Page, name: str) -> Iterator[Book]:
    """The trace of all pages of the context, kept however the story ends; pictures of an earlier telling
    are gone."""
    folder = SHOTS / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    page.context.tracing.start(title=name, screenshots=True, snapshots=False)
    try:
        yield Book(name)
    finally:
        page.context.tracing.stop(path=folder.with_suffix(".zip"))
