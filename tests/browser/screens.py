"""Every page that is shot: where it belongs, its name, and how to get there.

A new page gets one line here; its contact sheet is that of its group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.doors import app, open_app, store
from tests.browser.letters import letter, link, show, target
from tests.browser.past import Past, name
from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Road

SHOTS = Path("var/screens")
TALLEST = 6_000
PARTS = ("store", "admin", "shopper")
GROUPS = (*(f"{shop.split('.')[0]}-{part}" for shop in STORES for part in PARTS), "outbox")
PRODUCT = {SHOPIFY: "hearth-mug", WOOCOMMERCE: "linen-lampshade"}
FLOW = "/flows/review_request"
ADMIN = ("/", "/flows", FLOW, f"{FLOW}/mail/ask", f"{FLOW}/preview/ask", "/messages", "/reviews", "/brand")
# How a WooCommerce shop is connected.
CONNECTING = {
    "connect": "/woocommerce/connect",
    "keys": "/woocommerce/keys?shop=larkhus.example",
}

Go = Callable[[Page], object]


@dataclass(frozen=True)
class Screen:
    """`group` is also the name of its contact sheet. `lid`: an open panel lies over the page, as it is
    meant to, and may hide what has the focus."""

    group: str
    name: str
    go: Go
    lid: bool = False

    def file(self, width: int, *, dark: bool = False) -> Path:
        return SHOTS / self.group / f"{self.name}-{width}{'-dark' if dark else ''}.png"


def screens(road: Road, past: Past) -> list[Screen]:
    """In the order of a visit: later ones find what earlier ones put into the basket."""
    found = [screen for shop in STORES for screen in (*_store(road, past, shop), *_admin(road, past, shop))]
    return [*found, *_hosted(road, past), *_outbox(road, past)]


def mails(road: Road, past: Past, shop: str) -> list[Screen]:
    """Every kind of mail that the past brought; the newest of each flow's step."""
    group = f"{name(shop)}-mails"
    orders = [told[shop] for told in (past.arrived, past.split, past.fresh)]
    by_step = {f"{mail['flow']}-{mail['step']}": mail for one in orders for mail in road.mails(one.email)}
    return [Screen(group, step, partial(show, road=road, mail=mail)) for step, mail in by_step.items()]


def shoot(page: Page, screen: Screen, width: int, *, dark: bool = False) -> Path:
    """The whole page; of a back office the whole page in its frame."""
    screen.go(page)
    usual = page.viewport_size
    assert usual is not None
    if screen.group.endswith("-admin"):
        inner = max(frame.evaluate("document.documentElement.scrollHeight") for frame in page.frames)
        page.set_viewport_size({"width": width, "height": min(max(inner + 120, usual["height"]), TALLEST)})
    file = screen.file(width, dark=dark)
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=not screen.lid, animations="disabled")
    page.set_viewport_size(usual)
    return file


def tracking_page(road: Road, past: Past, shop: str, which: str = "split") -> str:
    """The address that the order's confirmation leads to."""
    order = getattr(past, which)[shop]
    return target(link(letter(road, order.email, "order_confirmation/confirmation"), "/t/"))


def _store(road: Road, past: Past, shop: str) -> Iterator[Screen]:
    group = f"{name(shop)}-store"

    def at(path: str) -> Go:
        return _to(store(road, shop, path))

    def basket(page: Page) -> None:
        page.goto(store(road, shop, f"/product/{PRODUCT[shop]}"))
        page.get_by_role("button", name="Add to basket").click()
        page.wait_for_url("**/basket")

    def account(page: Page) -> None:
        page.goto(store(road, shop, "/account"))
        if page.locator("form[action='/account'] input").count():
            page.locator("#email").fill(past.arrived[shop].email)
            page.get_by_role("button", name="Show my orders").click()

    def bench(page: Page) -> None:
        page.goto(store(road, shop, "/"))
        page.get_by_text("Merchant bar", exact=True).click()

    yield Screen(group, "1-window", at("/"))
    yield Screen(group, "2-product", at(f"/product/{PRODUCT[shop]}"))
    yield Screen(group, "3-basket", basket)
    yield Screen(group, "4-checkout", at("/checkout"))
    yield Screen(group, "5-log-in", at("/account"))
    yield Screen(group, "6-account", account)
    yield Screen(group, "7-order", at(f"/account/orders/{past.arrived[shop].id}"))
    yield Screen(group, "8-merchant-bar", bench, lid=True)
    yield Screen(group, "9-track", at("/apps/doorstep/track"))
    if shop == SHOPIFY:
        yield Screen(group, "10-look-up-block", at("/pages/track"))


def _admin(road: Road, past: Past, shop: str) -> Iterator[Screen]:
    for number, path in enumerate(ADMIN, 1):
        words = path.removeprefix(f"{FLOW}/").strip("/").replace("/", "-") or "home"
        yield Screen(f"{name(shop)}-admin", f"{number}-{words}", _app(road, shop, path))
    asked = letter(road, past.arrived[shop].email, "review_request/ask")
    message = asked["headers"]["X-Doorstep-Row"]
    yield Screen(f"{name(shop)}-admin", "9-message", _app(road, shop, f"/messages/{message}"))
    yield Screen(f"{name(shop)}-admin", "10-storefront", _app(road, shop, "/storefront"))
    yield Screen(f"{name(shop)}-admin", "11-settings", _app(road, shop, "/settings"))
    yield Screen(f"{name(shop)}-admin", "14-versions", _app(road, shop, f"{FLOW}/mail/ask/history"))
    if shop == WOOCOMMERCE:
        yield Screen(f"{name(shop)}-admin", "12-connection", _app(road, shop, "/connection"))
        yield Screen(f"{name(shop)}-admin", "13-shipping", _app(road, shop, "/shipping"))


def _hosted(road: Road, past: Past) -> Iterator[Screen]:
    for shop in STORES:
        for number, which in enumerate(("fresh", "split", "arrived"), 1):
            yield Screen(
                f"{name(shop)}-shopper",
                f"{number}-tracking-{which}",
                _to(tracking_page(road, past, shop, which)),
            )
        group, asked = f"{name(shop)}-shopper", letter(road, past.arrived[shop].email, "review_request/ask")
        yield Screen(group, "4-review", _to(target(link(asked, "stars=4"))))
        yield Screen(group, "5-preferences", _to(target(link(asked, "/u/"))))
        yield Screen(group, "6-look-up-with-us", _to(app(road, f"/s/{shop}/track")))
    for number, paper in enumerate(("privacy", "terms", "support"), 7):
        yield Screen(f"{name(SHOPIFY)}-shopper", f"{number}-{paper}", _to(app(road, f"/{paper}")))
    for number, (words, path) in enumerate(CONNECTING.items(), 7):
        yield Screen(f"{name(WOOCOMMERCE)}-shopper", f"{number}-{words}", _to(app(road, path)))


def _outbox(road: Road, past: Past) -> Iterator[Screen]:
    mail = letter(road, past.fresh[SHOPIFY].email, "order_confirmation/confirmation")
    yield Screen("outbox", "1-list", _to(app(road, "/dev/outbox")))
    yield Screen("outbox", "2-nobody", _to(app(road, "/dev/outbox?to=nobody@example.com")))
    for number, tab in enumerate(("html", "text", "source", "headers", "why"), 3):
        yield Screen("outbox", f"{number}-{tab}", _to(app(road, f"/dev/outbox/{mail['id']}?show={tab}")))


def _to(address: str) -> Go:
    return lambda page: page.goto(address)


def _app(road: Road, shop: str, path: str) -> Go:
    return lambda page: open_app(page, road, shop, path)
