"""Too many mails of a shop came back, or too many people called them spam: its offers wait until the merchant
has mended why. Orders are told of all the while.

A vendor looks at an account at 5 % bounces or 0.1 % complaints and closes it at twice that or more, for all
shops that send by it; we stop before the first. What left before a merchant let offers go on does not
count against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import text

from app.db import Database, Session
from app.queries.facts import ShopRow
from app.services.changes import record
from app.services.ledger import Settled
from app.services.ready import Ready
from app.services.woken import wake_waiting
from flows.facts import Channel, MailClass
from flows.presets import BY_KEY

BOUNCES = "brake_bounces"
COMPLAINTS = "brake_complaints"
WINDOW = timedelta(days=7)
LOOK_AGAIN = timedelta(hours=6)
"""Whatever waits is due at once when the merchant lets go."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`share` of at least `mails` sent mails."""

    mails: int
    share: float


LIMITS = {BOUNCES: Limit(200, 0.03), COMPLAINTS: Limit(1_000, 0.0008)}
FEWEST = {reason: ceil(limit.mails * limit.share) for reason, limit in LIMITS.items()}
"""Below so many no share can be reached."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the mails that left within the window."""

    sent: int
    bounced: int
    complained: int

    def brake(self) -> str | None:
        """Complaints weigh more: they are looked at first."""
        for reason, bad in ((COMPLAINTS, self.complained), (BOUNCES, self.bounced)):
            limit = LIMITS[reason]
            if self.sent >= limit.mails and bad / self.sent >= limit.share:
                return reason
        return None


def figures(session: Session, shop_id: int, now: datetime, *, whole: bool = False) -> Figures:
    """The many that left are counted only where enough came back to matter, or for the `whole` picture."""
    since = {"shop": shop_id, "since": now - WINDOW}
    bad = session.execute(_CAME_BACK, since).one()
    refused: int = session.execute(_REFUSED, since).scalar_one()
    bounced = bad.bounced + refused
    if not whole and bounced < FEWEST[BOUNCES] and bad.complained < FEWEST[COMPLAINTS]:
        return Figures(0, bounced, bad.complained)
    sent = session.execute(_SENT, {**since, "flows": list(BY_KEY)}).scalar_one()
    return Figures(sent + refused, bounced, bad.complained)


def look_at(database: Database, shop_id: int, now: datetime) -> str | None:
    """Pulls the brake where it is due and returns why. One that is pulled stays."""
    with database.shops(shop_id) as session:
        reason = figures(session, shop_id, now).brake()
        if reason is not None:
            session.execute(_BRAKE, {"shop": shop_id, "reason": reason, "now": now})
    return reason


def braked_since(session: Session, shop_id: int) -> datetime | None:
    at: datetime | None = session.execute(
        text("SELECT braked_at FROM shops WHERE id = :shop"), {"shop": shop_id}
    ).scalar_one()
    return at


def let_go(session: Session, shop_id: int, now: datetime, who: str) -> bool:
    """The merchant has mended it. What waits is due again. False: nothing was held."""
    freed = session.execute(_FREE, {"shop": shop_id, "now": now})
    if freed.rowcount:
        wake_waiting(session, shop_id, LIMITS, now)
        record(session, shop_id, now, who, "brake", "Offers go on after the pause for bounces or complaints.")
    return bool(freed.rowcount)


def hold_braked(
    ready: Sequence[Ready], shops: Mapping[int, ShopRow], now: datetime
) -> tuple[list[Ready], list[Settled]]:
    """(those that may leave, offers that wait for the merchant)."""
    leaving: list[Ready] = []
    waits: list[Settled] = []
    for one in ready:
        row, shop = one.row, shops.get(one.row.shop_id)
        held = shop.brake if shop is not None else None
        if held is None or row.mail_class != MailClass.MARKETING or row.channel != Channel.EMAIL:
            leaving.append(one)
            continue
        again = max(now + timedelta(minutes=1), min(now + LOOK_AGAIN, row.expires_at))
        waits.append(Settled(row.id, row.token, "due", held, again, one.ruling.reasons))
    return leaving, waits


_FROM = "sent_at >= greatest(:since, (SELECT brake_freed_at FROM shops WHERE id = :shop))"
_CAME_BACK = text(
    "SELECT count(*) FILTER (WHERE delivery = 'bounced') AS bounced,"
    " count(*) FILTER (WHERE delivery = 'complained') AS complained FROM messages"
    f" WHERE shop_id = :shop AND delivery IN ('bounced', 'complained') AND {_FROM}"
)
# Said at once instead of in a mail later: whose mailbox is not there costs the same good name.
_REFUSED = text(
    "SELECT count(*) FROM messages WHERE shop_id = :shop AND state = 'failed'"
    f" AND reason = 'recipient_refused' AND channel = 'email' AND {_FROM.replace('sent_at', 'due_at')}"
)
_SENT = text(
    "SELECT count(*) FROM messages WHERE shop_id = :shop AND flow_key = any(:flows) AND state = 'sent'"
    f" AND channel = 'email' AND {_FROM}"
)
_BRAKE = text("UPDATE shops SET brake = :reason, braked_at = :now WHERE id = :shop AND brake IS NULL")
_FREE = text(
    "UPDATE shops SET brake = NULL, braked_at = NULL, brake_freed_at = :now"
    " WHERE id = :shop AND brake IS NOT NULL"
)
