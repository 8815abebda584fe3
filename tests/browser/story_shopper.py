"""What the shopper does in the story: buys, opens mails, follows a parcel, writes a review, leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.doors import app, store
from tests.browser.letters import link
from tests.browser.story_book import PHONE, Book
from tests.stories.conftest import Placed, Road

TITLE, NAME = "Better than I hoped", "Mara"
WORDS = "Used every day for more than a week now. It looks as new, and it is a joy to hold."


def buy(book: Book, page: Page, road: Road, shop: str, slug: str, email: str) -> Placed:
    page.goto(store(road, shop, f"/product/{slug}"))
    book.shoot(page, "product")
    page.get_by_role("button", name="Add to basket").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("E-mail", exact=True).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(email)
    page.get_by_label("First name").fill(NAME)
    book.shoot(page, "checkout")
    page.get_by_role("button", name="Place the order").click()
    expect(page.get_by_text(f"The confirmation goes to {email}")).to_be_visible()
    book.shoot(page, "ordered")
    book.tell("Bought in the shop: product, checkout, thank-you page")
    id = parse_qs(urlsplit(page.url).query)["order"][0]
    number = page.locator(".kicker").inner_text().lower().removeprefix("order ")
    return Placed(shop, id, number, [], email)


def press_in_the_bar(page: Page, road: Road, order: Placed, button: str) -> None:
    """The merchant's side of the shop's pages."""
    page.goto(store(road, order.shop))
    page.get_by_text("Merchant bar", exact=True).click()
    page.locator("form.order").filter(has_text=order.email).get_by_role(
        "button", name=button, exact=True
    ).click()
    expect(page.locator(".bench .said")).to_contain_text(order.number.lstrip("#"))


def open_mail(page: Page, road: Road, mail: dict[str, Any]) -> None:
    """Through the outbox's list."""
    page.goto(app(road, f"/dev/outbox?to={mail['to']}"))
    page.locator(f"a[href='/dev/outbox/{mail['id']}']").click()
    for width in ("Phone", "Desk"):
        expect(page.frame_locator(f"iframe[title^={width}]").get_by_role("link").first).to_be_visible()


@contextmanager
def followed(page: Page, mail: dict[str, Any], piece: str) -> Iterator[Page]:
    """Clicks the mail's first link that leads to `piece`; where that ends, in a tab of its own."""
    inside = page.frame_locator("iframe[title^=Desk]")
    with page.context.expect_page() as opened:
        inside.locator(f"a[href={link(mail, piece)!r}]").first.click()
    tab = opened.value
    tab.wait_for_load_state()
    yield tab
    tab.close()


def write_review(book: Book, tab: Page) -> None:
    """The stars stand there already; what is said about them is typed."""
    book.shoot(tab, "review", PHONE)
    tab.locator("input[name=title-0]").click()
    tab.keyboard.type(TITLE)
    tab.locator("textarea[name=body-0]").click()
    tab.keyboard.type(WORDS)
    book.shoot(tab, "written", PHONE)
    tab.locator("form", has=tab.locator("input[name=title-0]")).get_by_role("button").click()
    expect(tab.get_by_role("listitem").filter(has_text=WORDS)).to_be_visible()
    book.shoot(tab, "thanks", PHONE)


def leave_reviews(book: Book, tab: Page) -> None:
    """One tap on the page that the mail's last line leads to."""
    tab.locator("form", has=tab.locator("input[name=leave][value=reviews]")).get_by_role("button").click()
    expect(tab.get_by_role("status")).to_be_visible()
    expect(tab.locator("input[name=join][value=reviews]").first).to_be_attached()
    book.shoot(tab, "left", PHONE)


def look_up(book: Book, tab: Page, road: Road, order: Placed) -> None:
    """By number and e-mail, on the keyboard."""
    tab.goto(store(road, order.shop, "/apps/doorstep/track"))
    tab.locator("input[name=number]").click()
    tab.keyboard.type(order.number)
    tab.keyboard.press("Tab")
    tab.keyboard.type(order.email)
    book.shoot(tab, "look-up", PHONE)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/apps/doorstep/t/*")


def leave_everything(book: Book, tab: Page) -> None:
    tab.locator("form", has=tab.locator("input[name=leave][value=all]")).get_by_role("button").click()
    expect(tab.locator("input[name=leave]")).to_have_count(0)
    book.shoot(tab, "left", PHONE)
