"""The way to a shop's own tool: its address, its secret, and whether anybody answers there.

A secret is worked out of a salt and never stored. Where nothing got through for days, nothing is called any
more until the merchant says so; the reason is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.services.groups import Unwanted
from app.services.locks import lock_shop
from emails.providers.base import SendFailed
from emails.providers.webhook import GONE
from wire.http import AddressRefused
from wire.target import aim

PATIENCE = timedelta(days=3)
"""How long an address may fail before it is called no more."""
BOTH = timedelta(hours=24)
"""How long the secret before the last change signs too."""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Door:
    """`failing_since`: nothing got through since then. `stopped_at`: it is called no more."""

    shop_id: int
    url: str
    salt: str
    salt_before: str | None
    before_until: datetime | None
    failing_since: datetime | None
    last_error: str | None
    stopped_at: datetime | None

    def secrets(self, keys: Keys, real: datetime) -> list[str]:
        """The newest first."""
        found = [keys.door_secret(self.shop_id, self.salt)]
        if self.salt_before and self.before_until is not None and real < self.before_until:
            found.append(keys.door_secret(self.shop_id, self.salt_before))
        return found


def load_doors(session: Session, shop_ids: Collection[int]) -> dict[int, Door]:
    names = ", ".join(Door.__dataclass_fields__)
    rows = session.execute(
        text(f"SELECT {names} FROM webhook_doors WHERE shop_id = any(:ids)"), {"ids": sorted(shop_ids)}
    )
    return {row.shop_id: Door(**row._mapping) for row in rows}


def checked(url: str) -> str:
    """The address as it may be called: https, a public name, nothing secret before it. Raises Unwanted."""
    url = url.strip()
    if len(url) > _LONGEST:
        raise Unwanted(f"An address of at most {_LONGEST} characters is needed.")
    try:
        aim(url, None, {})
    except AddressRefused as refused:
        raise Unwanted(f"This address cannot be called: {refused}.") from refused
    return url


def open_door(session: Session, shop_id: int, url: str, now: datetime) -> tuple[Door, bool]:
    """From now on this address is called, also where it had been given up. Returns the door, and whether its
    secret is new and has to be told. Raises Unwanted."""
    wanted = checked(url)
    lock_shop(session, shop_id)
    new = shop_id not in load_doors(session, [shop_id])
    given = {"shop": shop_id, "url": wanted, "salt": secrets.token_hex(16), "now": now}
    session.execute(_OPEN, given)
    return load_doors(session, [shop_id])[shop_id], new


def change_secret(session: Session, shop_id: int, now: datetime, real: datetime) -> Door:
    """The one before signs too for a day, so that nothing is lost on the way. Raises Unwanted."""
    lock_shop(session, shop_id)
    given = {"shop": shop_id, "salt": secrets.token_hex(16), "until": real + BOTH, "now": now}
    if not session.execute(_CHANGE, given).all():
        raise Unwanted("There is no address any more.")
    return load_doors(session, [shop_id])[shop_id]


def close_door(session: Session, shop_id: int) -> bool:
    """Its flows send mails again. Whether there was one."""
    lock_shop(session, shop_id)
    session.execute(_BACK, {"shop": shop_id})
    return bool(session.execute(_CLOSE, {"shop": shop_id}).all())


def send_by(session: Session, shop_id: int, flow_key: str, channel: str, now: datetime) -> bool:
    """The way by which a flow's messages leave that are planned from now on. Whether that is new. Raises
    Unwanted."""
    lock_shop(session, shop_id)
    if channel == "webhook" and shop_id not in load_doors(session, [shop_id]):
        raise Unwanted("There is no address to send to. Give one in the settings first.")
    given = {"shop": shop_id, "flow": flow_key, "channel": channel, "now": now}
    return bool(session.execute(_SEND_BY, given).all())


def heard(database: Database, door: Door) -> None:
    """Somebody answered: whatever had failed is over."""
    if door.failing_since is not None:
        with database.shops(door.shop_id) as session:
            session.execute(_HEARD, {"shop": door.shop_id})


def failed(database: Database, door: Door, failure: SendFailed, now: datetime) -> None:
    """Given up after days of it, and at once where the other side says that it wants no more."""
    told = f"{failure.reason}: {failure.code or failure.answer}"[:300]
    with database.shops(door.shop_id) as session:
        session.execute(
            _FAILED,
            {
                "shop": door.shop_id,
                "url": door.url,
                "told": told,
                "now": now,
                "long_ago": now - PATIENCE,
                "gone": failure.reason == GONE,
            },
        )


_OPEN = text(
    "INSERT INTO webhook_doors AS d (shop_id, url, salt, changed_at) VALUES (:shop, :url, :salt, :now)"
    " ON CONFLICT (shop_id) DO UPDATE SET url = excluded.url, failing_since = NULL, last_error = NULL,"
    " stopped_at = NULL, changed_at = excluded.changed_at"
)
_CHANGE = text(
    "UPDATE webhook_doors SET salt_before = salt, salt = :salt, before_until = :until, changed_at = :now"
    " WHERE shop_id = :shop RETURNING shop_id"
)
_BACK = text("UPDATE flow_switches SET channel = 'email' WHERE shop_id = :shop AND channel <> 'email'")
_CLOSE = text("DELETE FROM webhook_doors WHERE shop_id = :shop RETURNING shop_id")
_SEND_BY = text(
    "INSERT INTO flow_switches AS f"
    " (shop_id, flow_key, enabled, since, knobs, retime_knobs, holdout, channel)"
    " VALUES (:shop, :flow, false, :now, '{}', '[]', 0, :channel)"
    " ON CONFLICT (shop_id, flow_key) DO UPDATE SET channel = excluded.channel"
    " WHERE f.channel <> excluded.channel RETURNING flow_key"
)
_HEARD = text("UPDATE webhook_doors SET failing_since = NULL, last_error = NULL WHERE shop_id = :shop")
# Of an address that was changed meanwhile an old failure says nothing.
_FAILED = text(
    "UPDATE webhook_doors SET failing_since = coalesce(failing_since, :now), last_error = :told,"
    " stopped_at = CASE WHEN :gone OR coalesce(failing_since, :now) <= :long_ago THEN :now"
    "  ELSE stopped_at END"
    " WHERE shop_id = :shop AND url = :url"
)
