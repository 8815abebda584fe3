"""May this mail leave now? Asked right before the hand-over, on facts that were just read.

Every rule is looked at, in one fixed order; the first that says no names the reason. A mail that
must not leave is skipped for ever; one that may not leave yet is put off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from flows.commerce import ConsentState
from flows.conditions import first_failing, has_kept_line, open_complaint, shop_is_active
from flows.consent import Ground, Permission, permission
from flows.events import WHILE_IT_IS, EventKind
from flows.facts import Facts, MailClass, Reason, Topic
from flows.fairness import asks_for_review
from flows.flow import Flow
from flows.journey import Ruling, Verdict
from flows.late import day_after, next_day
from flows.person import is_asleep
from flows.questions.rule import leaf
from flows.shop_mails import SAYS_THE_SAME, said_by
from flows.wallclock import zone_named

UNDO = timedelta(seconds=10)
"""How long a merchant may take back that a flow was switched off."""

_NO_COMPLAINT = ~open_complaint
_OVER = {kind: kind.value for kind in EventKind} | {
    EventKind.ORDER_CANCELLED: "order_cancelled",
    EventKind.ORDER_REFUNDED: "order_refunded",
    EventKind.ORDER_DELETED: "order_gone",
    EventKind.UNSUBSCRIBED: "unsubscribed",
}
_OPTED_OUT = frozenset({ConsentState.UNSUBSCRIBED, ConsentState.REDACTED})


class _Check(NamedTuple):
    """`refusal`: the permanent name under which a failed check skips the mail, or, with `until`, puts
    it off."""

    refusal: str
    reason: Reason
    until: datetime | None = None


def rule_on(
    flow: Flow, step_key: str, message_due_at: datetime, expires_at: datetime, facts: Facts, now: datetime
) -> Ruling:
    """The ruling on one planned mail of `flow`. Skipping beats putting off; of two that put off, the
    later instant counts."""
    checks = list(_checks(flow, step_key, message_due_at, expires_at, facts, now))
    reasons = tuple([check.reason for check in checks])
    delays: list[tuple[datetime, str]] = []
    for check in checks:
        if not check.reason.passed:
            if check.until is None:
                return Ruling(Verdict.SKIP, check.refusal, None, reasons)
            delays.append((check.until, check.refusal))
    if delays:
        until, refusal = max(delays)
        return Ruling(Verdict.DEFER, refusal, until, reasons)
    return Ruling(Verdict.ALLOW, None, None, reasons)


def stopped_by(flow: Flow, facts: Facts) -> EventKind | None:
    """The first event, in the flow's own order, that has happened and ends its journeys."""
    return next((kind for kind in flow.ends_on if has_come(kind, facts)), None)


def has_come(kind: EventKind, facts: Facts) -> bool:
    """Recorded, or plain from the order itself. What may be taken back, as a cancellation, has come only
    while the order says so: whoever pays for it after all is a customer like any other."""
    order = facts.picture.order
    if kind in WHILE_IT_IS:
        return order.state is WHILE_IT_IS[kind]
    if kind is EventKind.ORDERED_AGAIN and facts.person.ordered_again_at is not None:
        return True
    return kind in facts.happened or (kind is EventKind.ORDER_REFUNDED and order.fully_refunded)


@cache
def no_sign_of(kind: EventKind, come: bool) -> Reason:
    """The rule that `kind` must not have happened, passed unless it has `come`."""
    return Reason("has_not_happened", not come, kind.value if come else "nothing", f"no {kind.value}")


def flow_is_on(facts: Facts) -> Reason:
    on = facts.setting.enabled
    return leaf("flow_is_on", on, "on" if on else "off", "on")


def _checks(
    flow: Flow, step_key: str, due_at: datetime, expires_at: datetime, facts: Facts, now: datetime
) -> Iterator[_Check]:
    yield _Check("shop_inactive", shop_is_active.check(facts, now))
    yield _switched_on(facts, now)
    for kind in flow.ends_on:
        yield _Check(_OVER[kind], no_sign_of(kind, has_come(kind, facts)))
    if flow.key in SAYS_THE_SAME:
        yield _Check("shop_wrote", _shop_is_silent(flow, step_key, facts))
    if not flow.of_loss:
        yield _Check("nothing_left", has_kept_line.check(facts, now))
    if flow.on_lines is not None:
        yield _Check("nothing_left", flow.on_lines.check(facts, now))
    yield from _still_a_step(flow, step_key, facts, now)
    yield from _to_whom(flow, facts, now)
    if flow.mail_class is MailClass.MARKETING:
        yield _Check("asleep", _is_awake(facts))
    yield _Check("expired", Reason("not_expired", now <= expires_at, _at(now), f"until {_at(expires_at)}"))
    if _asks(flow, step_key):
        if facts.late:
            yield _care_first(facts, due_at, now)
        if facts.open_complaint or facts.missed:
            yield _settled_first(facts, due_at, now)
    yield _Check("not_due", Reason("due", now >= due_at, _at(now), f"from {_at(due_at)}"), due_at)


def _shop_is_silent(flow: Flow, step_key: str, facts: Facts) -> Reason:
    """Whoever had the store's own mail needs none of ours that says the same."""
    order = facts.picture.order
    wrote = sorted(said_by(flow.key, step_key, order.shop_wrote, order.shop_held))
    return leaf("shop_is_silent", not wrote, ", ".join(wrote) or "nothing", "no mail of the shop's own")


def _is_awake(facts: Facts) -> Reason:
    asleep = is_asleep(facts.person)
    found = f"asked why on {_at(facts.person.let_go_at)}" if facts.person.let_go_at else "never asked why"
    return leaf("is_awake", not asleep, found, "a sign of them since")


def _switched_on(facts: Facts, now: datetime) -> _Check:
    """Off puts off while that may be taken back, and skips from then on."""
    setting, reason = facts.setting, flow_is_on(facts)
    undo_until = setting.since + UNDO if setting.since is not None else None
    return _Check("flow_off", reason, undo_until if undo_until is not None and now < undo_until else None)


def _asks(flow: Flow, step_key: str) -> bool:
    node = flow.nodes.get(step_key)
    return node is not None and asks_for_review(node.step)


def _care_first(facts: Facts, due_at: datetime, now: datetime) -> _Check:
    """On the day of a late parcel nobody is asked what they think of another."""
    until = day_after(facts.late, due_at, now, zone_named(facts.zone))
    found = "one today" if until is not None else "none today"
    return _Check("parcel_late", Reason("no_late_parcel", until is None, found, "none today"), until)


def _settled_first(facts: Facts, due_at: datetime, now: datetime) -> _Check:
    """Whoever waits for the shop is asked once that is settled, like everybody else."""
    until = next_day(due_at, now, zone_named(facts.zone))
    return _Check("no_open_complaint", _NO_COMPLAINT.check(facts, now), until)


def _still_a_step(flow: Flow, step_key: str, facts: Facts, now: datetime) -> Iterator[_Check]:
    node = flow.nodes.get(step_key)
    there = node is not None
    yield _Check("step_removed", leaf("step_exists", there, step_key, "a step of the flow"))
    if node is not None and node.step.when is not None:
        reason = node.step.when.check(facts, now)
        yield _Check("" if reason.passed else first_failing(reason), reason)


def _to_whom(flow: Flow, facts: Facts, now: datetime) -> Iterator[_Check]:
    """The person: an address, no reason never to write to it, what they left, and what the law allows."""
    problem = facts.recipient_problem or "no_recipient"
    found = "an address" if facts.recipient else problem
    yield _Check(problem, leaf("has_recipient", facts.recipient is not None, found, "a valid address"))
    barred = facts.suppressed
    free = leaf("not_suppressed", barred is None, barred or "", "no bounce or complaint")
    yield _Check(barred or "", free)
    given = permission(flow.mail_class, flow.topic, facts, now)
    if given.ground is Ground.ORDER:
        return
    yield _not_left(
        flow.topic,
        flow.topic in facts.left_topics,
        flow.mail_class,
        flow.mail_class in facts.unsubscribed,
        given.state.value,
        facts.consent in _OPTED_OUT,
    )
    yield _lawful(given)


@cache
def _not_left(
    topic: Topic | None, topic_left: bool, mail_class: MailClass, class_left: bool, state: str, out: bool
) -> _Check:
    """What the person may have left that this flow's mails belong to: its topic, its class, the shop."""
    ways = [] if topic is None else [_gets("topic_not_left", topic_left, topic.value)]
    ways.append(_gets("class_not_left", class_left, f"class {mail_class.value}"))
    ways.append(Reason("consent_not_withdrawn", not out, state, "not withdrawn"))
    left = next((way.value for way in ways if not way.passed), None)
    reason = Reason("not_unsubscribed", left is None, left or state, "no opt-out", tuple(ways))
    return _Check("unsubscribed", reason)


def _gets(rule: str, left: bool, what: str) -> Reason:
    return Reason(rule, not left, f"{'left' if left else 'gets'} {what}", f"gets {what}")


@cache
def _lawful(given: Permission) -> _Check:
    found = f"{given.state.value}; {given.ground.value}"
    where = f"{given.kind.value} in {given.region.value}"
    return _Check(given.ground.value, Reason("law_allows", given.allowed, found, where))


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
