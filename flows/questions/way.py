"""What a flow may ask about the way of an order: what travels, whether it has left, what was heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.bought import digital_lines
from flows.commerce import Shipped
from flows.estimates import ESTIMATED_ARRIVAL
from flows.events import EventKind, left_at
from flows.facts import Facts
from flows.questions.rule import Arguments, Rule, lately, told, whole_second

PROGRESS_FLOW = "order_progress"
_TONIGHT = timedelta(hours=6)


def _goods(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    kept = facts.picture.kept_lines()
    return any(line.ships for line in kept), f"{sum(line.ships for line in kept)} of {len(kept)} lines"


def _digital(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    found, kept = digital_lines(facts), facts.picture.kept_lines()
    return bool(found), f"{len(found)} of {len(kept)} lines"


def _waits_to_leave(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    picture = facts.picture
    left = [one for one in picture.live_parcels() if left_at(picture, one) is not None]
    if left or picture.order.shipped is not Shipped.NONE:
        return False, "something has left"
    return True, "nothing has left"


def _silent(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """A parcel that was never scanned is not silent: nobody follows it."""
    last = facts.picture.last_sign(facts.parcel_id or "")
    return last is not None and last <= now - timedelta(days=int(arguments["days"])), told(last)


def _expected(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """A day that was told ends at midnight, and people wait until the evening."""
    found = facts.estimates.get(ESTIMATED_ARRIVAL)
    at = found.at if found is not None else None
    return at is not None and at - _TONIGHT <= now, told(at)


def _certain(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    kind = EventKind(str(arguments["event"]))
    if kind not in facts.happened:
        return False, "never"
    return kind not in facts.inferred, "inferred" if kind in facts.inferred else "told"


def _new_day(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """A new day has a mail of its own, where that flow was on when it was told."""
    at, since = facts.happened.get(EventKind.ESTIMATE_MOVED), facts.progress.since
    if not facts.progress.enabled or (at and since and at < whole_second(since)):
        return False, "its flow is off"
    return lately(at, now, arguments)


RULES = (
    Rule("has_goods", "no_goods", _goods, "any", "none", about_lines=True),
    Rule("has_digital_line", "no_digital_line", _digital, "any", "none", about_lines=True),
    Rule("waits_to_leave", "has_left", _waits_to_leave, "nothing has left", "something has left"),
    Rule(
        "silent_for",
        "heard_within",
        _silent,
        "no scan for {days} days",
        "a scan in the last {days} days",
        (("days", int),),
    ),
    Rule("expected_by_now", "expected_later", _expected, "expected by now", "expected later"),
    Rule(
        "new_day_is_told",
        "new_day_is_not_told",
        _new_day,
        "a new day told in the last {days} days",
        "no new day told in the last {days} days",
        (("days", int),),
    ),
    Rule("is_certain", "is_inferred", _certain, "{event} told", "{event} inferred", (("event", str),)),
)
