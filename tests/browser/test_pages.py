"""Every page and every mail: shot, read by axe-core, walked through with the keyboard.

In `make test` each is visited once, at one width; with full counts at both. `make screens` shoots at both
and writes the contact sheets in docs/screens too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.axe import PAGE_RULES, violations
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.contact import ALL_TOGETHER, SHEETS, WRITES_DOCS, sheet
from tests.browser.keyboard import walk
from tests.browser.past import Past, name
from tests.browser.screens import GROUPS, mails, screens, shoot
from tests.proof import Count, Figure
from tests.stories.conftest import STORES, Road

pytestmark = pytest.mark.timeout(900)

WIDTHS = (PHONE, DESK)


@pytest.mark.parametrize("group", GROUPS)
def test_pages(road: Road, past: Past, open_page: OpenPage, group: str, count: Count, figure: Figure) -> None:
    listed = [screen for screen in screens(road, past) if screen.group == group]
    assert listed
    first = GROUPS.index(group) % 2
    widths = WIDTHS if WRITES_DOCS else (WIDTHS[first], WIDTHS[1 - first])[: count(1, 2)]
    faults, shots = list[str](), dict[tuple[str, int], Path]()
    for width in widths:
        page = open_page(width)
        for screen in listed:
            shots[screen.name, width] = shoot(page, screen, width)
            found, walked = violations(page), walk(page)
            if screen.lid:
                walked.covered.clear()
            found += walked.faults()
            faults += [f"{screen.name} at {width}: {fault}" for fault in found]
    figure("shots", len(shots))
    _sheet(group, shots)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("shop", list(STORES))
def test_mails(road: Road, past: Past, open_page: OpenPage, shop: str, count: Count, figure: Figure) -> None:
    """Light and dark, as the reader's mail program may be."""
    looks = [(PHONE, False), (DESK, True), (PHONE, True), (DESK, False)]
    if list(STORES).index(shop) % 2:
        looks = looks[2:] + looks[:2]
    faults, shots = list[str](), dict[tuple[str, int], Path]()
    for width, dark in looks if WRITES_DOCS else looks[: count(2, 4)]:
        page = open_page(width, dark=dark)
        for screen in mails(road, past, shop):
            shots[screen.name, width + dark] = shoot(page, screen, width, dark=dark)
            found = violations(page, off=PAGE_RULES)
            faults += [f"{screen.name} at {width}{', dark' * dark}: {fault}" for fault in found]
    figure("shots", len(shots))
    _sheet(f"{name(shop)}-mails", shots)
    assert not faults, "\n".join(faults)


def test_all_contact_sheets_together_are_small(figure: Figure) -> None:
    size = sum(file.stat().st_size for file in SHEETS.glob("*"))
    figure("contact_sheets_kb", size // 1000)
    assert size <= ALL_TOGETHER
    assert {file.suffix for file in SHEETS.glob("*")} <= {".jpg"}


def _sheet(group: str, shots: dict[tuple[str, int], Path]) -> None:
    if WRITES_DOCS:
        sheet(group, [shots[key] for key in sorted(shots)])
