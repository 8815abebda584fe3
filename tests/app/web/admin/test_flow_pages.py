"""The page of a flow, and flows that do not exist."""

from __future__ import annotations

import pytest

from flows.commerce import Platform
from flows.presets import PRESETS
from tests.app.web.admin.hand import Hand, words_of


def test_the_line_of_steps(hand: Hand) -> None:
    hand.deliver(3)
    page = words_of(hand.get("/flows/review_request"))
    assert "3 people are in it. The next mail is due Saturday 14 November, 10:00, to Mia." in page
    assert "Off ends 3 journeys" in page
    for mark in ("Day 10 10:00", "Day 13 10:00", "Day 20 10:00"):
        assert mark in page
    assert "Day 17 10:00" in words_of(hand.get("/flows/review_request?kind=complex"))
    assert "How do you like your Lampshade?" in page
    assert "Everyone who fits is asked, whatever they may think. This cannot be changed." in page
    assert "Not a gift" in page


@pytest.mark.parametrize("flow", [flow.key for flow in PRESETS])
@pytest.mark.parametrize("platform", Platform)
def test_every_flow_has_its_page_before_its_first_order(hand: Hand, flow: str, platform: Platform) -> None:
    assert hand.get(f"/flows/{flow}", platform).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/flows/nothing",
        "/flows/nothing/knobs?step=try_it",
        "/flows/review_request/knobs?step=ask",
        "/flows/review_request/knobs?step=last_chance_of_all",
        "/flows/review_request/mail/try_it",
        "/flows/review_request/mail/nothing",
        "/flows/review_request/preview/try_it",
        "/flows/nothing/preview/ask",
        "/flows/order_confirmation/mail/ask",
    ],
)
def test_what_does_not_exist_is_not_found(hand: Hand, path: str) -> None:
    assert hand.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/flows/nothing/switch", "/flows/nothing/knobs", "/flows/nothing/mail/ask"])
def test_nothing_is_written_for_a_flow_that_does_not_exist(hand: Hand, path: str) -> None:
    assert hand.post(path, on="1", step="try_it").status_code == 404
    assert hand.changes() == []
