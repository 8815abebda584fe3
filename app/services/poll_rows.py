"""A poll in hand: taken by a lease, kept while the lease is its own, given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session

LEASE = timedelta(minutes=10)


@dataclass(slots=True)
class Poll:
    """`began_at` and `cursor`: where an interrupted one goes on. `next_at`: until when it is ours, longer
    with each page; who finds another instant there has lost it. `failures`: how often in a row it failed."""

    shop_id: int
    noun: str
    watermark: datetime
    began_at: datetime | None
    cursor: str | None
    next_at: datetime
    failures: int = 0


def claim_poll(database: Database, now: datetime, real: datetime) -> Poll | None:
    with database.crossing() as session:
        row = session.execute(
            text(
                "UPDATE polls p SET next_at = :lease, held = true,"
                " asked_at = CASE WHEN p.began_at IS NULL THEN :real ELSE p.asked_at END,"
                " began_at = coalesce(p.began_at, :now) FROM ("
                " SELECT shop_id, noun FROM polls"
                " WHERE next_at <= :real ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED) c"
                " WHERE p.shop_id = c.shop_id AND p.noun = c.noun"
                " RETURNING p.shop_id, p.noun, p.watermark, p.began_at, p.cursor, p.next_at, p.failures"
            ),
            {"now": now, "real": real, "lease": real + LEASE},
        ).one_or_none()
    return None if row is None else Poll(**row._mapping)


def is_ours(session: Session, poll: Poll) -> bool:
    held = session.execute(
        text("SELECT 1 FROM polls WHERE shop_id = :shop AND noun = :noun AND next_at = :lease"),
        {"shop": poll.shop_id, "noun": poll.noun, "lease": poll.next_at},
    )
    return held.first() is not None


def go_on_later(database: Database, poll: Poll, at: datetime) -> None:
    with database.shops(poll.shop_id) as session:
        session.execute(
            text(
                "UPDATE polls SET next_at = :at, held = false"
                " WHERE shop_id = :shop AND noun = :noun AND next_at = :lease"
            ),
            {"at": at, "shop": poll.shop_id, "noun": poll.noun, "lease": poll.next_at},
        )
