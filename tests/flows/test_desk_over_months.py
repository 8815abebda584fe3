"""Months of a person whom every flow wants to write to: no limit is exceeded, and every mail has its end."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.desk import PATIENCE, Ask, Touch, decide
from flows.facts import MailClass
from flows.journey import Verdict
from flows.limits import USUAL, quiet_until

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
FLOWS = ("win_back", "replenishment", "cross_sell_series", "surprise_delight")


def asks_of(chance: random.Random) -> list[Ask]:
    """Some sixty mails in ninety days, several at one instant, some of them of a series."""
    made: list[Ask] = []
    for number in range(60):
        at = START + timedelta(minutes=15 * chance.randrange(90 * 96))
        if made and chance.random() < 0.2:
            at = made[-1].due_at
        mail_class = chance.choice((MailClass.SERVICE, MailClass.MARKETING, MailClass.MARKETING))
        expires = at + chance.choice((1, 3, 14)) * DAY
        made.append(Ask(number, chance.choice(FLOWS), "mail", number // 2, mail_class, at, expires, at))
    return made


@pytest.mark.parametrize("seed", range(40))
def test_no_limit_is_ever_exceeded_and_every_mail_has_its_end(seed: int) -> None:
    chance = random.Random(seed)
    zone = ZoneInfo(chance.choice(ZONES))
    waiting = {ask.id: (ask.due_at, ask) for ask in asks_of(chance)}
    every = dict(waiting)
    sent: list[Touch] = []
    dropped: set[int] = set()
    while waiting:
        now = min(at for at, _ in waiting.values())
        ready = {number: ask for number, (at, ask) in waiting.items() if at <= now + DAY}
        rulings = decide(
            [replace(ask, wants_at=max(now, waiting[number][0])) for number, ask in ready.items()],
            sent,
            USUAL,
            zone,
            now,
        )
        for number, ask in ready.items():
            if waiting[number][0] > now:
                continue
            ruling = rulings[number]
            if ruling.verdict is Verdict.ALLOW:
                sent.append(Touch(now, ask.mail_class, ask.flow, ask.journey, ask.due_at))
                del waiting[number]
            elif ruling.verdict is Verdict.SKIP:
                dropped.add(number)
                del waiting[number]
            else:
                assert ruling.until is not None and ruling.until > now
                capped = ask.postponed_at or (now if ruling.reason == "frequency_cap" else None)
                waiting[number] = (ruling.until, replace(ask, postponed_at=capped))
    assert len(sent) + len(dropped) == len(every)
    _within_limits(sent, zone)
    for number in dropped:
        assert not _would_have_fit(every[number][1], sent, zone), "nobody is dropped who had a place"


def _within_limits(sent: list[Touch], zone: ZoneInfo) -> None:
    offers = [one for one in sent if one.mail_class is MailClass.MARKETING]
    for one in sent:
        week = [other for other in sent if one.at - 7 * DAY < other.at <= one.at]
        assert len(week) <= USUAL.week
    for one in offers:
        assert quiet_until(USUAL, one.at, zone) is None
        assert len([other for other in offers if one.at - 30 * DAY < other.at <= one.at]) <= USUAL.month
        for other in offers:
            if other is not one and other.journey != one.journey:
                assert abs(other.at - one.at) >= timedelta(hours=USUAL.gap_hours)


def _would_have_fit(ask: Ask, sent: list[Touch], zone: ZoneInfo) -> bool:
    """Whether, beside all that left before it, the mail could have gone when it was first weighed."""
    before = [one for one in sent if one.at < ask.due_at]
    held = decide([ask], before, USUAL, zone, ask.due_at)[ask.id]
    later = [one for one in sent if ask.due_at <= one.at <= ask.due_at + PATIENCE[ask.mail_class]]
    return held.verdict is Verdict.ALLOW and not later
