"""The flows for the next purchase, told as stories: what comes when, for whom, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import ConsentState, OrderState
from flows.estimates import Estimate
from flows.events import (
    AnniversaryCame,
    BirthdayCame,
    Event,
    EventKind,
    LinkClicked,
    OrderedAgain,
    ProductViewed,
    ReturnRequested,
    SeasonCame,
    SurpriseDrawn,
    Unsubscribed,
)
from flows.flow import Flow
from flows.person import Person
from flows.picks import Pick, Why
from flows.picture import OrderPicture
from flows.presets import preset
from flows.steps import Send
from tests.flows.happenings import DAY, delivered, hear, mails
from tests.flows.life import Life
from tests.flows.pictures import BEANS, MUG, ON, T0, order, picture, product, refund

PICKS = (Pick("p-beans", Why.TOGETHER, 12),)
RUN_OUT = {"run_out": Estimate(T0 + 40 * DAY, "product_interval", 30, subject="p-beans")}
AGREED = {"consent": ConsentState.SUBSCRIBED, "consent_confirmed": True}
COFFEE = picture(order(BEANS, MUG))


def life(key: str, of: OrderPicture | None = None, knobs: dict[str, int] | None = None, **facts: Any) -> Life:
    """The order has just been placed by somebody who agreed to offers."""
    flow = preset(key)
    setting = replace(ON, knobs=flow.knob_values(knobs or {}))
    other = {**AGREED, "picks": PICKS, "person": Person("k", 1, last_order_at=T0), **facts}
    told = Life(of or picture(), T0, (flow,), {key: setting}, other)
    told.see(told.picture)
    return told


def test_cross_sell_shows_twice_and_a_third_time_to_whoever_looked() -> None:
    assert mails(delivered(life("cross_sell_series"))) == ["accessories 10 10:00", "related 24 10:00"]
    for kind in (LinkClicked, ProductViewed):
        told = hear(delivered(life("cross_sell_series")), kind, T0 + 11 * DAY)
        assert mails(told) == ["accessories 10 10:00", "upgrade 17 10:00", "related 24 10:00"]


@pytest.mark.parametrize("kind", [OrderedAgain, ReturnRequested, Unsubscribed])
def test_cross_sell_ends_once_they_order_return_or_leave(kind: EventKind) -> None:
    told = hear(delivered(life("cross_sell_series")), kind, T0 + 12 * DAY)
    assert mails(told) == ["accessories 10 10:00"]
    assert told.journey("cross_sell_series").end_reason == kind.value


@pytest.mark.parametrize(
    ("facts", "reason"), [({"picks": ()}, "has_picks"), ({"open_complaint": True}, "no_open_complaint")]
)
def test_cross_sell_without_anything_to_show_or_in_a_bad_moment(facts: dict[str, Any], reason: str) -> None:
    told = delivered(life("cross_sell_series", **facts))
    assert mails(told) == []
    assert told.journey("cross_sell_series").end_reason == reason


def test_a_second_order_is_won_with_the_shop_s_amount_alone() -> None:
    told = life("second_order_offer")
    assert mails(told) == []
    assert told.journey("second_order_offer").end_reason == "knob_is_on"
    amount = {"amount": 500}
    assert mails(life("second_order_offer", knobs=amount)) == ["offer 25 10:00", "thanks 40 10:00"]
    looked = hear(life("second_order_offer", knobs=amount), LinkClicked, T0 + 26 * DAY)
    assert mails(looked) == ["offer 25 10:00", "once_more 40 10:00"]
    bought = hear(life("second_order_offer", knobs=amount), OrderedAgain, T0 + 26 * DAY)
    assert mails(bought) == ["offer 25 10:00"]
    again = life("second_order_offer", knobs=amount, orders_before=1)
    assert again.journey("second_order_offer").end_reason == "is_first_order"


def test_it_is_once_in_a_customer_s_life() -> None:
    flow = preset("second_order_offer")
    told = life(flow.key, knobs={"amount": 500})
    event = Event(EventKind.ORDER_PLACED, "order:14:placed", "order:14", "14", T0)
    assert list(told.journeys) == [(flow.key, "person:k")]
    assert flow.subject_of(event, told.facts(flow, None)) == "person:k"


def test_before_it_runs_out_and_until_it_is_bought_again() -> None:
    def coffee(**knobs: int) -> Life:
        return delivered(life("replenishment", COFFEE, knobs, estimates=RUN_OUT))

    assert mails(coffee()) == ["running_low 34 10:00"]
    assert mails(coffee(days_before=2)) == ["running_low 38 10:00"]
    looked = hear(coffee(plan_percent=15), LinkClicked, T0 + 35 * DAY)
    assert mails(looked) == ["running_low 34 10:00", "same_again 39 10:00", "plan 44 10:00"]
    mug = hear(coffee(plan_percent=15), OrderedAgain, T0 + 5 * DAY)
    assert mails(mug) == ["running_low 34 10:00", "plan 44 10:00"], "a mug is no coffee"
    beans = coffee(plan_percent=15)
    beans.run_until(T0 + 5 * DAY)
    beans.other_facts["person"] = Person("k", 2, bought_again=frozenset({"p-beans"}))
    assert mails(beans) == []
    assert beans.journey("replenishment").end_reason == "done"


def test_nobody_is_reminded_of_what_nobody_can_foretell() -> None:
    told = delivered(life("replenishment", COFFEE))
    assert told.journey("replenishment").end_reason == "has_run_out"
    mug = delivered(life("replenishment", estimates=RUN_OUT))
    assert mug.journey("replenishment").end_reason == "is_consumable"
    plan = delivered(life("replenishment", picture(order(BEANS, is_renewal=True)), estimates=RUN_OUT))
    assert plan.journey("replenishment").end_reason == "not_a_renewal"


def test_win_back_by_the_calendar_and_by_their_own_rhythm() -> None:
    told = life("win_back")
    assert mails(told) == ["miss_you 60 10:00", "offer 90 10:00", "why 120 10:00"]
    seldom = life("win_back", person=Person("k", 5, last_order_at=T0, usual_days=80))
    assert mails(seldom)[0] == "miss_you 120 10:00", "one and a half times of 80 days"
    often = life("win_back", person=Person("k", 5, last_order_at=T0, usual_days=10))
    assert mails(often)[0] == "miss_you 60 10:00"
    nothing = life("win_back", knobs={"percent": 0})
    assert mails(nothing) == ["miss_you 60 10:00", "why 120 10:00"]
    back = hear(life("win_back"), OrderedAgain, T0 + 61 * DAY)
    assert mails(back) == ["miss_you 60 10:00"]


def test_whoever_waits_for_the_shop_is_not_asked_what_went_wrong() -> None:
    waiting = life("win_back")
    waiting.run_until(T0 + 100 * DAY)
    waiting.other_facts["open_complaint"] = True
    assert mails(waiting) == ["miss_you 60 10:00", "offer 90 10:00"]


def test_after_the_last_word_there_is_silence_until_they_come_back() -> None:
    gone = T0 + 5 * DAY

    def offered(**signs: Any) -> list[str]:
        person = Person("k", 1, let_go_at=gone, **signs)
        return mails(delivered(life("cross_sell_series", person=person)))

    assert offered(last_order_at=T0) == []
    assert offered(last_order_at=T0, clicked_at=gone - DAY) == []
    for signs in ({"last_order_at": gone + DAY}, {"clicked_at": gone + DAY}, {"visited_at": gone + DAY}):
        assert len(offered(**signs)) == 2
    silent = delivered(life("cross_sell_series", person=Person("k", 1, let_go_at=gone)))
    silent.run_until(T0 + 60 * DAY)
    assert {mail.reason for mail in silent.mails.values()} == {"asleep"}


def test_things_grow_old() -> None:
    told = delivered(life("milestone_seasonal"))
    assert mails(told) == ["age 183 10:00"]
    newer = hear(delivered(life("milestone_seasonal")), OrderedAgain, T0 + 100 * DAY)
    assert mails(newer) == []
    coffee = delivered(life("milestone_seasonal", picture(order(BEANS))))
    assert mails(coffee) == []
    given = delivered(life("milestone_seasonal", picture(order(is_gift=True))))
    assert mails(given) == [], "it grows old with somebody else"


def test_a_season_comes_to_buyers_of_what_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "season:k:2026"
    plain = hear(life("milestone_seasonal"), SeasonCame, T0 + 50 * DAY, key)
    assert mails(plain) == []
    tagged = {"p-mug": product("mug", "Mug", ("seasonal",))}
    monkeypatch.setattr("tests.flows.life.PRODUCTS", tagged)
    told = life("milestone_seasonal")
    hear(told, SeasonCame, T0 + 50 * DAY, key)
    hear(told, SeasonCame, T0 + 51 * DAY, key)
    hear(told, SeasonCame, T0 + 415 * DAY, "season:k:2027")
    assert [mail.split()[0] for mail in mails(told)] == ["season", "season"], "once each year"
    given = hear(life("milestone_seasonal", picture(order(is_gift=True))), SeasonCame, T0 + 50 * DAY, key)
    assert [mail.split()[0] for mail in mails(given)] == ["season"], "the season comes for givers, too"
    waiting = hear(life("milestone_seasonal"), SeasonCame, T0 + 50 * DAY, key)
    waiting.other_facts["open_complaint"] = True
    assert mails(waiting) == []


@pytest.mark.parametrize(
    ("key", "kind", "mail"),
    [
        ("anniversary_birthday", BirthdayCame, "birthday 100 09:00"),
        ("anniversary_birthday", AnniversaryCame, "anniversary 100 09:00"),
        ("surprise_delight", SurpriseDrawn, "surprise 100 10:00"),
    ],
)
def test_days_to_remember_are_met_in_the_morning(key: str, kind: EventKind, mail: str) -> None:
    midnight = T0 + 100 * DAY - timedelta(hours=10)
    told = life(key, orders_before=1)
    told.lateness = timedelta(0)
    assert mails(hear(told, kind, midnight, "day:k:2026")) == [mail]
    assert mails(hear(told, kind, midnight + DAY, "day:k:2026")) == [mail], "once"
    complaint = life(key, orders_before=1, open_complaint=True)
    assert mails(hear(complaint, kind, midnight, "day:k:2026")) == []


KEYS = (
    "cross_sell_series",
    "second_order_offer",
    "replenishment",
    "milestone_seasonal",
    "win_back",
)
OVER = T0 + 4 * DAY


def cancelled(of: OrderPicture) -> OrderPicture:
    called_off = replace(of.order, state=OrderState.CANCELLED, version=OVER, cancelled_at=OVER)
    return replace(of, order=called_off)


def refunded(of: OrderPicture) -> OrderPicture:
    return replace(of, refunds=(refund((BEANS, 1), (MUG, 1), at=OVER, amount=2000),))


@pytest.mark.parametrize("over", [cancelled, refunded])
@pytest.mark.parametrize("key", KEYS)
def test_nothing_follows_an_order_that_is_over(
    key: str, over: Callable[[OrderPicture], OrderPicture]
) -> None:
    told = delivered(
        life(key, COFFEE, {"amount": 500} if key == "second_order_offer" else {}, estimates=RUN_OUT)
    )
    told.see(over(told.picture), OVER)
    assert mails(told) == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("consent", [None, ConsentState.UNSUBSCRIBED, ConsentState.NOT_SUBSCRIBED])
def test_nothing_goes_to_whoever_did_not_agree(key: str, consent: ConsentState | None) -> None:
    knobs = {"amount": 500} if key == "second_order_offer" else {}
    told = delivered(life(key, COFFEE, knobs, estimates=RUN_OUT, consent=consent, consent_confirmed=False))
    assert mails(told) == []


def test_every_code_has_an_end_and_a_price() -> None:
    """No mail gives something without the shop having set how much, and for how long."""
    for key in (*KEYS, "anniversary_birthday", "surprise_delight"):
        flow: Flow = preset(key)
        for node in flow.nodes.values():
            if isinstance(node.step, Send) and node.step.offer is not None:
                knobs = {knob.key for knob in flow.knobs}
                assert str(getattr(node.step.offer.value, "key", "")) in knobs
                assert str(getattr(node.step.offer.days, "key", "")) in knobs
