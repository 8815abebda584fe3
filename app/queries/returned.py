"""Why mails of a shop came back, as their servers said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session

MOST = 8


@dataclass(frozen=True, slots=True)
class Cause:
    """`words`: one server's own; "" where none said any."""

    kind: str
    status: str
    mails: int
    words: str


@dataclass(frozen=True, slots=True)
class Latest:
    """`came`: how far, as `messages.delivery` has it."""

    id: int
    flow_key: str
    step: str
    number: str
    came: str


def load_causes(session: Session, shop_id: int, since: datetime) -> list[Cause]:
    """The most frequent first. A mail that two tell of counts once for each cause."""
    rows = session.execute(_CAUSES, {"shop": shop_id, "since": since, "most": MOST})
    return [Cause(row.kind, row.status, row.mails, row.words) for row in rows]


def load_latest(session: Session, shop_id: int, since: datetime) -> list[Latest]:
    """Mails that came back or were called spam, the newest first."""
    rows = session.execute(_LATEST, {"shop": shop_id, "since": since, "most": MOST})
    return [Latest(row.id, row.flow_key, row.step, row.number, row.delivery) for row in rows]


_LATEST = text("""
SELECT m.id, m.flow_key, m.step, m.delivery, coalesce(o.number, m.order_id) AS number FROM messages m
    LEFT JOIN orders o ON o.shop_id = m.shop_id AND o.id = m.order_id
WHERE m.shop_id = :shop AND m.delivery IN ('bounced', 'complained') AND m.sent_at >= :since
ORDER BY m.sent_at DESC, m.id DESC LIMIT :most
""")
_CAUSES = text("""
SELECT kind, status, count(DISTINCT message_id) AS mails, max(detail) AS words FROM feedback
WHERE shop_id = :shop AND kind IN ('hard_bounced', 'soft_bounced', 'complained') AND at >= :since
GROUP BY kind, status ORDER BY mails DESC, kind, status LIMIT :most
""")
