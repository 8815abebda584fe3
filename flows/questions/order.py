"""What a flow may ask about the order."""

from __future__ import annotations

from datetime import datetime

from flows.commerce import Order, OrderState
from flows.facts import Facts
from flows.folded import folded
from flows.questions.rule import Arguments, Rule


def _kept(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    order, kept = facts.picture.order, len(facts.picture.kept_lines())
    if not order.lines and not order.lines_gone and order.fees > 0 and order.total > 0:
        return True, "nothing but fees"
    return kept > 0, f"{kept} of {len(facts.picture.order.lines)} lines kept"


def _reviewable(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    lines = facts.picture.reviewable_lines()
    return bool(lines), f"{len(lines)} of {len(facts.picture.order.lines)} lines"


def _gift(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    if facts.picture.order.is_gift:
        return True, "a gift"
    if _goes_to_somebody_else(facts.picture.order):
        return True, "sent to another name and address"
    return False, "not a gift"


def _goes_to_somebody_else(order: Order) -> bool:
    """Another name at another address than on the bill. One of them alone says nothing: people order to
    their office, and a household shares its address."""
    to, bill = order.shipping_address, order.billing_address
    if to is None or bill is None:
        return False
    pairs = ((to.name, bill.name), (to.line1, bill.line1))
    return all(folded(one) != folded(other) and one and other for one, other in pairs)


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


RULES = (
    Rule("has_kept_line", "no_kept_line", _kept, "any", "none", about_lines=True),
    Rule("has_reviewable_line", "no_reviewable_line", _reviewable, "any", "none", about_lines=True),
    Rule("is_gift", "not_a_gift", _gift, "a gift", "not a gift"),
    Rule("is_test", "not_a_test", _test, "a test", "a real order"),
    Rule("is_pos", "not_pos", _till, "pos", "not pos"),
    Rule("is_renewal", "not_a_renewal", _renewal, "a renewal", "not a renewal"),
    Rule("order_cancelled", "order_not_cancelled", _cancelled, "cancelled", "not cancelled"),
)
