"""A new domain sends a little more every day; nothing waits for ever, and order mails never."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

import pytest

from app.models.sending_domain import VERIFIED
from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services import ledger, warm_up
from app.services.ready import Ready
from app.services.sending_domain import take_out
from app.services.warm_up import DAY, ROOM, WARMING, day_of, keep_cool
from flows.facts import Facts, MailClass
from flows.journey import Ruling, Verdict
from tests.app.desk import KEYS, Desk
from tests.app.services.at_once import at_once
from tests.app.services.offers import NOON, Box, open_shop, plan, run
from tests.proof import Count


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> tuple[int, ...]:
    room = (3, 5, 8)
    monkeypatch.setattr(warm_up, "ROOM", room)
    return room


def verified(desk: Desk, at: datetime = NOON) -> None:
    desk.rows(
        "INSERT INTO sending_domains (shop_id, domain, local, selector, record, sealed_key, state, made_at,"
        " look_at, verified_at) VALUES (:shop, 'larkhus.example', 'hello', 'd1', 'x', :key, :state, :at, :at,"
        " :at) RETURNING 1",
        shop=desk.shop_id,
        key=KEYS.seal(desk.shop_id, {"dkim": ""}),
        state=VERIFIED,
        at=at,
    )


def readers(count: int) -> list[str]:
    return [f"reader{number}@example.com" for number in range(count)]


def waiting(desk: Desk) -> list[tuple[str, str | None]]:
    rows = desk.rows("SELECT state, reason FROM messages WHERE state <> 'sent' ORDER BY id")
    return [(row.state, row.reason) for row in rows]


def test_each_day_has_its_room_and_the_rest_leaves_on_later_days(desk: Desk, small: tuple[int, ...]) -> None:
    open_shop(desk, *readers(20))
    verified(desk)
    for number in range(20):
        plan(desk, "replenishment" if number % 2 else "care_warranty", str(number))
    box, left = Box(name="smtp"), []
    for day in range(4):
        desk.now = NOON + day * DAY
        left.append(len(run(desk, box)))
    assert left == [3, 5, 8, 4], "after the last day of the table everything leaves"
    assert waiting(desk) == []


def test_what_waits_says_why_and_until_when(desk: Desk, small: tuple[int, ...]) -> None:
    open_shop(desk, *readers(5))
    verified(desk, NOON - timedelta(hours=5))
    for number in range(5):
        plan(desk, "replenishment", str(number))
    run(desk, Box(name="smtp"))
    assert waiting(desk) == [("due", WARMING)] * 2
    rows = desk.rows("SELECT next_at FROM messages WHERE state = 'due'")
    assert {row.next_at for row in rows} == {NOON - timedelta(hours=5) + DAY}


def test_without_the_domain_nothing_waits_for_another_day(desk: Desk, small: tuple[int, ...]) -> None:
    open_shop(desk, *readers(5))
    verified(desk)
    for number in range(5):
        plan(desk, "care_warranty", str(number))
    box = Box(name="smtp")
    assert len(run(desk, box)) == 3
    with desk.database.shops(desk.shop_id) as session:
        assert take_out(session, desk.shop_id, desk.now)
        assert not take_out(session, desk.shop_id, desk.now)
    assert len(run(desk, box)) == 2, "at once"


def test_order_mails_leave_always(desk: Desk, small: tuple[int, ...]) -> None:
    open_shop(desk, *readers(20))
    verified(desk)
    for number in range(20):
        plan(desk, "shipped", str(number))
    assert run(desk, Box(name="smtp")) == ["shipped"] * 20


def test_without_a_domain_or_with_an_old_one_nothing_waits(desk: Desk, small: tuple[int, ...]) -> None:
    open_shop(desk, *readers(8))
    for number in range(4):
        plan(desk, "replenishment", str(number))
    assert len(run(desk, Box(name="smtp"))) == 4
    verified(desk, NOON - 3 * DAY)
    for number in range(4, 8):
        plan(desk, "replenishment", str(number))
    assert len(run(desk, Box(name="smtp"))) == 4


def test_a_mail_that_is_tried_again_takes_one_place(desk: Desk, small: tuple[int, ...]) -> None:
    """It went through to the hand-over, and its mark failed: it comes back the same day."""
    open_shop(desk, *readers(3))
    verified(desk)
    for number in range(3):
        plan(desk, "replenishment", str(number))
    known = domains(desk)
    for _ in range(3):
        mails = claimed(desk)
        leaving, waits = keep_cool(desk.database, mails[:1], known, desk.now)
        assert leaving == mails[:1] and waits == []
        back = [ledger.Settled(one.row.id, one.row.token, "due") for one in mails]
        ledger.settle(desk.database, back, desk.now)
    (row,) = desk.rows("SELECT warm_taken FROM sending_domains")
    assert row.warm_taken == 1


def test_two_workers_take_no_more_than_there_is(desk: Desk, count: Count) -> None:
    """Side by side on one shop: the places are counted under a lock."""
    rounds = count(4, 40)
    open_shop(desk, *readers(120))
    verified(desk)
    for number in range(120):
        plan(desk, "replenishment", str(number))
    known, every = domains(desk), claimed(desk, 120)
    for turn in range(rounds):
        desk.rows("UPDATE sending_domains SET warm_taken = 0, warm_day = :day RETURNING 1", day=-1 - turn)
        desk.rows("UPDATE messages SET warm_day = NULL RETURNING 1")
        halves = [every[:40], every[40:80], every[80:]]
        found = at_once(
            desk, *(lambda half=half: keep_cool(desk.database, half, known, desk.now) for half in halves)
        )
        assert sum(len(leaving) for leaving, _ in found) == ROOM[0] == 50
        assert sum(len(waits) for _, waits in found) == 70


def test_the_days_of_a_domain() -> None:
    assert [day_of(NOON, NOON + timedelta(hours=hours)) for hours in (-5, 0, 23, 24, 47, 48)] == [
        0,
        0,
        0,
        1,
        1,
        2,
    ]
    assert list(ROOM) == sorted(ROOM) and len(ROOM) == 14
    assert all(later <= 2 * earlier for earlier, later in pairwise(ROOM))


def domains(desk: Desk) -> dict[int, SendingDomain]:
    with desk.database.shops(desk.shop_id) as session:
        return dict(load_sending_domains(session, [desk.shop_id]))


def claimed(desk: Desk, limit: int = 10) -> list[Ready]:
    rows = ledger.claim(desk.database, desk.now, desk.real, limit)
    assert all(row.mail_class == MailClass.MARKETING for row in rows)
    # The ramp asks nothing of facts.
    return [
        Ready(row, cast(Facts, None), Ruling(Verdict.ALLOW)) for row in sorted(rows, key=lambda row: row.id)
    ]
