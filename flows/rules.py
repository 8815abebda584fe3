"""The questions that a flow may ask of the facts, each under a permanent name.

A rule looks and says what it found; whether that is wanted is the condition's business. Every rule
has a second name for its opposite, so that a reason reads the same way round as the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.commerce import OrderState
from flows.events import WHILE_IT_IS, EventKind
from flows.facts import Facts

Argument = int | str
Arguments = Mapping[str, Argument]
Look = Callable[[Facts, datetime, Arguments], tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`look` answers (does it hold, what was found) at an instant. `wanted` and `unwanted` say in words
    what passes the rule and its opposite; they may name arguments. `arguments`: name and type of each.

    `about_lines`: a refund of some lines can change it, and then ends a journey that is under way.
    `sentiment`: it tells how content somebody is, so no flow that asks for a review may look at it.
    """

    name: str
    opposite: str
    look: Look
    wanted: str
    unwanted: str
    arguments: tuple[tuple[str, type], ...] = ()
    about_lines: bool = False
    sentiment: bool = False


def whole_second(moment: datetime) -> datetime:
    """Stores tell time in whole seconds: what happened in the second of a switch came after it."""
    return moment.replace(microsecond=0)


def _kept(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    order, kept = facts.picture.order, len(facts.picture.kept_lines())
    if not order.lines and not order.lines_gone and order.fees > 0 and order.total > 0:
        return True, "nothing but fees"
    return kept > 0, f"{kept} of {len(facts.picture.order.lines)} lines kept"


def _reviewable(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    lines = facts.picture.reviewable_lines()
    return bool(lines), f"{len(lines)} of {len(facts.picture.order.lines)} lines"


def _gift(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.picture.order.is_gift, "a gift" if facts.picture.order.is_gift else "not a gift"


def _test(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    if facts.picture.order.is_test and facts.shop.for_tests:
        return False, "a test, in a shop for tests"
    return facts.picture.order.is_test, "a test" if facts.picture.order.is_test else "a real order"


def _renewal(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.picture.order.is_renewal, "a renewal" if facts.picture.order.is_renewal else "not a renewal"


def _till(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.picture.order.source == "pos", facts.picture.order.source or "unknown"


def _cancelled(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    state = facts.picture.order.state
    return state is OrderState.CANCELLED, state.value


def _first(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.orders_before == 0, f"{facts.orders_before} orders before"


def _complaint(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.open_complaint, "one is open" if facts.open_complaint else "none is open"


def _reviewed(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Every product that could be reviewed has been: one that has not is still worth asking for."""
    since = _months_before(now, int(arguments["months"]))
    lines = facts.picture.reviewable_lines()
    reviewed = facts.reviewed_products
    recent = [line for line in lines if (at := reviewed.get(line.product_id or "")) and at >= since]
    return bool(lines) and len(recent) == len(lines), f"{len(recent)} of {len(lines)} products"


def _happened(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    at = _came(facts, arguments)
    return at is not None, _instant(at)


def _came(facts: Facts, arguments: Arguments) -> datetime | None:
    """What was taken back did not happen."""
    kind = EventKind(str(arguments["event"]))
    over = kind not in WHILE_IT_IS or facts.picture.order.state is WHILE_IT_IS[kind]
    return facts.happened.get(kind) if over else None


def _happened_lately(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    at = _came(facts, arguments)
    return at is not None and at >= now - timedelta(days=int(arguments["days"])), _instant(at)


def _after_connect(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    placed = facts.picture.order.placed_at
    since = whole_second(facts.shop.connected_at)
    return placed >= since, f"placed {_instant(placed)}, connected {_instant(since)}"


def _flow_on(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    setting = facts.setting
    if not setting.enabled:
        return False, "off"
    if setting.since is None:
        return True, "on"
    return now >= whole_second(setting.since), f"on since {_instant(setting.since)}"


def _active(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.shop.active, "connected" if facts.shop.active else "not connected"


def _scored(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    score = facts.last_score
    return score is not None and score >= int(arguments["points"]), str(score)


def _instant(at: datetime | None) -> str:
    return "never" if at is None else at.isoformat(timespec="seconds")


def _months_before(now: datetime, months: int) -> datetime:
    """The same day of the month, or the month's last; a month is a calendar month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in (now.day, 30, 29, 28):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(f"no date {months} months before {now}")


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("shop_is_active", "shop_is_not_active", _active, "connected", "not connected"),
        Rule("placed_after_connect", "placed_before_connect", _after_connect, "after", "before"),
        Rule("flow_was_on", "flow_was_off", _flow_on, "on when it happened", "off when it happened"),
        Rule("has_kept_line", "no_kept_line", _kept, "any", "none", about_lines=True),
        Rule("has_reviewable_line", "no_reviewable_line", _reviewable, "any", "none", about_lines=True),
        Rule("is_gift", "not_a_gift", _gift, "a gift", "not a gift"),
        Rule("is_test", "not_a_test", _test, "a test", "a real order"),
        Rule("is_pos", "not_pos", _till, "pos", "not pos"),
        Rule("is_renewal", "not_a_renewal", _renewal, "a renewal", "not a renewal"),
        Rule("order_cancelled", "order_not_cancelled", _cancelled, "cancelled", "not cancelled"),
        Rule("is_first_order", "not_first_order", _first, "none before", "at least 1 before"),
        Rule("open_complaint", "no_open_complaint", _complaint, "one is open", "none is open"),
        Rule(
            "reviewed_within",
            "not_reviewed_within",
            _reviewed,
            "all in the last {months} months",
            "not all in the last {months} months",
            (("months", int),),
        ),
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
            "scored_at_least",
            "scored_below",
            _scored,
            "at least {points}",
            "below {points}",
            (("points", int),),
            sentiment=True,
        ),
    )
}
