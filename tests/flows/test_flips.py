"""For every reason why a mail is not sent: the named fact is changed, nothing else, and the outcome flips.

Each case is a situation in which guards or engine say no. The reasons that they leave are asked which
single change would have turned it; that very fact is changed, and they are asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from flows import engine
from flows.commerce import Address, ConsentState, OrderState
from flows.conditions import Condition, Named
from flows.counterfactual import counterfactual
from flows.events import WHILE_IT_IS, Event, EventKind
from flows.facts import FlowSetting, MailClass, Reason, Topic
from flows.flow import Flow
from flows.guards import UNDO, rule_on
from flows.journey import JourneyState, JourneyStatus, Verdict
from flows.late import Late
from flows.person import Person
from flows.presets import preset
from flows.rules import RULES
from flows.steps import Send
from tests.flows.pictures import MUG, SHOP, T0, picture, refund
from tests.flows.situation import BESIDES, GIFT_CARD, LONG_AGO, NOW, PLAIN, Change, Questions, Situation, flow
from tests.flows.situation import CHANGE as FIRST

OVER = {
    EventKind.ORDER_CANCELLED: "order_cancelled",
    EventKind.ORDER_REFUNDED: "order_refunded",
    EventKind.ORDER_DELETED: "order_gone",
    EventKind.UNSUBSCRIBED: "unsubscribed",
}


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


@dataclass(frozen=True)
class Case:
    name: str
    fact: str
    ask: Ask
    it: Situation

    def __str__(self) -> str:
        return f"{self.ask.__name__}-{self.name}-{self.fact}"


_FAMILIES = [
    import_module(f"tests.flows.flips.{found.stem}")
    for found in sorted((Path(__file__).parent / "flips").glob("*.py"))
]
QUESTIONS: Questions = {name: asked for family in _FAMILIES for name, asked in family.QUESTIONS.items()}
"""For every rule that a flow may ask: facts under which it does not hold, and under which it does."""
CHANGE: Change = {
    **FIRST,
    **{fact: change for family in _FAMILIES for fact, change in family.CHANGE.items()},
}

NO_LINES = PLAIN.having(picture=picture(refunds=(refund((MUG, 1), at=T0),)))
REVIEWS = flow(enter_if=Named("has_reviewable_line"))
IN_BERLIN = PLAIN.ordering(shipping_address=Address(city="Berlin", country="DE"))
OFFERS = flow(mail_class=MailClass.MARKETING, topic=Topic.OFFERS)
CONFIRMING = replace(PLAIN, flow=flow(key="order_confirmation"))
ASKING = replace(preset("review_request"), knobs=(), steps=(Send("ask", "review_request/ask", 48),))
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
    Case(
        "parcel_late",
        "late",
        last_look,
        replace(PLAIN, flow=ASKING).having(late=(Late(NOW + timedelta(hours=2)),)),
    ),
    Case(
        "no_open_complaint",
        "open_complaint",
        last_look,
        replace(PLAIN, flow=ASKING).having(open_complaint=True),
    ),
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
        Case(name, "consent", last_look, replace(PLAIN, flow=OFFERS).having(consent=state))
        for state, name in (
            (None, "consent"),
            (ConsentState.NOT_SUBSCRIBED, "consent"),
            (ConsentState.PENDING, "consent_not_confirmed"),
            (ConsentState.INVALID, "consent_invalid"),
        )
    ),
    Case(
        "asleep",
        "person.answered_at",
        last_look,
        replace(PLAIN, flow=OFFERS).having(
            consent=ConsentState.SUBSCRIBED, consent_confirmed=True, person=Person("k", let_go_at=LONG_AGO)
        ),
    ),
    Case("consent", "consent", last_look, IN_BERLIN.having(consent=ConsentState.NOT_SUBSCRIBED)),
    Case("consent_not_confirmed", "consent", last_look, IN_BERLIN.having(consent=ConsentState.PENDING)),
]


def endings() -> Iterator[Case]:
    """Whatever can end a journey, seen by whoever may see it first."""
    for kind in EventKind:
        if kind is EventKind.ORDER_PLACED:
            continue
        # A journey of the whole order does not hear of parcels.
        other = EventKind.PARCEL_LATE if kind is not EventKind.PARCEL_LATE else EventKind.PARCEL_STALLED
        ending = flow(exit_on=(kind,), per="event", also=(other,))
        it = replace(PLAIN, flow=ending).having(happened={kind: NOW})
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


# Asked of every flow by engine and guards themselves, above.
# What began a journey nobody can change, and a knob belongs to a flow.
OF_EVERY_FLOW = {"shop_is_active", "placed_after_connect", "flow_was_on", "has_kept_line"} | {
    "began_with",
    "told_with",
    "knob_is_on",
    "total_at_least",
}


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
