"""Whom a merchant believes about what other tools sent: who holds the secret, and which tools count."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.services import changes
from app.services.limits import AREA, weigh_anew
from app.services.locks import lock_shop


def change_secret(session: Session, shop_id: int, who: str, now: datetime) -> None:
    """At once: a report is repeated until it is taken, so nothing is lost on the way."""
    lock_shop(session, shop_id)
    session.execute(_SALT, {"shop": shop_id, "salt": secrets.token_hex(16)})
    changes.record(session, shop_id, now, who, AREA, "The secret of the reports was changed.")


def remove_tool(session: Session, shop_id: int, tool: str, who: str, now: datetime) -> str:
    """What it reported counts no more, and what waits for a place is weighed anew. What was done, in words;
    "": there was nothing."""
    lock_shop(session, shop_id)
    gone = len(session.execute(_REMOVE, {"shop": shop_id, "tool": tool}).all())
    if not gone:
        return ""
    weigh_anew(session, shop_id, now)
    done = (
        f"{gone:,} {'mail' if gone == 1 else 'mails'} of {tool} {'counts' if gone == 1 else 'count'} no more."
    )
    changes.record(session, shop_id, now, who, AREA, done)
    return done


_SALT = text("UPDATE shops SET outside_salt = :salt WHERE id = :shop")
_REMOVE = text("DELETE FROM outside_sends WHERE shop_id = :shop AND tool = :tool RETURNING 1")
