"""The ground of every browser test: one running Doorstep, one Chromium, guarded pages.

Fixtures, from the cheapest to ask for to the most told:

`road`      the running Doorstep with both stores (tests/stories/conftest.py: place, ship, deliver, wait,
            outbox, SQL). ONE for the whole folder: use addresses of your own, and do not count rows.
`open_page` `open_page(width=1280, scripts=True, dark=False)`: a new page in a context of its own (no
            cookies of another), watched by `guard`. Closed at the test's end.
`phone`     `open_page(375)`; `desk`: `open_page(1280)`; `phone_bare`, `desk_bare`: without JavaScript.
`both`      the test runs twice, at 375 and at 1280 px.
`guard`     `guard.allow("status of 404")` names what this test expects; everything else that a page
            should not do (see guard.py) fails the test when it ends.
`past`      both stores with something in them (past.py): orders in every state, every mail of the four
            flows sent. Made once, by whoever asks first.

Modules: doors.py `open_app(page, road, shop, "/flows")` opens a back office and gives the app's frame;
letters.py `letter` finds a mail, `link` a link in it, `target` where that leads; axe.py
`assert_accessible(page)`; keyboard.py `assert_reachable(page)`; metrics.py `measure` loads a page as a
slow phone would; screens.py lists what test_pages.py shoots, reads and walks through: a new page needs
one line there and nothing else.

    .venv/bin/pytest tests/browser -q           all of it, after `make vendor chromium`
    make screens                                shots in var/screens, contact sheets in docs/screens

Everything lives while this folder's tests run and ends with them.
"""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.cli.places import short_folder
from app.cli.settings import environment_file
from app.config import Config
from app.db import open_database
from tests.browser.chromium import chromium
from tests.browser.guard import Guard
from tests.browser.past import Past, tell
from tests.memory import quick_folder
from tests.running import SCHEMA, begin, nothing_left
from tests.stories.conftest import Road

PHONE, DESK = 375, 1280
HEIGHTS = {PHONE: 812, DESK: 900}
PATIENCE = 15_000  # milliseconds, for a page as for what is expected of it
_HERE = "tests/browser/"


class OpenPage(Protocol):
    def __call__(self, width: int = DESK, *, scripts: bool = True, dark: bool = False) -> Page: ...


@pytest.fixture(scope="package")
def road() -> Iterator[Road]:
    with _folder() as data:
        start = begin(data)
        start.until("Doorstep is up")
        config = Config.from_environ(json.loads(environment_file(data).read_text()))
        database = open_database(config.database_url, pooled=False)
        yield Road(start, database)
        database.engine.dispose()
        start.process.send_signal(signal.SIGINT)
        start.process.wait(60)
        nothing_left(start)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-browser-", dir=quick_folder()))
    folder.chmod(0o711)
    shutil.copytree(SCHEMA, folder / "schema")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(short_folder(folder), ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def past(road: Road) -> Past:
    return tell(road)


@pytest.fixture
def guard() -> Iterator[Guard]:
    watching = Guard()
    yield watching
    assert not watching.verdict(), "\n".join(watching.verdict())


@pytest.fixture
def open_page(browser: Browser, guard: Guard) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []

    def open_one(width: int = DESK, *, scripts: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, HEIGHTS[DESK])},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE)
        guard.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE)


@pytest.fixture
def desk(open_page: OpenPage) -> Page:
    return open_page(DESK)


@pytest.fixture
def phone_bare(open_page: OpenPage) -> Page:
    return open_page(PHONE, scripts=False)


@pytest.fixture
def desk_bare(open_page: OpenPage) -> Page:
    return open_page(DESK, scripts=False)


@pytest.fixture(params=[PHONE, DESK])
def both(request: pytest.FixtureRequest, open_page: Callable[[int], Page]) -> Page:
    return open_page(request.param)


class _Seconds:
    """The browser suite's own time, printed at the end."""

    def __init__(self) -> None:
        self.spent = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid.startswith(_HERE):
            self.spent += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.spent:
            terminalreporter.write_line(f"browser suite: {self.spent:.0f} s")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The story is told last: it takes the app out of both shops."""
    places = [place for place, item in enumerate(items) if item.nodeid.startswith(_HERE)]
    told = sorted((items[place] for place in places), key=lambda item: "test_story.py" in item.nodeid)
    for place, item in zip(places, told, strict=True):
        items[place] = item


def pytest_configure(config: pytest.Config) -> None:
    expect.set_options(timeout=PATIENCE)
    config.pluginmanager.register(_Seconds(), "doorstep-browser-seconds")
