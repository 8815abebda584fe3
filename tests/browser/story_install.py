"""The first chapter: a shop without the app, its back office, and the way in that its platform has."""

from __future__ import annotations

import time

from playwright.sync_api import FrameLocator, Page, expect

from flows.presets import PRESETS, STARTER
from tests.browser.doors import LOGIN, store
from tests.browser.story_book import Book
from tests.stories.conftest import SHOPIFY, WOOCOMMERCE, Road

PATIENCE = 120_000


def take_out(road: Road, shop: str) -> None:
    """The shop as before its first installation. Shopify tells that the app was taken out, which ends
    everything; WooCommerce tells nobody, so its switches are put back by hand."""
    road.post(shop, "/sandbox/uninstall", {})
    if shop == WOOCOMMERCE:
        switches = (f"--{'on' if flow.key in STARTER else 'off'}={flow.key}" for flow in PRESETS)
        road.start.command("flows", "--shop", shop, *switches)
        return
    end = time.monotonic() + 20
    while road.rows("SELECT state FROM shops WHERE domain = :d", d=shop)[0].state != "uninstalled":
        assert time.monotonic() < end, "Shopify's word was not heard"
        time.sleep(0.1)


def install(book: Book, page: Page, road: Road, shop: str) -> None:
    {SHOPIFY: _shopify, WOOCOMMERCE: _woocommerce}[shop](book, page, road)
    inside = app_in(page)
    expect(inside.get_by_role("heading", name="Home", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(inside.locator("#state")).to_have_text("Running", timeout=PATIENCE)
    book.shoot(page, "home")
    book.tell("Its first page, in the frame. The starter flows run")


def app_in(page: Page) -> FrameLocator:
    """The app's page inside the back office."""
    return page.frame_locator("iframe[title=Doorstep]")


def _shopify(book: Book, page: Page, road: Road) -> None:
    page.goto(store(road, SHOPIFY, "/admin/apps/doorstep"))
    expect(page.get_by_role("heading", name="Doorstep is not installed")).to_be_visible()
    book.shoot(page, "install")
    book.tell("The back office offers to install it")
    page.get_by_role("button", name="Install Doorstep").click()


def _woocommerce(book: Book, page: Page, road: Road) -> None:
    page.goto(store(road, WOOCOMMERCE, "/wp-admin/"))
    for words, typed in zip(("User name", "Password"), LOGIN, strict=True):
        page.get_by_label(words).click()
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Doorstep is not connected")).to_be_visible()
    book.shoot(page, "connect")
    book.tell("The back office offers to connect it")
    page.get_by_role("link", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="would like to connect")).to_be_visible()
    book.shoot(page, "approve")
    book.tell("The store asks what it may do")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Your shop is connected")).to_be_visible()
    page.get_by_role("link", name="Back to your shop").click()
    _until_written_back(page)


def _until_written_back(page: Page) -> None:
    """The plugin shows the app's page once the app has sent it its settings."""
    end = time.monotonic() + PATIENCE / 1000
    while page.get_by_role("heading", name="is being connected").count():
        assert time.monotonic() < end, "the app has not written back"
        page.wait_for_timeout(200)
        page.get_by_role("link", name="Look again").click()
        page.wait_for_load_state()
