"""Hints of our plugin in a store: an order changed just now, so it is read at once instead of when the
store's own message comes.

A hint is worth a read and nothing else, and losing one costs a minute. So of a store that sends too many, for
whatever reason, most stand behind those of other shops, and beyond a bound they are not taken at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database
from connectors.woocommerce.plugin_message import Hint

ASKED, UNKNOWN_SHOP, TOO_MANY = "asked", "unknown_shop", "too_many"

# Of one shop so many may wait at any time. Reads are made in the order in which they were due. A hint counts
# as due for some time already, so that it goes before whatever else is to be read; of a shop of which some
# wait each further one a little less, so that no other shop's hint stands behind more than these.
MOST_WAITING = 300
FIRST_ONES = 30
APART = timedelta(seconds=0.5)
AHEAD = (MOST_WAITING - FIRST_ONES) * APART
# Whoever reads the order just now may have missed this change: it is read once more, a moment later.
AGAIN = timedelta(seconds=1)


def take_hint(database: Database, shop_id: int, hint: Hint, real: datetime) -> str:
    """ASKED, UNKNOWN_SHOP (it has left) or TOO_MANY. However often an order is told of, it is one row."""
    with database.shops(shop_id) as session:
        row = session.execute(
            _TAKE,
            {
                "shop": shop_id,
                "order": hint.order_id,
                "reason": hint.reason,
                "real": real,
                "most": MOST_WAITING,
                "ahead": real - AHEAD,
                "first_ones": FIRST_ONES,
                "apart": APART,
                "again": real + AGAIN,
            },
        ).one()
    if not row.known:
        return UNKNOWN_SHOP
    return ASKED if row.taken else TOO_MANY


# One that waits unread already asks for what this one asks for. One that failed or is in hand is asked anew.
_TAKE = text("""
WITH asking AS (
    SELECT s.id, (
        SELECT count(*) FROM (
            SELECT FROM wishes
            WHERE shop_id = s.id AND noun = 'order' AND state = 'open' AND reason LIKE 'hint: %' LIMIT :most
        ) w
    ) AS waiting, EXISTS (
        SELECT FROM wishes WHERE shop_id = s.id AND noun = 'order' AND id = :order
    ) AS told
    FROM shops s WHERE s.id = :shop AND s.state <> 'uninstalled'
), taken AS (
    INSERT INTO wishes AS w (shop_id, noun, id, reason, asked_at, next_at, attempts, state)
    SELECT id, 'order', :order, :reason, CAST(:real AS timestamptz),
        CAST(:ahead AS timestamptz) + greatest(0, waiting - :first_ones) * CAST(:apart AS interval), 0, 'open'
    FROM asking WHERE waiting < :most OR told
    ON CONFLICT (shop_id, noun, id) DO UPDATE SET
        reason = excluded.reason, asked_at = excluded.asked_at, attempts = 0, state = 'open',
        next_at = CASE WHEN w.state = 'open'
            THEN least(w.next_at, CAST(:again AS timestamptz)) ELSE excluded.next_at END
    WHERE w.attempts > 0 OR w.state <> 'open'
    RETURNING 1
)
SELECT EXISTS (SELECT FROM asking) AS known,
    EXISTS (SELECT FROM taken) OR coalesce((SELECT told FROM asking), false) AS taken
""")
