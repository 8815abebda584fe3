"""A shop's own account at a mail vendor: kept sealed, opened to send, and what went wrong with it.

While there is one, the shop's mails leave by it or wait: they never leave by ours without a word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.services.feedback_rows import without_addresses
from app.services.locks import lock_shop
from app.services.vendor_health import AWAY, PACED
from app.services.woken import wake_waiting
from emails.providers.base import SendFailed

OF_THE_ACCOUNT = frozenset(
    (
        "account_paused",
        "login_refused",
        "no_connection",
        "not_offered",
        "not_understood",
        "quota_used_up",
        "sender_refused",
        "server_refused",
        "tls_failed",
        "vendor_away",
    )
)
"""Failures that a merchant is told of: the mails wait, and nothing but the account can be the reason."""
SEALED = "account_sealed"
"""No key of ours opens the shop's account: the merchant has to give it again."""
OF_THE_DOMAIN = frozenset(("domain_unverified", "warming_up"))
"""What mails wait for that leave by an account of ours, and those that leave by the shop's own do not."""
WAITING = frozenset((*OF_THE_ACCOUNT, *OF_THE_DOMAIN, SEALED, AWAY, PACED))
"""Whatever waits for one of these may try at once when the account is another."""
URL, EVENTS = "url", "events"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class MailAccount:
    """`account`: its name at us. `sender`: the From address. `failing_since`: mails wait for it, and why."""

    shop_id: int
    kind: str
    sealed: bytes = field(repr=False)
    account: str
    sender: str
    checked_at: datetime
    failing_since: datetime | None
    problem: str | None

    def url(self, keys: Keys) -> str:
        """Raises BadSeal."""
        return keys.unseal(self.shop_id, bytes(self.sealed))[URL]

    def events_secret(self, keys: Keys) -> str:
        """What the vendor's events are signed with, "" where nobody gave it. Raises BadSeal."""
        return keys.unseal(self.shop_id, bytes(self.sealed)).get(EVENTS, "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a merchant wants: an address of a provider with its login, and in whose name."""

    kind: str
    url: str = field(repr=False)
    sender: str
    events: str = field(default="", repr=False)


def load_accounts(session: Session, shop_ids: Collection[int]) -> dict[int, MailAccount]:
    names = ", ".join(MailAccount.__dataclass_fields__)
    rows = session.execute(
        text(f"SELECT {names} FROM mail_accounts WHERE shop_id = any(:ids)"), {"ids": sorted(shop_ids)}
    )
    return {row.shop_id: MailAccount(**row._mapping) for row in rows}


def keep_account(
    session: Session, keys: Keys, shop_id: int, wanted: Wanted, now: datetime, real: datetime
) -> None:
    """An account that was looked at just now. What waited for the one before may try at once."""
    lock_shop(session, shop_id)
    sealed = keys.seal(shop_id, {URL: wanted.url, EVENTS: wanted.events})
    session.execute(
        _KEEP,
        {
            "shop": shop_id,
            "kind": wanted.kind,
            "sealed": sealed,
            "account": keys.account_name(wanted.url),
            "sender": wanted.sender,
            "real": real,
            "now": now,
        },
    )
    wake_waiting(session, shop_id, WAITING, now)


def drop_account(session: Session, shop_id: int, now: datetime) -> bool:
    """Its mails leave by ours again. Whether there was one."""
    lock_shop(session, shop_id)
    wake_waiting(session, shop_id, WAITING, now)
    return bool(session.execute(_DROP, {"shop": shop_id}).all())


def account_failed(database: Database, held: MailAccount, failure: SendFailed, now: datetime) -> None:
    """Since when is kept from the first time, what was told from the last one, without whom it named; of an
    account that was changed meanwhile nothing is."""
    told = f"{failure.reason}: {without_addresses(failure.answer)}"[:_LONGEST]
    with database.shops(held.shop_id) as session:
        session.execute(_FAILED, {"shop": held.shop_id, "account": held.account, "told": told, "now": now})


def account_works(database: Database, held: MailAccount) -> None:
    """A mail was taken: whatever had failed is over."""
    with database.shops(held.shop_id) as session:
        session.execute(_WORKS, {"shop": held.shop_id, "account": held.account})


_KEEP = text(
    "INSERT INTO mail_accounts AS a (shop_id, kind, sealed, account, sender, checked_at, changed_at)"
    " VALUES (:shop, :kind, :sealed, :account, :sender, :real, :now)"
    " ON CONFLICT (shop_id) DO UPDATE SET kind = excluded.kind, sealed = excluded.sealed,"
    " account = excluded.account, sender = excluded.sender, checked_at = excluded.checked_at,"
    " failing_since = NULL, problem = NULL, changed_at = excluded.changed_at"
)
_DROP = text("DELETE FROM mail_accounts WHERE shop_id = :shop RETURNING shop_id")
_FAILED = text(
    "UPDATE mail_accounts SET failing_since = coalesce(failing_since, :now), problem = :told"
    " WHERE shop_id = :shop AND account = :account"
)
_WORKS = text(
    "UPDATE mail_accounts SET failing_since = NULL, problem = NULL"
    " WHERE shop_id = :shop AND account = :account AND failing_since IS NOT NULL"
)
