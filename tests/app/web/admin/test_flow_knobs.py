"""Numbers that a merchant turns: tried, kept, refused, and heard of twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rq import Queue as RqQueue
from rq.serializers import JSONSerializer

from app.jobs import entry
from app.jobs.sweep import tick
from app.queue import NAME
from app.services import knobs, retime
from tests.app.web.admin.hand import Hand, words_of

KNOBS = "/flows/review_request/knobs"
NUMBERS = {
    "step": "try_it",
    "fast_days": "4",
    "standard_days": "10",
    "complex_days": "17",
    "long_days": "45",
    "ask_hour": "10",
}
WAS = {f"was_{name}": value for name, value in NUMBERS.items() if name != "step"}


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
