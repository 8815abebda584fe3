"""Every mail as a mailbox shows it: on a phone and at full width, by day and by night, in every language.

In `make test` each is shown once, in a look that goes round; with full counts, and to `make screens`, in all
four: each English mail, and the confirmation and the review request of every language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Route

from emails.i18n import languages
from emails.render import render
from tests.browser.contact import WRITES_DOCS, sheet
from tests.browser.screens import SHOTS
from tests.emails import cases
from tests.emails.linting.mails import CLASS_OF, ORDERS, to_whoever_may_leave
from tests.proof import FULL, Figure

WIDTHS = (375, 640)
LOOKS = tuple(product(WIDTHS, (False, True)))
Look = tuple[int, bool]
SPOKEN = ("order_confirmation/confirmation", "review_request/ask")

# Where something reaches further than the screen, and by how much.
WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1
                   || one.getBoundingClientRect().left < -1)
    .map(one => one.tagName + ' ' + one.textContent.trim().slice(0, 40))"""
# A link that is a block is a target for a thumb; one within a sentence is as high as its line.
SMALL = """() => [...document.querySelectorAll('a[href]')]
    .filter(one => getComputedStyle(one).display !== 'inline' && one.getBoundingClientRect().height < 44
                   && one.getBoundingClientRect().height > 0)
    .map(one => one.textContent.trim().slice(0, 40) + ' ' + one.getBoundingClientRect().height)"""


@pytest.fixture(scope="module")
def pages(browser: Browser) -> Iterator[dict[Look, Page]]:
    made: dict[Look, Page] = {}
    for width, dark in LOOKS:
        page = browser.new_page(
            viewport={"width": width, "height": 812}, color_scheme="dark" if dark else "light"
        )
        page.route(re.compile("^https?:"), _picture)
        made[width, dark] = page
    yield made
    for page in made.values():
        page.close()


def test_every_english_mail(pages: dict[Look, Page], figure: Figure) -> None:
    shots, faults = list[Path](), list[str]()
    for number, template in enumerate(cases.STATES):
        order = ("plain", "euros")[number % 2]
        for look in looks_of(number):
            shots.append(_shown(pages, template, "en", order, look, faults))
    figure("shots", len(shots))
    _sheet("mails", shots)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("template", SPOKEN)
def test_every_language(pages: dict[Look, Page], template: str, figure: Figure) -> None:
    order = {"ja": "yen", "de": "euros", "fr": "euros", "es": "euros"}
    shots, faults = list[Path](), list[str]()
    for number, language in enumerate(languages()):
        for look in looks_of(number):
            shots.append(_shown(pages, template, language, order.get(language, "plain"), look, faults))
    figure("shots", len(shots))
    _sheet(f"languages-{template.partition('/')[2]}", shots)
    assert not faults, "\n".join(faults)


def test_from_right_to_left(pages: dict[Look, Page]) -> None:
    faults = list[str]()
    for look in LOOKS:
        _shown(pages, SPOKEN[0], "en", "right to left", look, faults)
    assert not faults, "\n".join(faults)


def looks_of(number: int) -> tuple[Look, ...]:
    return LOOKS if FULL or WRITES_DOCS else (LOOKS[number % len(LOOKS)],)


def _shown(
    pages: dict[Look, Page], template: str, language: str, order: str, look: Look, faults: list[str]
) -> Path:
    width, dark = look
    page = pages[look]
    page.set_content(_fullest(template, language, order))
    shown = "rtl" if order == "right to left" else language
    name = f"{template.replace('/', '-')}-{shown}-{width}{'-dark' if dark else ''}"
    faults += [f"{name}: wider than the screen: {one}" for one in page.evaluate(WIDER)]
    faults += [f"{name}: small for a thumb: {one}" for one in page.evaluate(SMALL)]
    file = SHOTS / "mails-shown" / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True, animations="disabled")
    return file


@lru_cache(maxsize=64)
def _fullest(template: str, language: str, order: str) -> str:
    """In the state in which it says most."""
    made = (
        to_whoever_may_leave(state(ORDERS[order]()), CLASS_OF[template]) for state in cases.STATES[template]
    )
    return max((render(template, context, language).html for context in made), key=len)


def _picture(route: Route) -> None:
    route.fulfill(body=_drawn(sum(route.request.url.encode()) % 5), content_type="image/png")


@lru_cache(maxsize=8)
def _drawn(number: int) -> bytes:
    """A thing on a coloured ground, as product pictures are."""
    ground = ("#d9c7b0", "#b9c9c4", "#d8d3e3", "#e4cfc6", "#c9d3dd")[number]
    image = Image.new("RGB", (400, 400), ground)
    ImageDraw.Draw(image).rounded_rectangle((120, 70, 280, 330), 40, fill="#ffffff", outline="#8a7f75")
    written = io.BytesIO()
    image.save(written, "png")
    return written.getvalue()


def _sheet(group: str, shots: list[Path]) -> None:
    """On a phone, every other mail by night: all four looks are in var/screens."""
    if WRITES_DOCS:
        phone = [shot for shot in shots if "-375" in shot.name]
        sheet(group, [shot for number, shot in enumerate(phone) if number % 4 in (0, 3)])
