from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import ConsentState, Order, OrderState
from flows.conditions import has_reviewable_line, is_first_order, is_gift
from flows.events import (
    EventKind,
    LinkClicked,
    OrderCancelled,
    OrderDeleted,
    OrderRefunded,
    ReviewSubmitted,
    Unsubscribed,
)
from flows.facts import Facts, FlowSetting, MailClass
from flows.flow import Flow
from flows.guards import UNDO, rule_on
from flows.journey import Ruling, Verdict
from flows.shop_mails import HeldMail
from flows.steps import Send
from tests.flows.pictures import MUG, SHOP, T0, facts, line, order, picture, refund
from tests.flows.test_flow import flow as a_flow

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ASK = Send("ask", "hello/ask", late_hours=12)
EXITS = (OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed)
SERVICE = a_flow(ASK, enter_if=has_reviewable_line & ~is_gift, exit_on=EXITS, goal=ReviewSubmitted)
TRANSACTIONAL = a_flow(ASK, mail_class=MailClass.TRANSACTIONAL)
MARKETING = a_flow(ASK, mail_class=MailClass.MARKETING)
ALL = (SERVICE, TRANSACTIONAL, MARKETING)


def agreed(**other: Any) -> Facts:
    return facts(**{"consent": ConsentState.SUBSCRIBED, **other})


def rule(
    flow: Flow = SERVICE, seen: Facts | None = None, after: timedelta = timedelta(0), step: str = "ask"
) -> Ruling:
    return rule_on(flow, step, T0, T0 + DAY, seen or agreed(), T0 + after)


@pytest.mark.parametrize("flow", ALL)
def test_a_mail_may_leave(flow: Flow) -> None:
    ruling = rule(flow)
    assert (ruling.verdict, ruling.reason, ruling.until) == (Verdict.ALLOW, None, None)
    assert all(reason.passed for reason in ruling.reasons)


GONE_BACK = picture(refunds=(refund((MUG, 1), at=T0),))


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (agreed(shop=replace(SHOP, active=False)), "shop_inactive"),
        (agreed(setting=FlowSetting()), "flow_off"),
        (agreed(setting=FlowSetting(False, T0 - UNDO)), "flow_off"),
        (agreed(of=GONE_BACK), "nothing_left"),
        (agreed(recipient=None), "no_recipient"),
        (agreed(recipient=None, recipient_problem="no_email"), "no_email"),
        (agreed(recipient=None, recipient_problem="invalid_email"), "invalid_email"),
        (agreed(suppressed="hard_bounce"), "hard_bounce"),
        (agreed(suppressed="complaint"), "complaint"),
    ],
)
@pytest.mark.parametrize("flow", ALL)
def test_what_stops_every_mail(flow: Flow, seen: Facts, reason: str) -> None:
    ruling = rule(flow, seen)
    assert (ruling.verdict, ruling.reason) == (Verdict.SKIP, reason)
    assert not all(one.passed for one in ruling.reasons)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (agreed(of=picture(order(state=OrderState.CANCELLED))), "order_cancelled"),
        (agreed(happened={OrderRefunded: T0}), "order_refunded"),
        (agreed(of=picture(order(fully_refunded=True))), "order_refunded"),
        (agreed(of=picture(order(state=OrderState.GONE))), "order_gone"),
        (agreed(happened={Unsubscribed: T0}), "unsubscribed"),
        (agreed(happened={ReviewSubmitted: T0}), "ReviewSubmitted"),
    ],
)
def test_what_ends_a_flow_stops_its_mails(seen: Facts, reason: str) -> None:
    ruling = rule(SERVICE, seen)
    assert (ruling.verdict, ruling.reason) == (Verdict.SKIP, reason)
    assert rule(TRANSACTIONAL, seen).verdict is Verdict.ALLOW, "only where the flow says so"


def test_what_does_not_end_it_does_not_stop_it() -> None:
    assert rule(SERVICE, agreed(happened={LinkClicked: T0})).verdict is Verdict.ALLOW


@pytest.mark.parametrize("kind", [OrderCancelled, OrderDeleted])
def test_what_was_taken_back_stops_nothing(kind: EventKind) -> None:
    """The order was cancelled, or thrown away, and is open again."""
    assert rule(SERVICE, agreed(happened={kind: T0})).verdict is Verdict.ALLOW


FEES = replace(order(), lines=(), fees=5000, total=5000)


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        (FEES, True),
        (replace(FEES, lines_gone=True), False),
        (replace(FEES, fees=0), False),
        (replace(FEES, total=0), False),
    ],
)
def test_an_order_of_nothing_but_fees_has_all_that_it_ever_had(seen: Order, left: bool) -> None:
    assert rule(TRANSACTIONAL, agreed(of=picture(seen))).reason == (None if left else "nothing_left")
    assert rule(SERVICE, agreed(of=picture(seen))).verdict is Verdict.SKIP, "nothing to talk of"


def test_fees_are_no_reason_where_all_goods_were_given_back() -> None:
    seen = replace(GONE_BACK, order=replace(GONE_BACK.order, fees=500))
    assert rule(TRANSACTIONAL, agreed(of=seen)).reason == "nothing_left"


def test_nothing_left_means_what_the_flow_talks_of() -> None:
    card_only = agreed(of=picture(order(line("card", gift_card=True))))
    assert rule(SERVICE, card_only).reason == "nothing_left"
    assert rule(TRANSACTIONAL, card_only).verdict is Verdict.ALLOW


SUBSCRIBED, PENDING = ConsentState.SUBSCRIBED, ConsentState.PENDING
NONE: frozenset[MailClass] = frozenset()
S, M = frozenset({MailClass.SERVICE}), frozenset({MailClass.MARKETING})


@pytest.mark.parametrize(
    ("consent", "opted_out", "service", "marketing"),
    [
        (SUBSCRIBED, NONE, None, None),
        (SUBSCRIBED, M, None, "unsubscribed"),
        (SUBSCRIBED, S, "unsubscribed", None),
        (SUBSCRIBED, S | M, "unsubscribed", "unsubscribed"),
        (None, NONE, None, "consent"),
        (None, S | M, "unsubscribed", "unsubscribed"),
        (PENDING, NONE, None, "consent_not_confirmed"),
        (ConsentState.NOT_SUBSCRIBED, NONE, None, "consent"),
        (ConsentState.INVALID, NONE, "consent_invalid", "consent_invalid"),
        (ConsentState.UNSUBSCRIBED, NONE, "unsubscribed", "unsubscribed"),
        (ConsentState.REDACTED, NONE, "unsubscribed", "unsubscribed"),
    ],
)
def test_who_may_be_written_to(
    consent: ConsentState | None, opted_out: frozenset[MailClass], service: str | None, marketing: str | None
) -> None:
    seen = facts(consent=consent, unsubscribed=opted_out)
    assert rule(TRANSACTIONAL, seen).reason is None
    assert rule(SERVICE, seen).reason == service
    assert rule(MARKETING, seen).reason == marketing


def test_every_state_of_consent_is_ruled_on() -> None:
    for state in ConsentState:
        ruling = rule(MARKETING, facts(consent=state))
        assert (ruling.verdict is Verdict.ALLOW) is (state is SUBSCRIBED)


def test_a_mail_expires_after_its_last_instant() -> None:
    assert rule(after=DAY).verdict is Verdict.ALLOW
    ruling = rule(after=DAY + SECOND)
    assert (ruling.verdict, ruling.reason) == (Verdict.SKIP, "expired")


def test_a_mail_that_is_not_due_is_put_off() -> None:
    ruling = rule(after=-SECOND)
    assert (ruling.verdict, ruling.reason, ruling.until) == (Verdict.DEFER, "not_due", T0)


def test_a_switch_that_may_be_taken_back_puts_off() -> None:
    off = agreed(setting=FlowSetting(False, T0))
    ruling = rule(seen=off, after=3 * SECOND)
    assert (ruling.verdict, ruling.reason, ruling.until) == (Verdict.DEFER, "flow_off", T0 + UNDO)
    assert rule(seen=off, after=UNDO).verdict is Verdict.SKIP
    assert rule(seen=agreed(), after=UNDO).verdict is Verdict.ALLOW


def test_of_two_that_put_off_the_later_counts() -> None:
    switched_off = agreed(setting=FlowSetting(False, T0 - UNDO - SECOND))
    ruling = rule(seen=switched_off, after=-2 * SECOND)
    assert (ruling.reason, ruling.until) == ("not_due", T0)
    ruling = rule(seen=agreed(setting=FlowSetting(False, T0)), after=-SECOND)
    assert (ruling.reason, ruling.until) == ("flow_off", T0 + UNDO)


def test_skipping_beats_putting_off() -> None:
    off = agreed(setting=FlowSetting(False, T0), suppressed="complaint")
    assert (rule(seen=off).verdict, rule(seen=off).reason) == (Verdict.SKIP, "complaint")


def test_a_step_that_an_edit_removed_is_not_sent() -> None:
    ruling = rule(step="another")
    assert (ruling.verdict, ruling.reason) == (Verdict.SKIP, "step_removed")


def test_the_condition_of_a_step_still_counts_at_the_last_moment() -> None:
    flow = a_flow(replace(ASK, when=is_first_order & ~is_gift))
    assert rule(flow).verdict is Verdict.ALLOW
    assert rule(flow, agreed(orders_before=1)).reason == "is_first_order"
    assert rule(flow, agreed(of=picture(order(is_gift=True)))).reason == "not_a_gift"


def test_every_rule_is_in_the_reasons_in_one_order() -> None:
    everything_wrong = facts(
        picture(order(state=OrderState.GONE), refunds=(refund((MUG, 1), at=T0),)),
        happened=dict.fromkeys((*EXITS, ReviewSubmitted), T0),
        shop=replace(SHOP, active=False),
        setting=FlowSetting(),
        recipient=None,
        suppressed="hard_bounce",
        unsubscribed=S | M,
    )
    ruling = rule(SERVICE, everything_wrong, after=2 * DAY)
    assert ruling.reason == "shop_inactive"
    assert [(reason.rule, reason.passed) for reason in ruling.reasons] == [
        ("shop_is_active", False),
        ("flow_is_on", False),
        *[("has_not_happened", False)] * 2,
        ("has_not_happened", True),  # thrown away, so not cancelled any more
        *[("has_not_happened", False)] * 2,
        ("has_kept_line", False),
        ("all", False),
        ("step_exists", True),
        ("has_recipient", False),
        ("not_suppressed", False),
        ("not_unsubscribed", False),
        ("law_allows", True),
        ("not_expired", False),
        ("due", True),
    ]
    assert rule(SERVICE, everything_wrong, after=2 * DAY) == ruling


LOST = "cancel_refund_exchange"
REFUNDED, PART = "customer_refunded_order", "customer_partially_refunded_order"


@pytest.mark.parametrize(
    ("step", "wrote", "held", "silent"),
    [
        ("refunded", (), (), True),
        ("refunded", (PART,), (), False),
        ("refunded_all", (REFUNDED,), (), False),
        ("refunded", (PART,), (PART,), True),
        ("refunded", (PART, REFUNDED), (REFUNDED,), False),
        ("refunded", ("customer_cancelled_order",), (), True),
        ("cancelled", ("customer_cancelled_order",), (), False),
        ("cancelled", (PART,), (), True),
    ],
)
def test_what_the_store_wrote_silences_the_step_that_says_the_same(
    step: str, wrote: tuple[str, ...], held: tuple[str, ...], silent: bool
) -> None:
    """One that is held back after another was written tells of something new, and ours does so."""
    marks = tuple(HeldMail(mail, T0) for mail in held)
    whole = a_flow(Send(step, "t", late_hours=24), key=LOST, of_loss=True)
    seen = facts(picture(order(MUG, shop_wrote=wrote, shop_held=marks)))
    ruling = rule_on(whole, step, T0, T0 + timedelta(days=1), seen, T0)
    assert (ruling.reason != "shop_wrote") is silent


def test_any_mail_of_the_store_that_says_the_same_silences_what_is_said_once() -> None:
    marks = (HeldMail("customer_processing_order", T0),)
    seen = facts(picture(order(MUG, shop_wrote=("customer_processing_order",), shop_held=marks)))
    ruling = rule_on(a_flow(key="order_confirmation"), "ask", T0, T0 + timedelta(days=1), seen, T0)
    assert ruling.reason == "shop_wrote"
