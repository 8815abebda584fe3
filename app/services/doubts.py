"""Mails in doubt, of a vendor that can be asked: whether it has them is evidence, and so it is asked.

Only its yes counts. Of a mail that it does not know no other copy is sent by itself either: what it shows may
be late.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast

from sqlalchemy import Row, text

from app.db import Database
from app.keys import BadSeal
from app.services.mail_accounts import load_accounts
from app.services.routes import Vendors, own_route
from emails.providers.base import Answerable, Provider, Receipt, Repeats, SendFailed
from emails.providers.registry import REPEATS

SETTLES = timedelta(minutes=15)
"""After so long what a vendor took is found in its search."""
LOOKS_BACK = timedelta(hours=24)
AT_ONCE = 20
PATIENCE = 20.0
"""Seconds after which a look asks about no other mail: a vendor may be slow without failing, and who looks
has other work. The next look draws anew."""

log = logging.getLogger("doorstep.doubts")


def ask_about_doubts(database: Database, vendors: Vendors, now: datetime) -> int:
    """Of how many mails it is known now that they were taken."""
    rows = _doubts(database, now, AT_ONCE)
    known = 0
    providers: dict[tuple[int, str], Provider | None] = {}
    began = monotonic()
    for row in rows:
        if monotonic() - began > PATIENCE:
            break
        place = (row.shop_id, row.account)
        if place not in providers:
            providers[place] = _provider(database, vendors, row)
        provider = providers[place]
        if provider is None:
            continue
        try:
            receipt = cast(Answerable, provider).taken(row.message_id)
        except SendFailed as failure:
            log.warning("%s does not say what it has: %s", row.provider, failure.reason)
            providers[place] = None
            continue
        known += receipt is not None and _settled(database, row, receipt, now)
    return known


def any_doubts(database: Database, now: datetime) -> bool:
    return bool(_doubts(database, now, 1))


def _doubts(database: Database, now: datetime, limit: int) -> Sequence[Row[Any]]:
    askable = [name for name, repeats in REPEATS.items() if repeats is Repeats.QUERY]
    span = {"from": now - LOOKS_BACK, "until": now - SETTLES, "names": askable, "limit": limit}
    with database.crossing() as session:
        return session.execute(_DOUBTS, span).all()


def _provider(database: Database, vendors: Vendors, row: Any) -> Provider | None:
    """None: the account is not there any more."""
    ours: dict[str, Callable[[], Provider | None]] = {
        vendors.account: lambda: vendors.provider,
        vendors.second_account: lambda: vendors.second,
    }
    if row.account in ours:
        return ours[row.account]()
    with database.shops(row.shop_id) as session:
        held = load_accounts(session, [row.shop_id]).get(row.shop_id)
    if held is None or held.account != row.account:
        return None
    try:
        return own_route(vendors, held).provider
    except BadSeal:
        return None


def _settled(database: Database, row: Any, receipt: Receipt, now: datetime) -> bool:
    with database.shops(row.shop_id) as session:
        given = {"id": row.id, "shop": row.shop_id, "provider_id": receipt.provider_id, "now": now}
        return session.execute(_TAKEN, given).rowcount == 1


# Any of them: of one that the vendor does not know it is asked again, and it must not shut out the others.
_DOUBTS = text(
    "SELECT id, shop_id, provider, account, message_id FROM messages WHERE state = 'unknown'"
    " AND changed_at BETWEEN :from AND :until AND provider = any(:names) AND message_id IS NOT NULL"
    " ORDER BY random() LIMIT :limit"
)
_TAKEN = text(
    "UPDATE messages SET state = 'sent', reason = NULL,"
    # Whoever was forgotten meanwhile is named by no answer any more.
    " provider_id = CASE WHEN recipient <> '' THEN CAST(:provider_id AS text) END,"
    " sent_at = coalesce(sent_at, CAST(:now AS timestamptz)), changed_at = :now"
    " WHERE id = :id AND shop_id = :shop AND state = 'unknown'"
)
