"""In whose name a mail leaves: its From, where bounces go, what it is signed with, what receivers sort it by.

A shop's verified domain, or ours with the merchant's name before it. Offers leave from a domain that is known
to be the merchant's, or not at all: complaints about one shop must not fall on all others. (An installation
may allow them from the shared domain; the sandbox does.)
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.keys import BadSeal, Keys
from app.queries.sending_domains import SendingDomain
from app.services.ledger import Claimed, Settled
from app.services.mail_accounts import MailAccount
from app.services.ready import Ready
from emails.dkim import DkimKey
from emails.envelope import Labels
from emails.return_path import Purpose
from flows.facts import Channel, MailClass
from flows.flow import Flow

UNVERIFIED_DOMAIN = "domain_unverified"
LOOK_AGAIN = timedelta(hours=6)
"""Whoever waits for a domain is due at once when it is verified."""
BOUNCES = "bounces"
SMTP = "smtp"
"""The way on which we sign ourselves; a vendor's API signs with what its own account knows."""

log = logging.getLogger("doorstep.send")


class House(Protocol):
    """What the sender knows of our own domain. `bounce_domain`: "" where nobody reads what comes back."""

    @property
    def secrets(self) -> Keys: ...

    @property
    def mail_domain(self) -> str: ...

    @property
    def bounce_domain(self) -> str: ...

    @property
    def dkim(self) -> tuple[DkimKey, ...]: ...

    @property
    def shared_domain_offers(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """`own`: the merchant's. `bounces`: the domain of return paths, "" for the sender's own address."""

    sender: str
    bounces: str
    dkim: tuple[DkimKey, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """Of one mail. `return_path` "": the sender's own address."""

    sender: str
    labels: Labels
    return_path: str
    dkim: tuple[DkimKey, ...]


def identities(house: House, domains: Mapping[int, SendingDomain]) -> dict[int, Identity]:
    """Of the shops whose own domain may be used; once for a batch, because keys are opened."""
    found = {}
    for shop_id, domain in domains.items():
        if not domain.verified:
            continue
        try:
            key = key_of(house.secrets, domain)
        except BadSeal:
            log.error("no key opens the sending domain of shop %s: its mails come from ours", shop_id)
            continue
        bounces = f"{BOUNCES}.{domain.domain}" if house.bounce_domain else ""
        found[shop_id] = Identity(domain.address, bounces, (key,), own=True)
    return found


def by_own_accounts(accounts: Mapping[int, MailAccount]) -> dict[int, Identity]:
    """Shops with an account of their own at a vendor: it signs, and hears what comes back."""
    return {shop_id: Identity(held.sender, "", (), own=True) for shop_id, held in accounts.items()}


def shared(house: House) -> Identity:
    return Identity(f"hello@{house.mail_domain}", house.bounce_domain, house.dkim)


def key_of(keys: Keys, domain: SendingDomain) -> DkimKey:
    """Raises BadSeal."""
    pem = keys.unseal(domain.shop_id, domain.sealed_key)["dkim"]
    return DkimKey(domain.domain, domain.selector, pem)


def hold_offers(
    house: House, ready: Sequence[Ready], known: Mapping[int, Identity], now: datetime
) -> tuple[list[Ready], list[Settled]]:
    """(those that may leave, those that wait for a domain of their shop's own)."""
    if house.shared_domain_offers:
        return list(ready), []
    leaving: list[Ready] = []
    waits: list[Settled] = []
    for one in ready:
        row = one.row
        if row.mail_class != MailClass.MARKETING or row.channel != Channel.EMAIL or row.shop_id in known:
            leaving.append(one)
            continue
        again = max(now + timedelta(minutes=1), min(now + LOOK_AGAIN, row.expires_at))
        waits.append(Settled(row.id, row.token, "due", UNVERIFIED_DOMAIN, again, one.ruling.reasons))
    return leaving, waits


def outside_of(house: House, identity: Identity, row: Claimed, flow: Flow, shop_domain: str) -> Outside:
    keys, shop_id, bounces = house.secrets, row.shop_id, identity.bounces
    may_leave = bounces and row.mail_class != MailClass.TRANSACTIONAL
    labels = Labels(
        flow=row.flow_key,
        shop=shop_domain,
        mail_class=row.mail_class,
        topic=flow.topic.value if flow.topic is not None else "",
        domain=house.mail_domain,
        leave=keys.return_path(Purpose.LEAVE, shop_id, row.id, bounces) if may_leave else "",
    )
    back = keys.return_path(Purpose.BOUNCE, shop_id, row.id, bounces) if bounces else ""
    return Outside(identity.sender, labels, back, identity.dkim)
