"""Clocks that are set back, orders from the future, zones that nobody knows: what becomes of a journey."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows import engine
from flows.commerce import Address
from flows.consent import Ground, permission
from flows.consent_choices import ConsentChoices
from flows.delays import business_days, days, local_time
from flows.events import Event, EventKind
from flows.facts import Facts, MailClass, Topic
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Decision, JourneyStatus, Verdict
from flows.steps import Send, Wait
from flows.timing import due_after
from tests.flows.pictures import SHOP, T0, facts, order, picture

DAY = timedelta(days=1)
FLOW = Flow(
    key="probe",
    version=1,
    mail_class=MailClass.SERVICE,
    topic=Topic.TIPS,
    trigger=EventKind.ORDER_PLACED,
    steps=(
        Wait("pause", days(1), at=local_time(10)),
        Send("ask", "x/ask", late_hours=48),
        Wait("again", days(3)),
        Send("more", "x/more", late_hours=48),
    ),
)


def placed(at: datetime) -> Event:
    return Event(EventKind.ORDER_PLACED, "order:13:placed", "order:13", "13", at)


def begun(seen: Facts, at: datetime, now: datetime) -> Decision:
    return engine.start(FLOW, placed(at), seen, now)


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), DAY, 400 * DAY, 9000 * DAY])
def test_an_order_from_the_future_counts_from_now(ahead: timedelta) -> None:
    """Its shop's clock is wrong: nobody waits a year for a mail because of it."""
    seen = facts(picture(order(placed_at=T0 + ahead)))
    assert begun(seen, T0 + ahead, T0).journey == begun(facts(), T0, T0).journey


def test_a_clock_that_is_set_back_wakes_nothing_and_sends_nothing_twice() -> None:
    first = begun(facts(), T0, T0)
    wake_at = first.journey.wake_at
    assert wake_at is not None
    rung = engine.advance(FLOW, first.journey, None, facts(), wake_at)
    assert [mail.step for mail in rung.messages] == ["ask"]
    earlier = engine.advance(FLOW, rung.journey, None, facts(), T0 - 30 * DAY)
    assert (earlier.messages, earlier.journey) == ((), rung.journey)
    before = rule_on(FLOW, "ask", wake_at, wake_at + DAY, facts(), T0 - 30 * DAY)
    assert (before.verdict, before.until) == (Verdict.DEFER, wake_at)
    assert rule_on(FLOW, "ask", wake_at, wake_at + DAY, facts(), wake_at).verdict is Verdict.ALLOW


def test_a_clock_that_is_set_back_and_forward_again_gives_the_same_mails() -> None:
    def lived(instants: list[datetime]) -> list[str]:
        seen, journey, steps = facts(), begun(facts(), T0, T0).journey, []
        for now in instants:
            decision = engine.advance(FLOW, journey, None, seen, now)
            journey = decision.journey
            steps += [mail.step for mail in decision.messages]
        assert journey.status is JourneyStatus.DONE
        return steps

    there = [T0 + n * DAY for n in range(1, 9)]
    back_and_forth = [moment for at in there for moment in (at, at - 5 * DAY, at)]
    assert lived(back_and_forth) == lived(there) == ["ask", "more"]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "UTC+25", "Europe/Berlin\0"])
def test_a_zone_that_nobody_knows_is_utc_and_stops_nothing(zone: str) -> None:
    seen = facts(shop=replace(SHOP, timezone=zone))
    journey = begun(seen, T0, T0).journey
    assert journey.wake_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def test_a_person_whose_zone_is_known_is_not_held_to_the_shops() -> None:
    there = picture(order(shipping_address=Address(country="JP")))
    seen = facts(there, shop=replace(SHOP, timezone="Mars/Olympus"))
    wake_at = begun(seen, T0, T0).journey.wake_at
    assert wake_at is not None
    assert wake_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 10


def test_a_country_that_does_not_exist_has_weekends_and_the_strictest_law() -> None:
    seen = facts(
        picture(order(shipping_address=Address(country="\u202eXX"))), shop=replace(SHOP, country="??")
    )
    friday = datetime(2026, 12, 25, 15, 0, tzinfo=UTC)
    assert due_after(business_days(1), None, friday, seen, {}).at == friday + 3 * DAY
    assert permission(MailClass.SERVICE, Topic.TIPS, seen, T0).ground is Ground.CONSENT


def test_a_purchase_from_the_future_stands_for_consent_all_the_same() -> None:
    told = replace(SHOP, consent_choices=ConsentChoices(told_at_checkout=True))
    of = order(shipping_address=Address(country="CA"), placed_at=T0 + 900 * DAY)
    seen = facts(picture(of), shop=told)
    assert permission(MailClass.SERVICE, Topic.TIPS, seen, T0).ground is Ground.LATELY
