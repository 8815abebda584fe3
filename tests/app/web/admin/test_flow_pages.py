"""The flow pages as a merchant uses them: switches, knobs, texts, previews, and what they refuse."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rq import Queue as RqQueue
from rq.serializers import JSONSerializer
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.clock import Clock
from app.jobs import entry
from app.jobs.sweep import tick
from app.queue import NAME
from app.services import knobs, retime
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import ParcelStatus, Platform, Shipped
from flows.presets import PRESETS
from tests.app.desk import KEYS, START, a_parcel, an_order
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site

WOO = Platform.WOOCOMMERCE
KNOBS = "/flows/review_request/knobs"
ASK = "/flows/review_request/texts/ask"
NUMBERS = {
    "step": "try_it",
    "fast_days": "4",
    "standard_days": "10",
    "complex_days": "17",
    "long_days": "45",
    "ask_hour": "10",
}
WAS = {f"was_{name}": value for name, value in NUMBERS.items() if name != "step"}


class Hand:
    """Clicks for a merchant of the WooCommerce shop, at an instant that the test sets."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.now = START + timedelta(days=3)
        monkeypatch.setattr(Clock, "now", lambda _: self.now)

    def get(self, path: str, platform: Platform = WOO) -> TestResponse:
        return self.site.client.get(f"/{platform.value}/app{path}", headers=bearer(self.site, platform))

    def post(self, path: str, **fields: str) -> TestResponse:
        address = f"/woocommerce/app{path}"
        return self.site.client.post(address, data=fields, headers=bearer(self.site, WOO))

    def switch(self, on: bool, **more: str) -> TestResponse:
        return self.post("/flows/review_request/switch", on="1" if on else "0", **more)

    def deliver(self, count: int = 1) -> None:
        """Orders that arrived on 4 November: asked on the 14th at 10:00."""
        shop = self.site.woocommerce.shop_id
        numbers = [str(n) for n in range(100, 100 + count)]
        orders = tuple(an_order(id=n, number=n, shipped=Shipped.ALL) for n in numbers)
        at = START + timedelta(days=2)
        parcels = tuple(
            a_parcel(id=f"t{n}", order_id=n, status=ParcelStatus.DELIVERED, delivered_at=at) for n in numbers
        )
        with self.site.runtime.database.shops(shop) as session:
            for flow in PRESETS:
                switch_on(session, shop, flow.key, START)
            lock_shop(session, shop)
            reading = Reading(orders=orders, parcels=parcels)
            apply_readings(session, [(shop, reading)], KEYS, self.now, START)

    def rows(self, sql: str) -> list[Any]:
        return self.site.rows(sql)

    def changes(self) -> list[tuple[str, str, str]]:
        rows = self.rows("SELECT who, area, words FROM admin_changes ORDER BY id")
        return [(row.who, row.area, row.words) for row in rows]


@pytest.fixture
def hand(site: Site, monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(site, monkeypatch)


def words_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


# --- the list and its switches ---


def test_what_is_off_says_what_its_switch_will_do(hand: Hand) -> None:
    page = words_of(hand.get("/flows"))
    assert "0 of 4 on" in page
    assert "From now on, up to 3 mails" in page
    assert "Orders that arrived before now get none." in page
    assert "Order mails always go." in page
    assert "Marketing mails" not in page, "no flow of that class is here yet"


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
    assert "1 of 4 on" in words_of(answer)
    assert hand.changes() == [("Mia", "flow:review_request", "Switched on.")]


def test_the_list_s_numbers_follow_a_press(hand: Hand) -> None:
    listed = hand.get("/flows").text
    answer = hand.switch(True, shape="row").text
    told = dict(re.findall(r'<span id="([^"]+)" hx-swap-oob="innerHTML">([^<]*)</span>', answer))
    assert told["flows-on"] == "1 of 4 on"
    assert told["stage-review"] == "1 of 1 on"
    assert (told["chip-all"], told["chip-on"], told["chip-off"]) == ("4", "1", "3")
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


# --- one flow ---


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


def test_a_knob_is_tried_then_turned_and_moves_the_mail(hand: Hand) -> None:
    hand.deliver(3)
    query = "&".join(f"{name}={value}" for name, value in {**NUMBERS, "standard_days": "14"}.items())
    ahead = words_of(hand.get(f"{KNOBS}?{query}"))
    assert "3 of the 3 people waiting move 4 days later. Nobody is asked twice." in ahead
    assert "Use 14 days" in ahead
    assert "Keep 10 days" in ahead
    assert "Day 14 10:00 was day 10" in ahead
    assert hand.rows("SELECT knobs FROM flow_switches WHERE flow_key = 'review_request'")[0].knobs == {}
    answer = hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    assert answer.status_code == 200
    rows = hand.rows("SELECT wake_at FROM journeys WHERE flow_key = 'review_request'")
    assert {row.wake_at for row in rows} == {datetime(2026, 11, 18, 10, tzinfo=UTC)}
    assert hand.changes()[-1] == (
        "Mia",
        "flow:review_request",
        "Days to try most products: 14 days, was 10 days.",
    )
    assert "Day 14 10:00" in words_of(answer)
    hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    assert len(hand.changes()) == 1, "a double press is one change"


def test_a_large_flow_is_moved_in_part_and_the_job_does_the_rest(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.deliver(5)
    runtime = hand.site.runtime
    monkeypatch.setattr(retime, "BATCH", 1)
    monkeypatch.setattr(entry, "_process", [runtime])
    answer = hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    told = "2 of the first 2 of 5 people waiting moved 4 days later. Nobody is asked twice."
    assert f"{told} The others follow within minutes." in words_of(answer)
    wakes = "SELECT wake_at FROM journeys WHERE flow_key = 'review_request' ORDER BY id"
    before, after = datetime(2026, 11, 14, 10, tzinfo=UTC), datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert [row.wake_at for row in hand.rows(wakes)] == [after] * 2 + [before] * 3
    runtime.queue.redis.flushall()
    assert tick(runtime).retimes, "the database knows, whatever became of the request's own call"
    jobs = RqQueue(NAME, connection=runtime.queue.redis, serializer=JSONSerializer).jobs
    assert "app.jobs.entry.retime" in [job.func_name for job in jobs]
    entry.retime()
    assert [row.wake_at for row in hand.rows(wakes)] == [after] * 5
    assert not tick(runtime).retimes


def test_looking_ahead_at_a_large_flow_says_how_far_it_looked(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.deliver(3)
    monkeypatch.setattr(knobs, "LOOK", 2)
    query = "&".join(f"{name}={value}" for name, value in {**NUMBERS, "standard_days": "14"}.items())
    ahead = words_of(hand.get(f"{KNOBS}?{query}"))
    assert "2 of the first 2 of 3 people waiting move 4 days later." in ahead


@pytest.mark.parametrize("written", ["31", "2", "", "ten", "-1", "9" * 5000, "<b>"])
def test_a_number_out_of_bounds_keeps_the_form(hand: Hand, written: str) -> None:
    answer = hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": written, "fast_days": "6"})
    assert answer.status_code == 422
    assert "3 to 30" in words_of(answer)
    assert 'value="6"' in answer.text, "everything else that was written is kept"
    assert "<details" in answer.text
    assert " open>" in answer.text
    assert hand.rows("SELECT * FROM flow_switches") == []


def test_a_stale_form_hears_both_values(hand: Hand) -> None:
    hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "12"})
    answer = hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    assert answer.status_code == 409
    assert "Somebody has set this to 12 days meanwhile; you wrote 14." in words_of(answer)
    assert hand.rows("SELECT knobs FROM flow_switches")[0].knobs["standard_days"] == 12
    again = hand.post(KNOBS, **{**NUMBERS, **WAS, "was_standard_days": "12", "standard_days": "14"})
    assert again.status_code == 200


# --- texts ---


def test_own_words_are_kept_and_shown(hand: Hand) -> None:
    answer = hand.post(ASK, **{"review.ask.subject": "Your {product}, honestly?"})
    assert answer.status_code == 200
    assert "Kept." in words_of(answer)
    assert 'value="Your {product}, honestly?"' in hand.get(ASK).text
    assert "honestly?" not in hand.get(f"{ASK}?language=de").text
    assert "honestly?" in hand.get("/flows/review_request/preview/ask").text
    assert hand.changes()[-1][2] == "Text of the first mail (English): subject."


def test_words_that_cannot_be_sent_keep_everything(hand: Hand) -> None:
    answer = hand.post(
        ASK, **{"review.ask.subject": "{product.__class__}", "review.ask.note": "A note to keep."}
    )
    assert answer.status_code == 422
    assert "{product.__class__} cannot be filled in here. You can use {product}." in words_of(answer)
    assert "A note to keep." in answer.text
    assert hand.rows("SELECT * FROM texts") == []


def test_stale_words_hear_both(hand: Hand) -> None:
    hand.post(ASK, **{"review.ask.subject": "First {product}"})
    answer = hand.post(ASK, **{"review.ask.subject": "Second {product}"})
    assert answer.status_code == 409
    assert "Somebody wrote: First {product}" in words_of(answer)
    assert 'value="Second {product}"' in answer.text
    again = {"review.ask.subject": "Second {product}", "was_review.ask.subject": "First {product}"}
    assert hand.post(ASK, **again).status_code == 200


# --- previews ---


def test_a_preview_shows_light_dark_and_text(hand: Hand) -> None:
    hand.deliver()
    light = hand.get("/flows/review_request/preview/ask")
    assert "for order 100" in words_of(light)
    assert "@media not all" in light.text
    assert "sandbox srcdoc=" in light.text
    assert "@media all" in hand.get("/flows/review_request/preview/ask?part=dark").text
    assert 'class="as-text"' in hand.get("/flows/review_request/preview/ask?part=text").text
    german = hand.get("/flows/review_request/preview/ask?language=de&part=text")
    assert "Wie gefällt Ihnen" in german.text or "Lampshade" in german.text


def test_a_preview_of_an_order_that_is_not_there(hand: Hand) -> None:
    hand.deliver()
    answer = hand.get("/flows/review_request/preview/ask?order=4711")
    assert answer.status_code == 404
    assert "There is no order 4711 in this shop." in words_of(answer)
    other = hand.get("/flows/review_request/preview/ask?order=100", Platform.SHOPIFY)
    assert other.status_code == 404
    assert "Lampshade" not in other.text
    assert hand.get("/flows/review_request/preview/ask?order=%00%00").status_code in (200, 404)


# --- what does not exist ---


@pytest.mark.parametrize(
    "path",
    [
        "/flows/nothing",
        "/flows/nothing/knobs?step=try_it",
        "/flows/review_request/knobs?step=ask",
        "/flows/review_request/knobs?step=last_chance_of_all",
        "/flows/review_request/texts/try_it",
        "/flows/review_request/texts/nothing",
        "/flows/review_request/preview/try_it",
        "/flows/nothing/preview/ask",
        "/flows/order_confirmation/texts/ask",
    ],
)
def test_what_does_not_exist_is_not_found(hand: Hand, path: str) -> None:
    assert hand.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/flows/nothing/switch", "/flows/nothing/knobs", "/flows/nothing/texts/ask"]
)
def test_nothing_is_written_for_a_flow_that_does_not_exist(hand: Hand, path: str) -> None:
    assert hand.post(path, on="1", step="try_it").status_code == 404
    assert hand.changes() == []


def test_a_press_in_one_shop_leaves_the_other_as_it_is(hand: Hand) -> None:
    hand.switch(True)
    hand.post(KNOBS, **{**NUMBERS, **WAS, "standard_days": "14"})
    hand.post(ASK, **{"review.ask.subject": "Mine {product}"})
    assert {row.shop_id for row in hand.rows("SELECT shop_id FROM flow_switches")} == {
        hand.site.woocommerce.shop_id
    }
    page = hand.get(ASK, Platform.SHOPIFY)
    assert "Mine" not in page.text
    assert "0 of 4 on" in words_of(hand.get("/flows", Platform.SHOPIFY))
