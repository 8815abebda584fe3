"""What the merchant does in the story: switches, reviews, knobs, and looking up why."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Page, expect

from flows.presets import STARTER
from tests.browser.story_book import Book
from tests.browser.story_install import app_in
from tests.stories.conftest import Placed

# What the store says by itself is off until the merchant wants it said by Doorstep.
CHOSEN = ("order_confirmation", "shipped")
_STEP_MARK = "#mark-ask"


def switch_on(book: Book, page: Page) -> dict[str, str]:
    """By mouse and by keyboard in turn. Returns what stood beside each switch before it was pressed."""
    inside = go_to(page, "Flows")
    read = {}
    expect(inside.locator("#flows-on")).to_have_text(re.compile(rf"^{len(STARTER)} of "))
    book.shoot(page, "flows-off")
    for number, key in enumerate(CHOSEN):
        card = inside.locator(f"#flow-{key}")
        read[key] = card.locator(".line").inner_text()
        switch = card.get_by_role("switch")
        expect(switch).to_have_attribute("aria-checked", "false")
        if number % 2:
            switch.focus()
            page.keyboard.press("Space")
        else:
            switch.click()
        expect(card.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    expect(inside.locator("#flows-on")).to_have_text(re.compile(rf"^{len(STARTER) + len(CHOSEN)} of "))
    book.shoot(page, "flows-on")
    book.tell("The flows say what they would do, and are switched on")
    return read


def publish_unseen(book: Book, page: Page, words: str) -> str:
    """Reads and publishes the review with these words. Returns the list's HTML before the decision."""
    inside = go_to(page, "Reviews")
    waiting = inside.locator("article.review").filter(has_text=words)
    expect(waiting).to_be_visible()
    before = waiting.evaluate("article => article.outerHTML")
    whole = inside.locator("#reviews").inner_html()
    assert "of 5 stars" not in whole
    book.shoot(page, "moderation")
    waiting.get_by_role("button", name="Publish").click()
    expect(inside.locator("#reviews [role=status]").get_by_text("ublished").first).to_be_visible()
    expect(waiting).to_have_count(0)
    book.shoot(page, "published")
    book.tell("The merchant reads the words, not the stars, and publishes")
    return str(before)


def turn_to_fourteen(book: Book, page: Page) -> None:
    """Four presses on "more", a look at who moves, and the change."""
    inside = go_to(page, "Flows")
    inside.locator("#flow-review_request").get_by_role("link").first.click()
    expect(inside.locator(_STEP_MARK)).to_contain_text("Day 10")
    form = inside.locator("#knobs-try_it")
    inside.locator("details.knobs", has=form).first.locator("summary").click()
    for _ in range(4):
        form.locator(".stepper", has=page.locator("#try_it-standard_days")).locator("[data-by='1']").click()
    expect(inside.locator(_STEP_MARK)).to_contain_text("was day 10")
    expect(form.locator(".ahead .result")).to_be_visible()
    book.shoot(page, "knob")
    form.locator(".ahead button.primary").click()
    expect(inside.locator(".notice[data-tone=good]")).to_be_visible()
    expect(inside.locator(_STEP_MARK)).to_contain_text("Day 14")
    book.shoot(page, "turned")
    book.tell("Ten days become fourteen, and who waits moves with it")


def switch_off(book: Book, page: Page) -> None:
    """On the flow's own page."""
    inside = go_to(page, "Flows")
    inside.locator("#flow-review_request").get_by_role("link").first.click()
    switch = inside.locator("#flow-review_request").get_by_role("switch")
    expect(inside.locator(_STEP_MARK)).to_be_visible()
    switch.click()
    expect(inside.locator("#flow-review_request").get_by_role("switch")).to_have_attribute(
        "aria-checked", "false"
    )
    expect(inside.locator("#undo")).to_contain_text("is off")
    book.shoot(page, "off")
    book.tell("The flow is switched off")


def ask_why_not(book: Book, page: Page, order: Placed) -> str:
    """Looks for the order by its number. Returns the sentence on the page of the mail that never was."""
    inside = go_to(page, "Messages")
    field = inside.get_by_role("searchbox")
    field.click()
    page.keyboard.type(order.number)
    page.keyboard.press("Enter")
    expect(inside.get_by_text(f"Mails for “{order.number}”")).to_be_visible()
    line = inside.get_by_role("link").filter(has_text="Review request")
    expect(line).to_contain_text("the flow was off")
    book.shoot(page, "search")
    line.click()
    answer = inside.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("off")
    book.shoot(page, "why-not")
    book.tell("The next order got no such mail, and the page says why")
    return answer.inner_text()


def go_to(page: Page, entry: str) -> FrameLocator:
    """By the menu: Shopify's back office draws it around the app, in WordPress the app has tabs."""
    inside = app_in(page)
    around = page.get_by_role("navigation", name="Back office")
    tabs = inside.get_by_role("navigation", name="Pages")
    menu = around if around.get_by_role("link", name=entry, exact=True).count() else tabs
    menu.get_by_role("link", name=entry, exact=True).click()
    expect(inside.get_by_role("heading", name=entry, exact=True, level=1)).to_be_visible()
    return inside
