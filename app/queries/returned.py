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


def load_causes(session: Session, shop_id: int, since: datetime) -> list[Cause]:
    """The most frequent first. A mail that two tell of counts once for each cause."""
    rows = session.execute(_CAUSES, {"shop": shop_id, "since": since, "most": MOST})
    return [Cause(row.kind, row.status, row.mails, row.words) for row in rows]


_CAUSES = text("""
SELECT kind, status, count(DISTINCT message_id) AS mails, max(detail) AS words FROM feedback
WHERE shop_id = :shop AND kind IN ('hard_bounced', 'soft_bounced', 'complained') AND at >= :since
GROUP BY kind, status ORDER BY mails DESC, kind, status LIMIT :most
""")
