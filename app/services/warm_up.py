"""A domain that nobody knows yet sends a little more every day; what people ordered leaves always.

Receivers distrust a domain that sends much from one day to the next. So for its first fortnight a day has
room for so many mails that nobody waits for; the others take their place on a later day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.queries.sending_domains import SendingDomain
from app.services.ledger import Settled
from app.services.ready import Ready
from flows.facts import Channel, MailClass

WARMING = "warming_up"
ROOM = (50, 100, 200, 400, 800, 1_500, 3_000, 5_000, 8_000, 12_000, 18_000, 26_000, 36_000, 50_000)
"""Mails of one day, from the day on which the domain was verified."""
DAY = timedelta(days=1)


def day_of(verified_at: datetime, now: datetime) -> int:
    """0 on the first day; from len(ROOM) on everything leaves."""
    return max(0, (now - verified_at) // DAY)


def is_warming(domain: SendingDomain | None, now: datetime) -> bool:
    return (
        domain is not None
        and domain.verified
        and domain.verified_at is not None
        and day_of(domain.verified_at, now) < len(ROOM)
    )


def keep_cool(
    database: Database, ready: Sequence[Ready], domains: Mapping[int, SendingDomain], now: datetime
) -> tuple[list[Ready], list[Settled]]:
    """(those that leave, those that wait for another day). No statement where no domain is new. A mail that
    has its place keeps it for the day, however often it is tried."""
    counted: dict[int, list[Ready]] = defaultdict(list)
    for one in ready:
        if _counts(one) and is_warming(domains.get(one.row.shop_id), now):
            counted[one.row.shop_id].append(one)
    waits: dict[int, Settled] = {}
    for shop_id, mails in sorted(counted.items()):
        with database.shops(shop_id) as session:
            placed, again = _placed(session, shop_id, [one.row.id for one in mails], now)
        for one in mails:
            if one.row.id not in placed:
                row = one.row
                waits[row.id] = Settled(row.id, row.token, "due", WARMING, again, one.ruling.reasons)
    return [one for one in ready if one.row.id not in waits], list(waits.values())


def _counts(one: Ready) -> bool:
    return one.row.mail_class != MailClass.TRANSACTIONAL and one.row.channel == Channel.EMAIL


def _placed(session: Session, shop_id: int, mails: Sequence[int], now: datetime) -> tuple[set[int], datetime]:
    """Which of them have a place today, and when the next day begins. Batches of one shop wait for each
    other here, so that together they take no more than there is."""
    domain = session.execute(_LOCK, {"shop": shop_id}).one_or_none()
    if domain is None or domain.verified_at is None:  # taken out meanwhile
        return set(mails), now
    day = day_of(domain.verified_at, now)
    tomorrow = domain.verified_at + (day + 1) * DAY
    held = set(session.scalars(_HELD, {"shop": shop_id, "ids": list(mails), "day": day}))
    taken = domain.warm_taken if domain.warm_day == day else 0
    room = max(0, ROOM[min(day, len(ROOM) - 1)] - taken)
    new = [one for one in mails if one not in held][:room]
    if new:
        session.execute(_PLACE, {"shop": shop_id, "ids": new, "day": day})
        session.execute(_COUNT, {"shop": shop_id, "day": day, "taken": taken + len(new)})
    return held | set(new), tomorrow


_LOCK = text(
    "SELECT verified_at, warm_day, warm_taken FROM sending_domains WHERE shop_id = :shop FOR NO KEY UPDATE"
)
_HELD = text("SELECT id FROM messages WHERE shop_id = :shop AND id = any(:ids) AND warm_day = :day")
# In the order of their ids, as whoever cancels a person's mails: neither waits for the other.
_PLACE = text(
    "UPDATE messages SET warm_day = :day WHERE id IN (SELECT id FROM messages WHERE shop_id = :shop"
    " AND id = any(:ids) ORDER BY id FOR NO KEY UPDATE)"
)
_COUNT = text("UPDATE sending_domains SET warm_day = :day, warm_taken = :taken WHERE shop_id = :shop")
