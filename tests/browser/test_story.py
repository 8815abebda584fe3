"""The whole product in one sitting, for each platform: from a shop without the app to a review on its
product page, told with mouse and keyboard through the doors that a merchant and a shopper use.

It takes the app out of both shops first, so conftest.py tells it after everything else in this folder.
`make screens` prints its pictures as one strip for each shop; the trace in var/screens opens with
`playwright show-trace`.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.contact import WRITES_DOCS, filmstrip
from tests.browser.doors import store
from tests.browser.letters import letter, link
from tests.browser.past import name
from tests.browser.story_book import PHONE, Book, recorded
from tests.browser.story_facts import (
    SLUGS,
    arrived,
    parcel_number,
    person,
    reviews_of,
    scopes_left,
    sent_after,
    time_passes,
    until_delivered,
    wakes_at,
)
from tests.browser.story_install import install, take_out
from tests.browser.story_merchant import (
    ask_why_not,
    publish_unseen,
    switch_off,
    switch_on,
    turn_to_fourteen,
)
from tests.browser.story_shopper import (
    TITLE,
    WORDS,
    buy,
    followed,
    leave_everything,
    leave_reviews,
    look_up,
    open_mail,
    press_in_the_bar,
    write_review,
)
from tests.proof import Figure
from tests.stories.conftest import STORES, Placed, Road

pytestmark = pytest.mark.timeout(300)

CONFIRMED, SHIPPED, ARRIVED = "order_confirmation/confirmation", "shipped/parcel", "delivered/arrived"
ASK = "review_request/ask"
TOLD = (CONFIRMED, SHIPPED, ARRIVED, ASK, "review_request/nudge", "review_request/last")


@pytest.mark.parametrize("shop", list(STORES))
def test_from_the_installation_to_a_review_in_the_shop(
    road: Road, open_page: OpenPage, shop: str, figure: Figure
) -> None:
    began = time.monotonic()
    take_out(road, shop)
    shopper = open_page()
    merchant = shopper.context.new_page()
    with recorded(shopper, f"story-{name(shop)}") as book:
        install(book, merchant, road, shop)
        read = switch_on(book, merchant)
        assert all(words.startswith("From now on") for words in read.values()), read
        order = _parcel(book, shopper, road, shop)
        _review(book, shopper, road, order)
        article = publish_unseen(book, merchant, WORDS)
        assert "star" not in article.lower()
        _read_in_the_shop(book, open_page(), road, shop)
        waiting = _knob(book, merchant, road, shop)
        switch_off(book, merchant)
        _nothing_more(book, merchant, road, waiting)
        told = [step for step in road.steps(order.email) if step in TOLD]
        assert told == [CONFIRMED, SHIPPED, ARRIVED, ASK], "who has answered is left alone"
        _leave(book, shopper, road, order)
        _without_scripts(book, open_page(375, scripts=False), road, waiting)
    figure("seconds", round(time.monotonic() - began, 1))
    figure("pictures", sum(len(frame.shots) for frame in book.frames))
    if WRITES_DOCS:
        filmstrip(book.name, book.frames)


def _parcel(book: Book, page: Page, road: Road, shop: str) -> Placed:
    """Bought, confirmed, shipped, followed, delivered."""
    order = buy(book, page, road, shop, SLUGS[shop], person("mara", shop))
    open_mail(page, road, letter(road, order.email, CONFIRMED))
    book.shoot(page, "confirmation")
    book.tell("The confirmation is there")
    press_in_the_bar(page, road, order, "Ship all")
    book.shoot(page, "ship")
    mail = letter(road, order.email, SHIPPED)
    open_mail(page, road, mail)
    book.shoot(page, "shipped")
    book.tell("The merchant ships; the mail follows")
    with followed(page, mail, "/t/") as tab:
        assert tab.url.startswith(store(road, shop, "/apps/doorstep/t/")), tab.url
        expect(tab.locator("main")).to_contain_text(parcel_number(road, order))
        book.shoot(tab, "tracking")
        book.shoot(tab, "tracking-375", PHONE)
    book.tell("Its button leads to the parcel, on the shop's own site")
    press_in_the_bar(page, road, order, "Deliver")
    until_delivered(road, order)
    time_passes(road, hours=3)
    open_mail(page, road, letter(road, order.email, ARRIVED))
    book.shoot(page, "delivered")
    book.tell("Delivered; three hours later")
    return order


def _review(book: Book, page: Page, road: Road, order: Placed) -> None:
    """Ten days later, at ten: a star in the mail, and nothing is kept before it is sent."""
    time_passes(road, days=11)
    mail = letter(road, order.email, ASK)
    assert sent_after(road, order, mail) == (10, 10, 0)
    open_mail(page, road, mail)
    book.shoot(page, "ask")
    book.tell("Ten days later, at ten in the morning")
    with followed(page, mail, "stars=4") as tab:
        assert tab.url.startswith(store(road, order.shop, "/apps/doorstep/r/")), tab.url
        expect(tab.locator("input[name=stars-0][value='4']")).to_be_checked()
        assert reviews_of(road, order) == []
        write_review(book, tab)
    book.tell("The fourth star leads to a page with four stars; words are added and sent")
    assert reviews_of(road, order) == [("held", 4, TITLE, WORDS)]


def _read_in_the_shop(book: Book, page: Page, road: Road, shop: str) -> None:
    """By somebody who has never been there."""
    page.goto(store(road, shop, f"/product/{SLUGS[shop]}"))
    widget = page.locator("doorstep-reviews")
    expect(widget.locator("li").filter(has_text=WORDS)).to_be_visible()
    expect(widget.locator(".score b")).to_have_text("4.0")
    expect(page.locator("doorstep-stars")).to_contain_text("4.0")
    assert WORDS in page.evaluate("document.querySelector('doorstep-reviews').shadowRoot.textContent")
    book.shoot(page, "stars")
    widget.scroll_into_view_if_needed()
    book.shoot(page, "widget")
    book.tell("The review and the average are on the product page")


def _knob(book: Book, page: Page, road: Road, shop: str) -> Placed:
    """Another order waits for its tenth day, and then for its fourteenth."""
    order = arrived(road, shop, person("jonas", shop))
    before = wakes_at(road, order)
    turn_to_fourteen(book, page)
    after = wakes_at(road, order, but=before)
    assert after.replace(tzinfo=None) - before.replace(tzinfo=None) == timedelta(days=4), (before, after)
    time_passes(road, days=15)
    mail = letter(road, order.email, ASK)
    assert sent_after(road, order, mail) == (14, 10, 0)
    assert datetime.fromisoformat(mail["sent_at"]) - after < timedelta(minutes=1)
    return order


def _nothing_more(book: Book, page: Page, road: Road, asked: Placed) -> None:
    """An order that arrives now hears of its parcel and of nothing else, and who was asked before hears
    no second time."""
    order = arrived(road, asked.shop, person("ada", asked.shop))
    time_passes(road, days=16)
    assert road.steps(order.email) == [CONFIRMED, SHIPPED, ARRIVED]
    assert road.steps(asked.email) == [CONFIRMED, SHIPPED, ARRIVED, ASK]
    ask_why_not(book, page, order)


def _leave(book: Book, page: Page, road: Road, order: Placed) -> None:
    mail = letter(road, order.email, ASK)
    open_mail(page, road, mail)
    before = scopes_left(road, order.shop)
    with followed(page, mail, "/u/") as tab:
        book.shoot(tab, "preferences", PHONE)
        leave_reviews(book, tab)
    book.tell("One tap, and no more review requests")
    assert scopes_left(road, order.shop) - before == {"reviews"}


def _without_scripts(book: Book, page: Page, road: Road, order: Placed) -> None:
    look_up(book, page, road, order)
    expect(page.locator("main")).to_contain_text(parcel_number(road, order))
    book.shoot(page, "found", PHONE)
    book.tell("Without JavaScript: looked up and followed")
    mail = letter(road, order.email, ASK)
    page.goto(link(mail, "stars=2"))
    write_review(book, page)
    book.tell("Without JavaScript: reviewed")
    assert reviews_of(road, order) == [("held", 2, TITLE, WORDS)]
    before = scopes_left(road, order.shop)
    page.goto(link(mail, "/u/"))
    book.shoot(page, "preferences", PHONE)
    leave_everything(book, page)
    book.tell("Without JavaScript: unsubscribed")
    assert scopes_left(road, order.shop) - before == {"S", "M"}
