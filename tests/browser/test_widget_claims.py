"""What the review widget claims of the shop, and that it says so only where it is told that it is true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

WIDGETS = Path("static/widgets")
ADDRESS = "http://shop.example/"
PAGE = """<!doctype html><html lang="{lang}"><style>doorstep-reviews {{ display: block; min-height: 32em }}
@media (max-width: 46em) {{ doorstep-reviews {{ min-height: 54em }} }}</style>
<doorstep-reviews product="p1" base="/apps"{how}></doorstep-reviews><p id="after">After it</p>
<script>window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {{
window.shift += entry.value; }})).observe({{type: "layout-shift", buffered: true}});</script>
<script src="/reviews.js" defer></script></html>"""
REVIEW = {
    "id": 1,
    "stars": 4,
    "title": "A lamp",
    "body": "It stands on the table.",
    "name": "Mia",
    "language": "en",
    "verified": True,
    "date": "2026-11-02",
    "day": "2 November 2026",
}
CLAIMS = {
    "en": ("Every buyer is asked", "Whoever buys it is asked", "You bought it?"),
    "de": ("Alle, die kaufen, werden gefragt", "Wer es kauft, wird", "Sie haben es gekauft?"),
}


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("lang", list(CLAIMS))
@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("asked", [True, False, None])
def test_that_buyers_are_asked_is_said_only_while_they_are(
    browser: Browser, width: int, lang: str, count: int, asked: bool | None
) -> None:
    told = {
        "average": 4.0 * count,
        "count": count,
        "distribution": {"4": count},
        "reviews": [REVIEW][:count],
        "next": None,
        **({} if asked is None else {"asked": asked}),
    }

    how = " how" if width == 375 else ""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.startswith("apps/reviews.json"):
            route.fulfill(body=json.dumps(told), content_type="application/json")
        elif path in ("reviews.js", "stars.js"):
            route.fulfill(path=WIDGETS / path, content_type="text/javascript")
        else:
            route.fulfill(body=PAGE.format(lang=lang, how=how), content_type="text/html; charset=utf-8")

    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS, wait_until="networkidle")
        widget = page.locator("doorstep-reviews")
        text = widget.evaluate("widget => widget.shadowRoot.querySelector('.frame, .empty').textContent")
        assert ("A lamp" in text) is bool(count)
        claimed = CLAIMS[lang][0 if count else 1]
        assert (claimed in text) is (asked is True)
        assert (CLAIMS[lang][2] in text) is (asked is True and bool(how))
        assert page.evaluate("window.shift") == 0
