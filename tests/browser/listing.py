"""Icon and pictures of the listing, drawn from a sandbox that runs on PORT and has some past:

    make run                               in one terminal; buy, ship and deliver a little, let ten days pass
    python -m tests.browser.listing        in another

Pictures are of the app alone: no browser, no back office around it. They are printed again until they are
small enough.
"""

from __future__ import annotations

import html
import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import requests
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.browser.chromium import chromium

LISTING = Path("docs/listing")
WIDE, HIGH = 1_600, 900
ICON = 1_200
SCALE = 1.25
MOST_BYTES = 330_000

PORT = int(os.environ.get("PORT", "8000"))
APP, STORE = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{PORT + 1}"


def admin(path: str) -> str:
    """The app's page as the back office loads it into its frame, with a token of this minute."""
    page = requests.get(f"{STORE}/admin/apps/doorstep{path}", timeout=30).text
    (frame,) = re.findall(r'<iframe [^>]*src="([^"]+)"', page)
    return html.unescape(frame)


def mail(flow: str, step: str) -> dict[str, str]:
    """The newest such mail of the outbox."""
    listed = requests.get(f"{APP}/dev/outbox.json", timeout=30).json()
    found = [one for one in listed if (one["flow"], one["step"]) == (flow, step)]
    newest: dict[str, str] = max(found, key=lambda one: str(one["sent_at"]))
    return newest


def shoot(page: Page, name: str, go: Callable[[Page], object]) -> None:
    go(page)
    page.wait_for_load_state("networkidle")
    # The sandbox's own bar for merchants belongs to no shop.
    page.evaluate("document.querySelector('#bench')?.remove()")
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    assert picture.size == (WIDE, HIGH), picture.size
    printed = io.BytesIO()
    for quality in (90, 84, 78, 70):
        printed = io.BytesIO()
        picture.save(printed, "JPEG", quality=quality, optimize=True, progressive=True)
        if printed.tell() <= MOST_BYTES:
            break
    (LISTING / f"{name}.jpg").write_bytes(printed.getvalue())
    print(f"{name}.jpg: {printed.tell():,} bytes")


def draw_icon(page: Page) -> None:
    page.set_viewport_size({"width": ICON, "height": ICON})
    page.goto((LISTING / "icon.svg").absolute().as_uri())
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    drawn.quantize(32, dither=Image.Dither.NONE).save(LISTING / "icon.png", optimize=True)
    print(f"icon.png: {(LISTING / 'icon.png').stat().st_size:,} bytes")


def letter(flow: str, step: str) -> Callable[[Page], object]:
    return lambda page: page.set_content(mail(flow, step)["html"])


def tracking(page: Page) -> None:
    """Where the button of a mail about a parcel leads: into the store's own site."""
    links = re.findall(r'href="([^"]+/l/[^"]+)"', mail("shipped", "parcel")["html"])
    pages = [requests.get(html.unescape(link), allow_redirects=False, timeout=30) for link in links]
    page.goto(next(one.headers["Location"] for one in pages if "/t/" in one.headers["Location"]))


def why(page: Page) -> None:
    page.goto(admin("/messages"))
    link = page.locator("a.row", has_text="mail 1 of 3").first.get_attribute("href") or ""
    page.goto(admin(link.partition("?")[0].removeprefix("/shopify/app")))


def on_product_page(page: Page) -> None:
    page.goto(f"{STORE}/product/hearth-mug")
    page.wait_for_timeout(1_500)
    page.locator("doorstep-reviews").first.evaluate("one => one.scrollIntoView()")


def main() -> None:
    with chromium() as browser:
        draw_icon(browser.new_page())
        view = ViewportSize(width=int(WIDE / SCALE), height=int(HIGH / SCALE))
        context = browser.new_context(viewport=view, device_scale_factor=SCALE)
        page = context.new_page()
        shoot(page, "flows", lambda at: at.goto(admin("/flows")))
        shoot(page, "timeline", lambda at: at.goto(admin("/flows/review_request")))
        shoot(page, "mail", letter("review_request", "ask"))
        shoot(page, "tracking", tracking)
        shoot(page, "why", why)
        shoot(page, "reviews", on_product_page)
    whole = sum(file.stat().st_size for file in (*LISTING.glob("*.jpg"), *LISTING.glob("*.png")))
    print(f"all: {whole:,} bytes")


if __name__ == "__main__":
    main()
