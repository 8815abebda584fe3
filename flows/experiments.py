"""Who is left out for comparison: drawn once and for ever, so that what mails do can be told from chance.

The draw is a hash: the same person falls on the same side of the same flow, whatever happens meanwhile, and a
larger share holds all whom the smaller one held.
"""

from __future__ import annotations

from hashlib import sha256

from flows.facts import Facts, MailClass, Reason

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
    person = facts.person.key or f"order:{facts.picture.order.id}"
    out = [name for name, share in shares if ticket(facts.shop.id, name, person) < share * _TICKETS // 100]
    found = "of every flow" if EVERY_FLOW in out else "of this flow" if out else "not drawn"
    return Reason("not_held_out", not out, found, "not drawn")


def ticket(shop_id: int, what: str, person: str) -> int:
    """0 to 9,999, evenly, and independent from one `what` to the other."""
    return int.from_bytes(sha256(f"{shop_id}|{what}|{person}".encode()).digest()[:8], "big") % _TICKETS
