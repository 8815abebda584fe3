"""Where what was told is kept: under the mail that it is about, once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, put_rows
from app.keys import Keys
from app.models.feedback import feedback
from emails.feedback import Feedback

MOST_DETAIL = 300
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,200}@[^\s<>\"'(),;]{1,253}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A row of the ledger that something was told of. `recipient`: "" where the person was forgotten."""

    id: int
    shop_id: int
    mail_class: str
    recipient: str


def mails_of(
    database: Database, source: str, events: Sequence[Feedback], shop_id: int | None
) -> dict[str, Mail]:
    """By the event's key, as many as can be found, in one statement. `shop_id`: whose own account told, which
    may tell of this shop's mails alone."""
    ids = {one.message_id for one in events if one.message_id}
    provider_ids = {one.provider_id for one in events if one.provider_id}
    if not ids and not provider_ids:
        return {}
    with database.crossing() as session:
        rows = session.execute(
            _MAILS, {"ids": list(ids), "provider_ids": list(provider_ids), "source": source, "shop": shop_id}
        ).all()
    ours = {row.message_id: row for row in rows if row.message_id}
    theirs = {row.provider_id: row for row in rows if row.provider_id and row.provider == source}
    found = {}
    for one in events:
        row = ours.get(one.message_id) or theirs.get(one.provider_id)
        if row is not None:
            found[one.key] = Mail(row.id, row.shop_id, row.mail_class, row.recipient or "")
    return found


def mail_numbered(database: Database, shop_id: int, message_id: int) -> Mail | None:
    """By what an address of ours says."""
    with database.shops(shop_id) as session:
        row = session.execute(
            text(
                "SELECT id, shop_id, mail_class, recipient FROM messages WHERE shop_id = :shop AND id = :id"
                " AND message_id IS NOT NULL"
            ),
            {"shop": shop_id, "id": message_id},
        ).one_or_none()
    return None if row is None else Mail(row.id, row.shop_id, row.mail_class, row.recipient or "")


def store(
    session: Session,
    keys: Keys,
    source: str,
    told: Sequence[tuple[Feedback, Mail]],
    now: datetime,
) -> None:
    """Of one shop; what is known already changes nothing. An instant that has not come is `now`."""
    rows = [_row(keys, source, one, mail, now) for one, mail in told]
    put_rows(session, feedback, rows, "ON CONFLICT (shop_id, source, key) DO NOTHING")


def without_addresses(words: str) -> str:
    """Servers like to repeat to whom a mail went."""
    return _ADDRESS.sub("(address)", words)[:MOST_DETAIL]


def _row(keys: Keys, source: str, one: Feedback, mail: Mail, now: datetime) -> Mapping[str, Any]:
    reader = mail.recipient or one.recipient
    return {
        "shop_id": mail.shop_id,
        "source": source,
        "key": one.key,
        "message_id": mail.id,
        "kind": one.kind.value,
        "at": min(one.at, now),
        "address_hash": keys.address_hash(mail.shop_id, reader) if reader else "",
        "status": one.status[:20],
        "detail": without_addresses(one.detail),
        "machine": one.machine,
        "received_at": now,
    }


# A way of its own for each of the two, so that each goes by its index.
_MAILS = text("""
SELECT id, shop_id, mail_class, recipient, message_id, provider, provider_id FROM messages
WHERE message_id = any(:ids) AND (CAST(:shop AS bigint) IS NULL OR shop_id = :shop)
UNION
SELECT id, shop_id, mail_class, recipient, message_id, provider, provider_id FROM messages
WHERE provider_id = any(:provider_ids) AND provider = :source
    AND (CAST(:shop AS bigint) IS NULL OR shop_id = :shop)
""")
