"""How due rows are taken: transactional mail first, shops side by side, never the same row twice.

The walk over shops is a loose index scan on (lane, shop_id, due): its cost grows with the number of
shops that have something waiting, not with the number of rows that wait.
"""

from __future__ import annotations

# Rows that a shop's turn takes at least: fewer would make the walk dearer than the work.
TURN = 10


def claim_statement(*, table: str, columns: str, due: str, waiting: str = "true") -> str:
    """SELECT ... FOR UPDATE SKIP LOCKED of due rows, the shops taking turns.

    `due` names the instant's column; `waiting` is the condition of the partial index.
    Parameters: :now, :limit (rows in all).
    """
    return f"""
{_places(table, due, waiting)}
SELECT {columns} FROM places w
CROSS JOIN LATERAL (
    SELECT * FROM {table} t
    WHERE {waiting} AND t.lane = w.lane AND t.shop_id = w.shop_id AND t.{due} <= :now
    ORDER BY t.{due}
    LIMIT greatest({TURN}, :limit / (SELECT count(*) FROM places))
    FOR UPDATE SKIP LOCKED
) taken
ORDER BY taken.lane, row_number() OVER (PARTITION BY taken.lane, taken.shop_id ORDER BY taken.{due})
LIMIT :limit
"""


def lock_statement(*, table: str, due: str) -> str:
    """Locks shops that have due rows and nobody at work. Parameters: :now, :limit."""
    return f"""
{_places(table, due, "true")}
SELECT s.id, s.paused_at IS NOT NULL AS paused FROM shops s WHERE s.id IN (SELECT shop_id FROM places)
ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED
"""


def _places(table: str, due: str, waiting: str) -> str:
    """The (lane, shop) pairs with something due, the longest due first."""
    return f"""
WITH RECURSIVE shops_waiting AS (
    (SELECT lane, shop_id, {due} AS first_due FROM {table} WHERE {waiting}
     ORDER BY lane, shop_id, {due} LIMIT 1)
    UNION ALL
    SELECT n.lane, n.shop_id, n.first_due FROM shops_waiting w
    CROSS JOIN LATERAL (
        SELECT t.lane, t.shop_id, t.{due} AS first_due FROM {table} t
        WHERE {waiting} AND (t.lane, t.shop_id) > (w.lane, w.shop_id)
        ORDER BY t.lane, t.shop_id, t.{due} LIMIT 1
    ) n
), places AS MATERIALIZED (
    SELECT lane, shop_id FROM shops_waiting WHERE first_due <= :now
    ORDER BY lane, first_due LIMIT greatest(20, :limit / {TURN})
)"""
