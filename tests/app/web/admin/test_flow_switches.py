"""The list of flows and its switches: a press, its undo, and what is no press."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.services.locks import lock_shop
from flows.commerce import Platform
from tests.app.web.admin.hand import Hand, words_of
from tests.app.web.admin.test_mail_editor import save

KNOBS = "/flows/review_request/knobs"
ASK = "/flows/review_request/mail/ask"
NUMBERS = {
    "step": "try_it",
    "fast_days": "4",
    "standard_days": "10",
    "complex_days": "17",
    "long_days": "45",
    "ask_hour": "10",
}
WAS = {f"was_{name}": value for name, value in NUMBERS.items() if name != "step"}


def test_what_is_off_says_what_its_switch_will_do(hand: Hand) -> None:
    page = words_of(hand.get("/flows"))
    assert "0 of 23 on" in page
    assert "From now on, up to 3 mails" in page
    assert "Orders that arrived before now get none." in page
    assert "Order mails always go." in page
    assert "Marketing mails" in page


def test_chips_show_a_part(hand: Hand) -> None:
    hand.switch(True)
    assert "Review request" in hand.get("/flows?show=on").text
    assert "Order confirmation" not in words_of(hand.get("/flows?show=on"))
    assert "Review request" not in words_of(hand.get("/flows?show=off"))
    assert "Order confirmation" in words_of(hand.get("/flows?show=t"))
    assert "Review request" in words_of(hand.get("/flows?show=nonsense"))


def test_a_switch_acts_at_once_and_offers_to_take_it_back(hand: Hand) -> None:
    answer = hand.switch(True, shape="row")
    assert hand.rows("SELECT enabled FROM flow_switches")[0].enabled is True
    assert 'aria-checked="true"' in answer.text
    assert 'class="undo-bar"' in answer.text
    assert '"undo": "1"' in answer.text
    assert "1 of 23 on" in words_of(answer)
    assert hand.changes() == [("Mia", "flow:review_request", "Switched on.")]


def test_the_list_s_numbers_follow_a_press(hand: Hand) -> None:
    listed = hand.get("/flows").text
    answer = hand.switch(True, shape="row").text
    told = dict(re.findall(r'<span id="([^"]+)" hx-swap-oob="innerHTML">([^<]*)</span>', answer))
    assert told["flows-on"] == "1 of 23 on"
    assert told["stage-review"] == "1 of 2 on"
    assert (told["chip-all"], told["chip-on"], told["chip-off"]) == ("23", "1", "22")
    for place in told:
        assert f'id="{place}"' in listed, "every number has its place in the list"
    assert "hx-swap-oob" not in hand.switch(False, shape="title").text.replace('id="undo" hx-swap-oob', "")


def test_nobody_waits_for_the_shop_while_figures_are_counted(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown after a press is read when the switch has committed, and of that flow alone."""
    asked: list[str | None] = []
    shop = hand.site.woocommerce.shop_id

    def figures(_session: object, _shop: int, _now: datetime, flow_key: str | None = None) -> dict[str, Any]:
        with hand.site.runtime.database.shops(shop) as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            lock_shop(other, shop)
        asked.append(flow_key)
        return {}

    monkeypatch.setattr("app.web.admin.flows.load_figures", figures)
    assert hand.switch(True).status_code == 200
    assert hand.switch(False, shape="title").status_code == 200
    assert asked == ["review_request"]


def test_an_undo_within_ten_seconds_leaves_everything_as_it_was(hand: Hand) -> None:
    hand.deliver(2)
    before = hand.rows("SELECT id, status, step, wake_at FROM journeys ORDER BY id")
    answer = hand.switch(False)
    assert "2 journeys end in 10 seconds" in words_of(answer)
    hand.now += timedelta(seconds=9)
    undone = hand.switch(True, undo="1")
    assert 'class="undo-bar"' not in undone.text
    assert hand.rows("SELECT id, status, step, wake_at FROM journeys ORDER BY id") == before
    assert [words for _, _, words in hand.changes()] == [
        "Switched off with 2 journeys under way.",
        "Switched on again, within the undo.",
    ]


def test_after_ten_seconds_on_is_a_new_beginning(hand: Hand) -> None:
    hand.deliver()
    hand.switch(False)
    hand.now += timedelta(seconds=11)
    hand.switch(True, undo="1")
    rows = hand.rows("SELECT status, end_reason FROM journeys WHERE flow_key = 'review_request'")
    assert [(row.status, row.end_reason) for row in rows] == [("ended", "flow_off")]
    assert hand.changes()[-1][2] == "Switched on."


def test_pressing_twice_is_pressing_once(hand: Hand) -> None:
    hand.switch(True)
    since = hand.rows("SELECT since FROM flow_switches")
    hand.now += timedelta(seconds=3)
    hand.switch(True)
    assert hand.rows("SELECT since FROM flow_switches") == since
    assert len(hand.changes()) == 1


@pytest.mark.parametrize("fields", [{}, {"on": "yes"}, {"on": "2"}, {"on": "1", "shape": "x"}])
def test_a_press_of_another_kind_is_refused(hand: Hand, fields: dict[str, str]) -> None:
    assert hand.post("/flows/review_request/switch", **fields).status_code == 400
    assert hand.rows("SELECT * FROM flow_switches") == []


def test_a_press_in_one_shop_leaves_the_other_as_it_is(hand: Hand) -> None:
    hand.switch(True)
    hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    assert save(hand, **{"review.ask.subject": "Mine {product}"}).status_code == 200
    assert {row.shop_id for row in hand.rows("SELECT shop_id FROM flow_switches")} == {
        hand.site.woocommerce.shop_id
    }
    page = hand.get(ASK, Platform.SHOPIFY)
    assert "Mine" not in page.text
    assert "0 of 23 on" in words_of(hand.get("/flows", Platform.SHOPIFY))
