"""Under whose name each mail leaves: the shop's own domain, or ours where the way does not let that through.

We sign for a shop's domain and say so to our mail server. A vendor that takes over knows nothing of it, and a
mail server may refuse it: what people ordered leaves under our name then, as it does without a domain. Offers
do not; they wait (services/identity.py says why).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.identity import SMTP, House, Identity, shared
from app.services.ledger import Claimed
from app.services.way import Way
from emails.providers.base import SendFailed
from flows.facts import MailClass, Reason

REFUSED = "sender_refused"


@dataclass(frozen=True, slots=True)
class Name:
    """`reasons`: why it is not the shop's own, where it has one."""

    identity: Identity
    reasons: tuple[Reason, ...] = ()


def name_of(house: House, own: Identity | None, way: Way) -> Name:
    if own is None:
        return Name(shared(house))
    if way.route is None or way.route.own is not None or way.name == SMTP:
        return Name(own)
    return _ours(house, own, f"{way.name} took over")


def name_instead(house: House, name: Name, row: Claimed, way: Way, failure: SendFailed) -> Name | None:
    """None: it was not the name that was refused, or the mail leaves under that alone."""
    by_ours = way.route is not None and way.route.own is None
    if failure.reason != REFUSED or not name.identity.own or not by_ours or waits_for_own(house, row):
        return None
    return _ours(house, name.identity, failure.answer or "refused")


def waits_for_own(house: House, row: Claimed) -> bool:
    return row.mail_class == MailClass.MARKETING and not house.shared_domain_offers


def _ours(house: House, own: Identity, why: str) -> Name:
    return Name(shared(house), (Reason("in_own_name", False, why, own.sender),))
