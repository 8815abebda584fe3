"""Who is left out for comparison: drawn once, evenly, of no mail that an order demands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from flows import engine
from flows.events import Event, EventKind
from flows.experiments import HELD_OUT, holdout, ticket
from flows.facts import Facts, FlowSetting, MailClass, Topic
from flows.journey import JourneyStatus
from flows.person import Person
from tests.flows.pictures import ON, SHOP, T0, facts
from tests.flows.situation import flow

PLACED = Event(EventKind.ORDER_PLACED, "order:13:placed", "order:13", "13", T0)
PEOPLE = 4_000


def people(flow_share: int, shop_share: int = 0) -> Iterator[Facts]:
    setting = FlowSetting(True, ON.since, holdout=flow_share)
    for n in range(PEOPLE):
        yield facts(person=Person(f"k{n}"), setting=setting, shop=replace(SHOP, holdout=shop_share))


def out(key: str, *shares: int, mail_class: MailClass = MailClass.SERVICE) -> set[str | None]:
    seen = ((one, holdout(key, mail_class, one)) for one in people(*shares))
    return {one.person.key for one, reason in seen if reason is not None and not reason.passed}


@pytest.mark.parametrize("share", [1, 10, 50])
def test_the_share_is_what_was_asked_for(share: int) -> None:
    found = len(out("review_request", share))
    wanted = PEOPLE * share / 100
    assert abs(found - wanted) < 4 * (wanted * (1 - share / 100)) ** 0.5, found


def test_a_draw_stays_and_a_larger_share_holds_the_smaller() -> None:
    ten = out("review_request", 10)
    assert ten == out("review_request", 10)
    assert ten < out("review_request", 20)
    assert ten | out("review_request", 0, 10) == out("review_request", 10, 10)


def test_flows_and_shops_draw_for_themselves() -> None:
    ten, other = out("review_request", 10), out("win_back", 10)
    assert len(ten & other) < PEOPLE * 0.02, "one in a hundred by chance"
    assert ticket(1, "x", "k1") != ticket(2, "x", "k1")
    assert out("review_request", 0, 10) == out("win_back", 0, 10), "left out of all"


def test_what_an_order_demands_is_kept_from_nobody() -> None:
    assert out("order_confirmation", 50, 50, mail_class=MailClass.TRANSACTIONAL) == set()
    assert holdout("review_request", MailClass.SERVICE, facts()) is None


def test_whoever_is_left_out_has_a_journey_that_says_so() -> None:
    """Drawn last: who would not have got it anyway is no comparison."""
    tips = flow(mail_class=MailClass.SERVICE, topic=Topic.TIPS)
    one = next(
        one
        for one in people(50)
        if (reason := holdout(tips.key, tips.mail_class, one)) is not None and not reason.passed
    )
    decision = engine.start(tips, PLACED, one, T0)
    assert (decision.journey.status, decision.journey.end_reason) == (JourneyStatus.DECLINED, HELD_OUT)
    assert decision.messages == ()
    assert decision.reasons[-1].value == "of this flow"
    gone = replace(one, shop=replace(one.shop, active=False))
    assert engine.start(tips, PLACED, gone, T0).journey.end_reason == "shop_inactive"
