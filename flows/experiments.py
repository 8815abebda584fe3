"""Who is left out for comparison, and who gets which of several wordings: drawn once and for ever, so that
what mails do can be told from chance.

The draw is a hash: the same person falls on the same side of the same flow, whatever happens meanwhile, and a
larger share holds all whom the smaller one held.
"""

from __future__ import annotations

from hashlib import sha256

from flows.facts import Facts, MailClass, Reason
from flows.flow import Flow
from flows.variants import WHOLE, Drawn, Variant

HELD_OUT = "held_out"
EVERY_FLOW = "*"
MOST = 50
"""Per cent. Whoever leaves out more than half compares nothing any more."""
_TICKETS = 10_000


def holdout(flow_key: str, mail_class: MailClass, facts: Facts) -> Reason | None:
    """Whether they get this flow; None where nobody is left out. Nobody goes without mails of an order."""
    shares = ((EVERY_FLOW, facts.shop.holdout), (flow_key, facts.setting.holdout))
    if mail_class is MailClass.TRANSACTIONAL or not any(share for _, share in shares):
        return None
    person = _whose(facts)
    out = [name for name, share in shares if ticket(facts.shop.id, name, person) < share * _TICKETS // 100]
    found = "of every flow" if EVERY_FLOW in out else "of this flow" if out else "not drawn"
    return Reason("not_held_out", not out, found, "not drawn")


def drawn(flow: Flow, facts: Facts) -> Drawn:
    """By step, what a journey that begins now gets of the wordings that are tried. It depends on the person
    and on chance; trials of different steps, and one after the other, are independent."""
    running = [one for one in facts.setting.trials if one.running]
    if not flow.varied and not running:
        return ()
    shop, person = facts.shop.id, _whose(facts)
    found = {
        step.key: _share_of(step.variants, ticket(shop, f"{flow.key}.{step.key}", person))
        for step in flow.varied
    }
    for one in running:
        half = ticket(shop, f"{flow.key}.{one.step}.{one.number}", person) < _TICKETS // 2
        found.setdefault(one.step, one.first if half else one.second)
    return tuple(sorted(found.items()))


def _share_of(variants: tuple[Variant, ...], number: int) -> str:
    for one in variants:
        number -= one.share * _TICKETS // WHOLE
        if number < 0:
            return one.key
    return variants[-1].key


def _whose(facts: Facts) -> str:
    return facts.person.key or f"order:{facts.picture.order.id}"


def ticket(shop_id: int, what: str, person: str) -> int:
    """0 to 9,999, evenly, and independent from one `what` to the other."""
    return int.from_bytes(sha256(f"{shop_id}|{what}|{person}".encode()).digest()[:8], "big") % _TICKETS
