"""Any definition becomes a line of steps; figures are said against target and chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.queries.facts import ShopRow
from app.queries.flow_figures import Figures, Periods
from app.services.knobs import Move, Outlook
from app.web.admin.flow_measure import measure, wilson
from app.web.admin.flow_timeline import Entry, sends_in, timeline, waits_in
from app.web.admin.flow_words import moves_in_words, share
from flows.conditions import is_first_order, is_gift
from flows.delays import business_days, days, hours, knob, local_time, minutes
from flows.events import LinkClicked, OrderDelivered, OrderPlaced, ReviewSubmitted
from flows.facts import MailClass
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.presets import PRESETS, preset
from flows.steps import Branch, Knob, Send, Split, Wait, WaitFor

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
REVIEW = preset("review_request")


def a_shop(zone: str = "Europe/Berlin") -> ShopRow:
    return ShopRow(1, "shopify", "x.example", "connected", 1, AT, "X", "", "", "EUR", zone, "en", "", "", "")


def a_flow(*steps: Wait | WaitFor | Send | Split, **more: Any) -> Flow:
    values: dict[str, Any] = {
        "key": "made_up",
        "version": 1,
        "mail_class": MailClass.TRANSACTIONAL,
        "trigger": OrderPlaced,
        **more,
    }
    return Flow(steps=steps, **values)


def drawn(
    flow: Flow, kind: TimingKind = TimingKind.STANDARD, zone: str = "Europe/Berlin"
) -> tuple[Entry, ...]:
    return timeline(flow, a_shop(zone), flow.knob_values({}), kind)


def marks(flow: Flow, kind: TimingKind = TimingKind.STANDARD) -> list[str]:
    return [f"{one.key} {one.mark.head} {one.mark.beside}".strip() for one in sends_in(drawn(flow, kind))]


@pytest.mark.parametrize("kind", TimingKind)
@pytest.mark.parametrize("flow", PRESETS, ids=lambda flow: flow.key)
def test_every_preset_is_drawn_for_every_kind(flow: Flow, kind: TimingKind) -> None:
    sends = [node.step.key for node in flow.nodes.values() if isinstance(node.step, Send)]
    assert {one.key for one in sends_in(drawn(flow, kind))} == set(sends)


def test_the_days_of_the_review_request() -> None:
    assert marks(REVIEW) == ["ask Day 10 10:00", "nudge Day 13 10:00", "last Day 20 10:00"]
    assert marks(REVIEW, TimingKind.FAST)[0] == "ask Day 4 10:00"
    assert marks(preset("order_confirmation")) == ["confirmation At once"]
    assert marks(preset("delivered")) == ["arrived 2 hours later"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu", "No/Where"])
def test_days_are_the_same_in_every_zone(zone: str) -> None:
    assert [one.mark.head for one in sends_in(drawn(REVIEW, zone=zone))] == ["Day 10", "Day 13", "Day 20"]


def test_waits_of_every_unit() -> None:
    flow = a_flow(
        Wait("a", minutes(20)),
        Send("soon", "x/y", 4),
        Wait("b", hours(30)),
        Send("tomorrow", "x/y", 4),
        Wait("c", business_days(5), at=local_time(9)),
        Send("a_week", "x/y", 4),
        Wait("d", days(2)),
        Send("later", "x/y", 4),
    )
    assert marks(flow) == ["soon Minutes later", "tomorrow Day 1", "a_week Day 8 09:00", "later Day 10 09:00"]


def test_splits_waits_for_and_conditions() -> None:
    flow = a_flow(
        WaitFor("answer", LinkClicked, hours(48)),
        Split(
            "who",
            (
                Branch((Send("gift", "x/y", 4),), is_gift),
                Branch((Wait("w", days(3), at=local_time(8)), Send("rest", "x/y", 4))),
            ),
        ),
        Send("all", "x/y", 4, when=is_first_order),
    )
    awaits, split, last = drawn(flow)
    assert (awaits.kind, awaits.words) == ("wait_for", "Waits until a link in the mail is followed")
    assert [heading for heading, _ in split.branches] == ["If a gift", "Otherwise"]
    assert last.when == "Their first order here"
    assert marks(flow) == ["gift Day 2", "rest Day 5 08:00", "all Day 5 08:00"]


def test_knobs_stand_at_their_waits_with_bounds_in_words() -> None:
    first, second, _ = waits_in(drawn(REVIEW))
    assert [(one.key, one.bounds) for one in first.knobs] == [
        ("fast_days", "1 to 14 days"),
        ("standard_days", "3 to 30 days"),
        ("complex_days", "7 to 60 days"),
        ("long_days", "14 to 120 days"),
        ("ask_hour", "06:00 to 21:00"),
    ]
    assert (second.words, [one.key for one in second.knobs]) == ("3 days later", ["ask_hour"])
    flow = a_flow(
        WaitFor("answer", ReviewSubmitted, hours(knob("patience"))),
        Send("s", "x/y", 4),
        knobs=(Knob("patience", 24, 1, 96, "Hours of patience"),),
        trigger=OrderDelivered,
    )
    ((only,),) = (wait.knobs for wait in waits_in(drawn(flow)))
    assert (only.bounds, only.said(1), only.said(24)) == ("1 to 96 hours", "1 hour", "24 hours")


def outlook(*shifts: timedelta, people: int = 41) -> Outlook:
    return Outlook(people, len(shifts), tuple(Move(AT, AT + shift) for shift in shifts))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (
            outlook(*[timedelta(days=4)] * 9),
            "9 of the 41 people waiting move 4 days later. Nobody is asked twice.",
        ),
        (
            outlook(timedelta(days=-1)),
            "1 of the 41 people waiting moves 1 day earlier. Nobody is asked twice.",
        ),
        (
            outlook(timedelta(days=1), timedelta(days=4, hours=1)),
            "2 of the 41 people waiting move 1 day to 4 days later. Nobody is asked twice.",
        ),
        (
            outlook(timedelta(hours=8), timedelta(hours=-2)),
            "2 of the 41 people waiting move (1 later, 1 earlier). Nobody is asked twice.",
        ),
        (outlook(), "Nobody who waits now is moved. It counts from the next one on."),
        (
            Outlook(9000, 2000, (Move(AT, AT + timedelta(hours=3)),), whole=False),
            "1 of the first 2,000 of 9,000 people waiting moves 3 hours later. Nobody is asked twice.",
        ),
        (Outlook(9000, 200, (), whole=False), "None of the first 200 of 9,000 people waiting moves."),
    ],
)
def test_what_a_knob_does_is_said_in_one_sentence(seen: Outlook, words: str) -> None:
    assert moves_in_words(REVIEW, seen) == words


def test_a_share_keeps_its_count_and_its_decimals() -> None:
    assert [share(64, 331), share(5, 210), share(0, 9), share(1, 20), share(0, 0)] == [
        "19 %",
        "2.4 %",
        "0 %",
        "5 %",
        "0 %",
    ]


def test_the_goal_stands_against_target_chance_and_the_period_before() -> None:
    seen = measure(REVIEW, Periods(Figures(419, 331, 151, 64), Figures(400, 309, 120, 53)))
    assert seen is not None
    assert (seen.share, seen.count, seen.before, seen.before_count) == (
        "19 %",
        "64 of 331 asked",
        "17 %",
        "53 of 309",
    )
    assert (seen.verdict, seen.tone) == ("In target 15 to 25 %", "")
    assert seen.bar is not None
    assert seen.bar.least < seen.bar.dot < seen.bar.most
    low = measure(REVIEW, Periods(Figures(400, 400, 0, 20)))
    assert low is not None
    assert (low.verdict, low.tone) == ("Below target 15 to 25 %", "bad")
    few = measure(REVIEW, Periods(Figures(22, 22, 0, 2)))
    assert few is not None
    assert (few.verdict, few.tone) == ("Below target 15 to 25 %; chance could explain it", "")
    assert measure(REVIEW, Periods()) is None


def test_chance_s_range_is_wilson_s() -> None:
    assert [round(edge, 4) for edge in wilson(64, 331)] == [0.1544, 0.2393]
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
