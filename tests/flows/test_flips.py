"""For every reason why a mail is not sent: the named fact is changed, nothing else, and the outcome flips.

Each case is a situation in which guards or engine say no. The reasons that they leave are asked which
single change would have turned it; that very fact is changed, and they are asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows import engine
from flows.commerce import ConsentState, OrderState
from flows.conditions import Condition, Named
from flows.counterfactual import counterfactual
from flows.delays import days
from flows.events import WHILE_IT_IS, Event, EventKind
from flows.facts import Facts, FlowSetting, MailClass, Reason, Topic
from flows.flow import Flow
from flows.guards import UNDO, rule_on
from flows.journey import JourneyState, JourneyStatus, Verdict
from flows.rules import RULES
from flows.steps import Send, Wait
from tests.flows.pictures import MUG, ON, SHOP, T0, facts, line, picture, refund

NOW = T0 + timedelta(hours=1)
LONG_AGO = T0 - timedelta(days=15)
GIFT_CARD = line("card", gift_card=True)
OVER = {
    EventKind.ORDER_CANCELLED: "order_cancelled",
    EventKind.ORDER_REFUNDED: "order_refunded",
    EventKind.ORDER_DELETED: "order_gone",
    EventKind.UNSUBSCRIBED: "unsubscribed",
}


@dataclass(frozen=True)
class Situation:
    facts: Facts = field(default_factory=facts)
    flow: Flow = field(default_factory=lambda: flow())
    step: str = "ask"
    due_at: datetime = T0
    expires_at: datetime = T0 + timedelta(days=2)

    def having(self, **changes: Any) -> Situation:
        return replace(self, facts=replace(self.facts, **changes))

    def ordering(self, **changes: Any) -> Situation:
        whole = self.facts.picture
        return self.having(picture=replace(whole, order=replace(whole.order, **changes)))


def flow(**changes: Any) -> Flow:
    when = changes.pop("when", None)
    values: dict[str, Any] = {
        "key": "probe",
        "version": 1,
        "mail_class": MailClass.SERVICE,
        "topic": Topic.TIPS,
        "trigger": EventKind.ORDER_PLACED,
        "steps": (Wait("pause", days(1)), Send("ask", "x/ask", late_hours=48, when=when)),
    }
    return Flow(**{**values, **changes})


def when(condition: Condition) -> Flow:
    return flow(when=condition)


# Who asks: each gives the name under which it says no (None: it says yes) and its reasons.


def last_look(it: Situation) -> tuple[str | None, tuple[Reason, ...]]:
    ruling = rule_on(it.flow, it.step, it.due_at, it.expires_at, it.facts, NOW)
    return (None if ruling.verdict is Verdict.ALLOW else ruling.reason), ruling.reasons


def entering(it: Situation) -> tuple[str | None, tuple[Reason, ...]]:
    event = Event(it.flow.trigger, "order:13:placed", "order:13", "13", T0)
    decision = engine.start(it.flow, event, it.facts, NOW)
    declined = decision.journey.status is JourneyStatus.DECLINED
    return (decision.journey.end_reason if declined else None), decision.reasons


def under_way(it: Situation) -> tuple[str | None, tuple[Reason, ...]]:
    """A journey in its wait, whose timer rings."""
    step = "pause" if it.step == "ask" else it.step
    journey = JourneyState("probe", 1, JourneyStatus.ACTIVE, T0, step, NOW)
    decision = engine.advance(it.flow, journey, None, it.facts, NOW)
    ended = decision.journey.status is JourneyStatus.ENDED
    return (decision.journey.end_reason if ended else None), decision.reasons


Ask = Callable[[Situation], tuple[str | None, tuple[Reason, ...]]]


# What changing exactly one named fact is.


def _happening(kind: EventKind) -> Callable[[Situation], Situation]:
    state = WHILE_IT_IS.get(kind)

    def change(it: Situation) -> Situation:
        left = {one: at for one, at in it.facts.happened.items() if one is not kind}
        if state is not None:
            over = it.facts.picture.order.state is state
            return it.ordering(state=OrderState.OPEN if over else state).having(happened=left)
        if kind in it.facts.happened:
            return it.having(happened=left)
        return it.having(happened={**left, kind: NOW - timedelta(hours=1)})

    return change


def _refunds(it: Situation) -> Situation:
    left = {kind: at for kind, at in it.facts.happened.items() if kind is not EventKind.ORDER_REFUNDED}
    it = it.ordering(fully_refunded=False, refunded=0).having(happened=left)
    return it.having(picture=replace(it.facts.picture, refunds=()))


def _lines(it: Situation) -> Situation:
    """Which lines there are to talk of, those given back left out."""
    if it.facts.picture.reviewable_lines():
        return it.ordering(lines=(GIFT_CARD,))
    return it.having(picture=picture(refunds=()))


# Facts that a rule goes by besides the one that it names.
BESIDES = {
    # One order is in one state.
    "happened[OrderCancelled]": {"happened[OrderDeleted]"},
    "happened[OrderDeleted]": {"happened[OrderCancelled]"},
    "order.refunds": {"order.lines", "happened[OrderRefunded]"},
    "order.lines": {"order.refunds"},
    "reviewed_products": {"order.lines"},
}


CHANGE: Mapping[str, Callable[[Situation], Situation]] = {
    "shop.active": lambda it: it.having(shop=replace(it.facts.shop, active=not it.facts.shop.active)),
    "setting.enabled": lambda it: it.having(setting=ON),
    "order.placed_at": lambda it: it.ordering(placed_at=SHOP.connected_at + timedelta(days=1)),
    "order.refunds": _refunds,
    "order.lines": _lines,
    "order.is_gift": lambda it: it.ordering(is_gift=not it.facts.picture.order.is_gift),
    "order.is_test": lambda it: it.ordering(is_test=not it.facts.picture.order.is_test),
    "order.source": lambda it: it.ordering(source="" if it.facts.picture.order.source == "pos" else "pos"),
    "order.shop_wrote": lambda it: it.ordering(
        shop_wrote=() if it.facts.picture.order.shop_wrote else ("customer_processing_order",)
    ),
    "order.is_renewal": lambda it: it.ordering(is_renewal=not it.facts.picture.order.is_renewal),
    "orders_before": lambda it: it.having(orders_before=0 if it.facts.orders_before else 2),
    "open_complaint": lambda it: it.having(open_complaint=not it.facts.open_complaint),
    "reviewed_products": lambda it: it.having(
        reviewed_products={} if it.facts.reviewed_products else {"p-mug": T0 - timedelta(days=9)}
    ),
    "last_score": lambda it: it.having(last_score=2 if it.facts.last_score == 9 else 9),
    "recipient": lambda it: it.having(recipient="ada@example.com", recipient_problem=None),
    "suppressed": lambda it: it.having(suppressed=None),
    "unsubscribed": lambda it: it.having(unsubscribed=frozenset()),
    "left_topics": lambda it: it.having(left_topics=frozenset()),
    "consent": lambda it: it.having(consent=ConsentState.SUBSCRIBED),
    "expires_at": lambda it: replace(it, expires_at=NOW + timedelta(hours=1)),
    "due_at": lambda it: replace(it, due_at=NOW),
    "flow.steps": lambda it: replace(it, step="ask"),
    **{f"happened[{kind.value}]": _happening(kind) for kind in EventKind},
}


@dataclass(frozen=True)
class Case:
    name: str
    fact: str
    ask: Ask
    it: Situation

    def __str__(self) -> str:
        return f"{self.ask.__name__}-{self.name}-{self.fact}"


PLAIN = Situation()
NO_LINES = PLAIN.having(picture=picture(refunds=(refund((MUG, 1), at=T0),)))
REVIEWS = flow(enter_if=Named("has_reviewable_line"))
OFFERS = flow(mail_class=MailClass.MARKETING, topic=Topic.OFFERS)
CONFIRMING = replace(PLAIN, flow=flow(key="order_confirmation"))
OFF = FlowSetting(enabled=False, since=LONG_AGO)
JUST_OFF = FlowSetting(enabled=False, since=NOW - UNDO / 2)
NOT_CONNECTED = PLAIN.having(shop=replace(SHOP, active=False))

OF_THE_SHOP = [
    Case("shop_inactive", "shop.active", last_look, NOT_CONNECTED),
    Case("shop_inactive", "shop.active", entering, NOT_CONNECTED),
    Case("shop_inactive", "shop.active", under_way, NOT_CONNECTED),
    Case("placed_before_connect", "order.placed_at", entering, PLAIN.ordering(placed_at=T0 - timedelta(40))),
    Case("flow_off", "setting.enabled", last_look, PLAIN.having(setting=OFF)),
    Case("flow_off", "setting.enabled", last_look, PLAIN.having(setting=JUST_OFF)),
    Case("flow_off", "setting.enabled", entering, PLAIN.having(setting=OFF)),
    Case("flow_off", "setting.enabled", entering, PLAIN.having(setting=FlowSetting(True, NOW))),
]
OF_THE_ORDER = [
    Case("nothing_left", "order.refunds", last_look, NO_LINES),
    Case("nothing_left", "order.refunds", last_look, replace(NO_LINES, flow=REVIEWS)),
    Case("nothing_left", "order.lines", last_look, replace(PLAIN, flow=REVIEWS).ordering(lines=(GIFT_CARD,))),
    Case("has_reviewable_line", "order.lines", under_way, replace(NO_LINES, flow=REVIEWS)),
    *(
        Case("shop_wrote", "order.shop_wrote", last_look, CONFIRMING.ordering(shop_wrote=(mail,)))
        for mail in ("customer_processing_order", "customer_processing_renewal_order")
    ),
    *(
        Case(
            "shop_wrote",
            "order.shop_wrote",
            last_look,
            replace(PLAIN, flow=flow(key="shipped")).ordering(shop_wrote=("customer_note", mail)),
        )
        for mail in ("customer_completed_order", "customer_fulfillment_created", "customer_shipped_order")
    ),
    Case("step_removed", "flow.steps", last_look, replace(PLAIN, step="gone")),
    Case("step_removed", "flow.steps", under_way, replace(PLAIN, step="gone")),
    Case("expired", "expires_at", last_look, replace(PLAIN, expires_at=NOW - timedelta(seconds=1))),
    Case("not_due", "due_at", last_look, replace(PLAIN, due_at=NOW + timedelta(days=1))),
]
OF_THE_PERSON = [
    Case(problem, "recipient", last_look, PLAIN.having(recipient=None, recipient_problem=problem))
    for problem in ("no_email", "invalid_email")
]
OF_THE_PERSON += [
    Case("no_recipient", "recipient", last_look, PLAIN.having(recipient=None)),
    Case("hard_bounce", "suppressed", last_look, PLAIN.having(suppressed="hard_bounce")),
    Case("complaint", "suppressed", last_look, PLAIN.having(suppressed="complaint")),
    Case("unsubscribed", "suppressed", last_look, PLAIN.having(suppressed="unsubscribed")),
    Case("unsubscribed", "left_topics", last_look, PLAIN.having(left_topics=frozenset({Topic.TIPS}))),
    Case(
        "unsubscribed",
        "unsubscribed",
        last_look,
        PLAIN.having(unsubscribed=frozenset({MailClass.SERVICE})),
    ),
    *(
        Case("unsubscribed", "consent", last_look, PLAIN.having(consent=state))
        for state in (ConsentState.UNSUBSCRIBED, ConsentState.REDACTED)
    ),
    Case(
        "unsubscribed",
        "consent",
        last_look,
        replace(PLAIN, flow=OFFERS).having(consent=ConsentState.UNSUBSCRIBED),
    ),
    *(
        Case("consent", "consent", last_look, replace(PLAIN, flow=OFFERS).having(consent=state))
        for state in (None, ConsentState.NOT_SUBSCRIBED, ConsentState.PENDING, ConsentState.INVALID)
    ),
]


def endings() -> Iterator[Case]:
    """Whatever can end a journey, seen by whoever may see it first."""
    for kind in EventKind:
        if kind is EventKind.ORDER_PLACED:
            continue
        it = replace(PLAIN, flow=flow(exit_on=(kind,))).having(happened={kind: NOW})
        it = it.ordering(state=WHILE_IT_IS.get(kind, OrderState.OPEN))
        fact = "order.refunds" if kind is EventKind.ORDER_REFUNDED else f"happened[{kind.value}]"
        yield Case(OVER.get(kind, kind.value), fact, last_look, it)
        yield Case(kind.value, fact, entering, it)
        yield Case(kind.value, fact, under_way, it)
    told = replace(PLAIN, flow=flow(exit_on=(EventKind.ORDER_CANCELLED,))).ordering(
        state=OrderState.CANCELLED
    )
    yield Case("order_cancelled", "happened[OrderCancelled]", last_look, told)
    told = replace(PLAIN, flow=flow(exit_on=(EventKind.ORDER_DELETED,))).ordering(state=OrderState.GONE)
    yield Case("order_gone", "happened[OrderDeleted]", last_look, told)
    told = replace(PLAIN, flow=flow(exit_on=(EventKind.ORDER_REFUNDED,))).ordering(fully_refunded=True)
    yield Case("order_refunded", "order.refunds", last_look, told)


# For every rule that a flow may ask: facts under which it does not hold, and under which it does.
CLICKED = EventKind.LINK_CLICKED
QUESTIONS: Mapping[str, tuple[Named, str, Situation, Situation]] = {
    "has_reviewable_line": (
        Named("has_reviewable_line"),
        "order.lines",
        PLAIN.ordering(lines=(GIFT_CARD,)),
        PLAIN,
    ),
    "is_gift": (Named("is_gift"), "order.is_gift", PLAIN, PLAIN.ordering(is_gift=True)),
    "is_test": (Named("is_test"), "order.is_test", PLAIN, PLAIN.ordering(is_test=True)),
    "is_pos": (Named("is_pos"), "order.source", PLAIN, PLAIN.ordering(source="pos")),
    "is_renewal": (Named("is_renewal"), "order.is_renewal", PLAIN, PLAIN.ordering(is_renewal=True)),
    "order_cancelled": (
        Named("order_cancelled"),
        "happened[OrderCancelled]",
        PLAIN,
        PLAIN.ordering(state=OrderState.CANCELLED),
    ),
    "is_first_order": (Named("is_first_order"), "orders_before", PLAIN.having(orders_before=2), PLAIN),
    "open_complaint": (Named("open_complaint"), "open_complaint", PLAIN, PLAIN.having(open_complaint=True)),
    "reviewed_within": (
        Named("reviewed_within", (("months", 12),)),
        "reviewed_products",
        PLAIN,
        PLAIN.having(reviewed_products={"p-mug": T0 - timedelta(days=30)}),
    ),
    "has_happened": (
        Named("has_happened", (("event", CLICKED.value),)),
        "happened[LinkClicked]",
        PLAIN,
        PLAIN.having(happened={CLICKED: T0}),
    ),
    "happened_within": (
        Named("happened_within", (("event", CLICKED.value), ("days", 5))),
        "happened[LinkClicked]",
        PLAIN,
        PLAIN.having(happened={CLICKED: T0}),
    ),
    "scored_at_least": (
        Named("scored_at_least", (("points", 7),)),
        "last_score",
        PLAIN.having(last_score=2),
        PLAIN.having(last_score=9),
    ),
}
# Asked of every flow by engine and guards themselves, above.
OF_EVERY_FLOW = {"shop_is_active", "placed_after_connect", "flow_was_on", "has_kept_line"}


def questions() -> Iterator[Case]:
    for rule, (asked, fact, without, having) in QUESTIONS.items():
        for condition, it in ((asked, without), (~asked, having)):
            name = RULES[rule].opposite if condition is not asked else rule
            yield Case(name, fact, last_look, replace(it, flow=flow(when=condition)))
            yield Case(name, fact, entering, replace(it, flow=flow(enter_if=condition)))


CASES = [*OF_THE_SHOP, *OF_THE_ORDER, *OF_THE_PERSON, *endings(), *questions()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_named_fact_turns_the_outcome(case: Case) -> None:
    name, reasons = case.ask(case.it)
    assert name == case.name
    found = counterfactual(reasons)
    assert not found.passed
    assert [change.fact for change in found.alone] == [case.fact]
    changed = CHANGE[case.fact](case.it)
    assert case.ask(changed)[0] is None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_other_fact_turns_it(case: Case) -> None:
    """Changing anything else leaves the refusal where it is."""
    _, reasons = case.ask(case.it)
    others = {change.fact for change in counterfactual(reasons).alone} ^ set(CHANGE)
    for fact in others - {"flow.steps"} - BESIDES.get(case.fact, set()):
        assert case.ask(CHANGE[fact](case.it))[0] is not None, fact


def test_every_rule_that_a_flow_may_ask_has_a_case() -> None:
    assert set(QUESTIONS) | OF_EVERY_FLOW == set(RULES)


def test_of_several_refusals_all_must_change() -> None:
    it = PLAIN.having(setting=OFF, suppressed="complaint", left_topics=frozenset({Topic.TIPS}))
    found = counterfactual(last_look(it)[1])
    facts_named = [change.fact for change in found.together]
    assert found.alone == ()
    assert facts_named == ["setting.enabled", "suppressed", "left_topics"]
    for fact in facts_named:
        assert last_look(it)[0] is not None
        it = CHANGE[fact](it)
    assert last_look(it)[0] is None


def test_who_left_in_two_ways_has_no_single_way_back() -> None:
    it = PLAIN.having(left_topics=frozenset({Topic.TIPS}), unsubscribed=frozenset({MailClass.SERVICE}))
    found = counterfactual(last_look(it)[1])
    assert found.alone == ()
    assert [change.fact for change in found.together] == ["left_topics", "unsubscribed"]


def test_a_mail_that_may_leave_names_what_would_have_stopped_it() -> None:
    it = replace(PLAIN, flow=flow(exit_on=(EventKind.ORDER_CANCELLED,)))
    name, reasons = last_look(it)
    assert name is None
    stopping = {change.fact for change in counterfactual(reasons).alone}
    assert {"shop.active", "setting.enabled", "happened[OrderCancelled]", "recipient"} <= stopping
    assert last_look(it.having(suppressed="complaint"))[0] is not None
