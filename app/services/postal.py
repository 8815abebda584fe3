"""Offers name where their sender can be found, or wait until the merchant has written it down.

CAN-SPAM (15 USC 7704 (a)(5)), CASL (section 6 (2)) and the imprint laws of Europe ask for a postal address in
every mail that advertises.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.queries.brand import Kit
from app.queries.facts import FactBase
from app.services.ledger import Settled
from app.services.ready import Ready
from flows.facts import Channel, MailClass

NO_ADDRESS = "no_postal_address"
LOOK_AGAIN = timedelta(hours=6)


def hold_unsigned(ready: Sequence[Ready], base: FactBase, now: datetime) -> tuple[list[Ready], list[Settled]]:
    """(those that may leave, those that wait for their shop's postal address)."""
    leaving: list[Ready] = []
    waits: list[Settled] = []
    for one in ready:
        row = one.row
        if (
            row.mail_class != MailClass.MARKETING
            or row.channel != Channel.EMAIL
            or has_address(base, row.shop_id)
        ):
            leaving.append(one)
            continue
        again = max(now + timedelta(minutes=1), min(now + LOOK_AGAIN, row.expires_at))
        waits.append(Settled(row.id, row.token, "due", NO_ADDRESS, again, one.ruling.reasons))
    return leaving, waits


def has_address(base: FactBase, shop_id: int) -> bool:
    kit = base.kits.get(shop_id, Kit())
    return bool((kit.postal_address or base.shops[shop_id].address).strip())
