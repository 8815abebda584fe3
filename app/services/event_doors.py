"""Where mail vendors tell us what became of mails: an address that nobody guesses, for each account of ours
or of a shop's own, and what its messages are signed with."""

from __future__ import annotations

from collections.abc import Mapping

from app.db import Database
from app.keys import BadSeal, Keys
from app.services.mail_accounts import load_accounts

PURPOSE = "events"
OURS = 0
"""In place of a shop: the account that is everybody's."""


def events_address(keys: Keys, app_address: str, source: str, shop_id: int = OURS) -> str:
    return f"{app_address}/events/{source}/{keys.sign(PURPOSE, [shop_id, source])}"


def secrets_of(
    database: Database, keys: Keys, ours: Mapping[str, tuple[str, ...]], source: str, shop_id: int
) -> tuple[str, ...]:
    """What the vendor's messages to this address are signed with; none: nothing there is believed."""
    if shop_id == OURS:
        return ours.get(source, ())
    with database.shops(shop_id) as session:
        account = load_accounts(session, [shop_id]).get(shop_id)
    if account is None or account.kind != source:
        return ()
    try:
        return tuple(filter(None, (account.events_secret(keys),)))
    except BadSeal:
        return ()
