"""What other tools told us that they sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from flows.limits import MONTH


def told_lately(session: Session, shop_id: int, now: datetime) -> Sequence[Row[Any]]:
    """(tool, sent, last) of 30 days, the busiest first."""
    return session.execute(
        text(
            "SELECT tool, count(*) AS sent, max(sent_at) AS last FROM outside_sends"
            " WHERE shop_id = :shop AND sent_at > :since GROUP BY tool ORDER BY sent DESC, tool LIMIT 10"
        ),
        {"shop": shop_id, "since": now - MONTH},
    ).all()


def reported_to(session: Session, shop_id: int) -> Row[Any]:
    """(token, outside_salt): what the address of its reports names the shop by, and what their secret is made
    of."""
    return session.execute(
        text("SELECT token, outside_salt FROM shops WHERE id = :shop"), {"shop": shop_id}
    ).one()
