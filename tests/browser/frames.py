"""Which documents of a page the tests' own scripts can run in."""

from __future__ import annotations

from playwright.sync_api import Frame, Page


def running_frames(page: Page) -> list[Frame]:
    """The page itself and its frames, but for sandboxed ones: in these no script runs."""
    return [frame for frame in page.frames if _may_run(frame)]


def _may_run(frame: Frame) -> bool:
    if frame.parent_frame is None:
        return True
    sandbox = frame.frame_element().get_attribute("sandbox")
    return sandbox is None or "allow-scripts" in sandbox
