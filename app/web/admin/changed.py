"""What was changed last about something, as its page lists it."""

from __future__ import annotations

from app.db import Session
from app.services.changes import latest
from app.web.admin.doors import Merchant
from app.web.guards import runtime
from app.words.moments import short


def latest_changes(session: Session, seen: Merchant, area: str) -> list[tuple[str, str, str]]:
    """When, who and what, the newest first."""
    now, zone = runtime().clock.now(), seen.shop.timezone
    return [(short(one.at, zone, now), one.who, one.words) for one in latest(session, seen.shop_id, area)]
