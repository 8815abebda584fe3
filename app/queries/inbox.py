"""Which webhooks are worked through next: one writer a shop, many shops side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session

# One worker takes a few shops at a time and leaves the others to its neighbours.
SHOPS = 20
BYTES = 32 * 1024 * 1024

# A loose index scan gives each shop's oldest row; the shop that has waited longest comes first.
_LOCK = text("""
WITH RECURSIVE waiting AS (
    (SELECT shop_id, id FROM inbox WHERE state = 'new' ORDER BY shop_id, id LIMIT 1)
    UNION ALL
    SELECT n.shop_id, n.id FROM waiting w CROSS JOIN LATERAL (
        SELECT i.shop_id, i.id FROM inbox i WHERE i.state = 'new' AND i.shop_id > w.shop_id
        ORDER BY i.shop_id, i.id LIMIT 1
    ) n
)
SELECT s.id FROM shops s JOIN waiting w ON w.shop_id = s.id
ORDER BY w.id LIMIT :shops FOR NO KEY UPDATE OF s SKIP LOCKED
""")

_LOCK_ONE = text(
    "SELECT s.id FROM shops s WHERE s.id = (SELECT shop_id FROM inbox WHERE id = :only)"
    " FOR NO KEY UPDATE SKIP LOCKED"
)

# Bodies may be large: a batch ends where its bytes would be too many, but never before its first row.
_TAKE = text("""
SELECT i.id, i.shop_id, i.topic, i.body, i.triggered_at,
       s.platform, s.domain, s.base_url, s.url, s.currency, s.platform_id
FROM unnest(CAST(:mine AS bigint[])) AS mine(shop_id)
CROSS JOIN LATERAL (
    SELECT t.*, sum(octet_length(t.body)) OVER (ORDER BY t.id) - octet_length(t.body) AS before
    FROM inbox t
    WHERE t.shop_id = mine.shop_id AND t.state = 'new' AND t.next_at <= :real
      AND (CAST(:only AS bigint) IS NULL OR t.id = :only)
    ORDER BY t.id LIMIT greatest(1, :limit / cardinality(CAST(:mine AS bigint[])))
) i
JOIN shops s ON s.id = i.shop_id
WHERE i.before < :bytes / cardinality(CAST(:mine AS bigint[]))
ORDER BY i.id
""")


def claim_inbox(session: Session, real: datetime, limit: int, only: int | None = None) -> list[Row[Any]]:
    """The oldest waiting rows of shops that nobody else works for; `only`: that row, if it waits.

    The shops stay locked until the transaction ends.
    """
    locked = session.execute(_LOCK_ONE, {"only": only}) if only else session.execute(_LOCK, {"shops": SHOPS})
    mine = [row.id for row in locked]
    if not mine:
        return []
    return list(
        session.execute(_TAKE, {"mine": mine, "real": real, "only": only, "limit": limit, "bytes": BYTES})
    )
