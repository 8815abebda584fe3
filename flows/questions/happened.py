"""What a flow may ask about what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.events import WHILE_IT_IS, EventKind
from flows.facts import Facts
from flows.questions.rule import Arguments, Rule, lately, told, whole_second


def _happened(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    at = _came(facts, arguments)
    return at is not None, told(at)


def _came(facts: Facts, arguments: Arguments) -> datetime | None:
    """What was taken back did not happen."""
    kind = EventKind(str(arguments["event"]))
    over = kind not in WHILE_IT_IS or facts.picture.order.state is WHILE_IT_IS[kind]
    return facts.happened.get(kind) if over else None


def _happened_lately(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return lately(_came(facts, arguments), now, arguments)


def _began(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    began = facts.began
    return began is not None and began.value == arguments["event"], began.value if began else "not known"


def _told_with(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """What came before the flow was on was told by none of its mails."""
    came, refund, since = _came(facts, arguments), facts.refund, facts.setting.since
    if came is None or (since is not None and came < whole_second(since)):
        return False, told(came)
    at = refund.created_at if refund is not None else facts.happened.get(EventKind.ORDER_REFUNDED)
    until = came + timedelta(minutes=int(arguments["minutes"]))
    return at is not None and at <= until, f"{told(at)}, {told(came)}"


def _told_in_all(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.told_in_all, "told as a whole" if facts.told_in_all else "not told as a whole"


RULES = (
    Rule("began_with", "did_not_begin_with", _began, "{event}", "not {event}", (("event", str),)),
    Rule("has_happened", "has_not_happened", _happened, "{event}", "no {event}", (("event", str),)),
    Rule(
        "happened_within",
        "not_happened_within",
        _happened_lately,
        "{event} in the last {days} days",
        "no {event} in the last {days} days",
        (("event", str), ("days", int)),
    ),
    Rule(
        "told_with",
        "not_told_with",
        _told_with,
        "up to {minutes} minutes after {event}",
        "more than {minutes} minutes after {event}",
        (("event", str), ("minutes", int)),
    ),
    Rule("told_in_all", "not_told_in_all", _told_in_all, "told as a whole", "not told as a whole"),
)
