"""When we were silent ourselves: stores stop repeating a message after some hours, or never repeat one,
so what changed meanwhile is asked for."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.services.polls import ORDERS

SWEEP = "sweep"
SILENCE = timedelta(minutes=5)

log = logging.getLogger("doorstep.outage")


def beat(database: Database, now: datetime, real: datetime) -> timedelta | None:
    """Notes that the sweep is alive. Returns how long nothing was, if that was an outage: then every shop's
    orders are read since it began. One transaction, so an outage is noticed exactly once."""
    with database.crossing() as session:
        last: datetime | None = session.execute(
            text("SELECT at FROM heartbeats WHERE name = :name FOR UPDATE"), {"name": SWEEP}
        ).scalar_one_or_none()
        session.execute(
            text(
                "INSERT INTO heartbeats (name, at) VALUES (:name, :real)"
                " ON CONFLICT (name) DO UPDATE SET at = greatest(heartbeats.at, excluded.at)"
            ),
            {"name": SWEEP, "real": real},
        )
        if last is None or real - last <= SILENCE:
            return None
        shops = read_since(session, now - (real - last), real)
    log.warning("nothing ran for %s: the orders of %s shops are read since then", real - last, shops)
    return real - last


def read_since(session: Session, since: datetime, real: datetime) -> int:
    """Every shop's orders are due, one shop a second, changed at `since` or later. Who is at it already
    loses it: it began before the outage or in it. Returns how many shops."""
    changed = session.execute(
        text(
            "UPDATE polls SET next_at = least(next_at, :real + make_interval(secs => shop_id % 60)),"
            " watermark = least(watermark, :since), began_at = NULL, cursor = NULL, held = false"
            " WHERE noun = :noun AND next_at < 'infinity'"
        ),
        {"real": real, "since": since, "noun": ORDERS},
    )
    return changed.rowcount
