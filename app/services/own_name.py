"""Under whose name each mail leaves: the shop's own domain, or ours where the way does not let that through.

We sign for a shop's domain and say so to our mail server. A vendor that takes over knows nothing of it, and a
mail server may refuse it: what people ordered leaves under our name then, as it does without a domain. Offers
do not; they wait (services/identity.py says why).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.services.identity import SMTP, House, Identity, shared
from app.services.ledger import Claimed
from app.services.ready import Ready
from app.services.way import Way
from emails.message import Envelope
from emails.providers.base import SendFailed
from flows.facts import MailClass, Reason
from flows.journey import Ruling

REFUSED = "sender_refused"

log = logging.getLogger("doorstep.send")


@dataclass(frozen=True, slots=True)
class Name:
    """`reasons`: why it is not the shop's own, where it has one."""

    identity: Identity
    reasons: tuple[Reason, ...] = ()


def prepared(
    house: House, own: Identity | None, one: Ready, way: Way, write: Callable[[Identity], Envelope]
) -> tuple[Envelope, Ruling]:
    """The letter that its way is ready for. Raises SendFailed, or whatever stopped the writing."""

    def ready_in(name: Name) -> tuple[Envelope, Ruling]:
        letter = write(name.identity)
        way.courier.prepare(letter)
        return letter, replace(one.ruling, reasons=(*one.ruling.reasons, *name.reasons))

    name = name_of(house, own, way)
    try:
        return ready_in(name)
    except SendFailed as failure:
        instead = name_instead(house, name, one.row, way, failure)
        if instead is None:
            raise
        log.warning("the domain of shop %s was refused, its mail leaves under ours", one.row.shop_id)
    return ready_in(instead)


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
