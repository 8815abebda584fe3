"""A merchant says what statuses and fields mean: refused, mended, kept and taken back, with axe each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.doors import open_app
from tests.browser.guard import Guard
from tests.browser.past import Past
from tests.stories.conftest import WOOCOMMERCE, Road

SHOTS = Path("var/screens/shipping")


def shoot(page: Page, name: str) -> None:
    width = (page.viewport_size or {"width": 0})["width"]
    SHOTS.mkdir(parents=True, exist_ok=True)
    inner = max(frame.evaluate("document.documentElement.scrollHeight") for frame in page.frames)
    usual = page.viewport_size
    page.set_viewport_size({"width": width, "height": inner + 120})
    page.screenshot(path=SHOTS / f"{name}-{width}.png", animations="disabled")
    if usual:
        page.set_viewport_size(usual)


def save(frame: Frame) -> None:
    frame.locator("#save").click()


@pytest.mark.timeout(600)
def test_what_a_merchant_says_is_refused_mended_kept_and_taken_back(
    road: Road, past: Past, both: Page, guard: Guard
) -> None:
    guard.allow("status of 422", "status of 409")
    frame = open_app(both, road, WOOCOMMERCE, "/shipping")
    frame.get_by_label("Completed means").select_option("delivered")
    frame.get_by_label("Field of the carrier").fill("ywot_carrier_name")
    frame.get_by_text("A status that is not listed").click()
    frame.get_by_label("Its short name").fill("on hold?")
    frame.get_by_text("What well-known plugins call them").click()
    save(frame)
    expect(frame.get_by_role("alert").first).to_contain_text("Not saved: 2 fields need another value.")
    expect(frame.get_by_label("Completed means")).to_have_value("delivered")
    assert_accessible(both)
    shoot(both, "refused")

    frame.get_by_label("Its short name").fill("am-tor")
    frame.get_by_label("What it means").select_option("shipped")
    frame.get_by_label("Field of the tracking number").fill("ywot_tracking_code")
    save(frame)
    expect(frame.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(frame.get_by_label("am-tor means")).to_have_value("shipped")
    assert_accessible(both)
    shoot(both, "saved")

    # Somebody else, at another desk.
    road.rows("UPDATE shipment_words SET changed_at = '2030-01-01Z', number_key = 'theirs' RETURNING 1")
    frame.get_by_label("Completed means").select_option("partly")
    save(frame)
    expect(frame.get_by_role("alert").first).to_contain_text("Somebody saved this page meanwhile")
    assert_accessible(both)
    shoot(both, "stale")

    for label in ("Completed means", "am-tor means"):
        frame.get_by_label(label).select_option("")
    for field in ("tracking number", "carrier"):
        frame.get_by_label(f"Field of the {field}").fill("")
    save(frame)
    expect(frame.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(frame.get_by_label("am-tor means")).to_have_count(0)
    open_app(both, road, WOOCOMMERCE, "/settings")
    shoot(both, "settings")
