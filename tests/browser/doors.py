"""Both back offices, with the app in its frame, as a merchant opens them."""

from __future__ import annotations

from playwright.sync_api import Frame, Page

from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Road

LOGIN = ("merchant", "sandbox")


def store(road: Road, shop: str, path: str = "/") -> str:
    """An address in the shop's storefront or back office."""
    return f"http://127.0.0.1:{road.start.port + STORES[shop]}{path}"


def app(road: Road, path: str = "/") -> str:
    return f"http://127.0.0.1:{road.start.port}{path}"


def open_app(page: Page, road: Road, shop: str, path: str = "/") -> Frame:
    """The app's page inside the shop's back office: its first one, or "/flows", "/flows/<key>"..."""
    return {SHOPIFY: _shopify, WOOCOMMERCE: _wordpress}[shop](page, road, path)


def _shopify(page: Page, road: Road, path: str) -> Frame:
    page.goto(store(road, SHOPIFY, f"/admin/apps/doorstep{path}"))
    return app_frame(page)


def _wordpress(page: Page, road: Road, path: str) -> Frame:
    """Logs in where nobody is logged in yet."""
    page.goto(store(road, WOOCOMMERCE, f"/wp-admin/admin.php?page=doorstep&path={path}"))
    secret = page.locator("input[type=password]")
    if secret.count():
        page.locator("input:not([type=password], [type=hidden])").first.fill(LOGIN[0])
        secret.fill(LOGIN[1])
        secret.press("Enter")
    return app_frame(page)


def app_frame(page: Page) -> Frame:
    """The app's frame in the page, once its page has come: past the one that patches the id token."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_selector("main")
    frame.wait_for_load_state()
    return frame
