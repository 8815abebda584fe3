"""Orders that went away without a word. What is thrown into a store's trash leaves its lists, and what is
deleted for good was never told of: so the store is asked whether the orders that mails wait for are there.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from app.db import Database, Session
from connectors.base import Connector, Noun, Page, Reading, Store, Wish

# So often that a look is never older than what a mail may be told on (flows/limits.py).
EVERY = timedelta(minutes=30)
# One call asks for so many.
AT_ONCE = 100


def trash_page(database: Database, connector: Connector, shop_id: int, store: Store, after: str) -> Page:
    """Asks for the next orders that something waits for. Those that the store does not list are wished for
    one by one: only its own word on an order ends anything. Raises StoreError."""
    with database.shops(shop_id) as session:
        asked = _awaited(session, shop_id, after)
    if not asked:
        return Page(Reading(), idle=True)
    missing = sorted(set(asked) - connector.standing(store, asked))
    wishes = tuple(Wish(Noun.ORDER, order_id, "the store does not list it any more") for order_id in missing)
    return Page(Reading(wishes=wishes), asked[-1] if len(asked) == AT_ONCE else None)


def _awaited(session: Session, shop_id: int, after: str) -> list[str]:
    rows = session.execute(_AWAITED, {"shop": shop_id, "after": after, "most": AT_ONCE})
    return [row.order_id for row in rows]


_AWAITED = text(
    "SELECT order_id FROM ("
    " SELECT order_id FROM journeys WHERE shop_id = :shop AND status = 'active'"
    " UNION SELECT order_id FROM messages WHERE shop_id = :shop AND state IN ('due', 'claimed')"
    ") AS open WHERE order_id > :after"
    " ORDER BY order_id LIMIT :most"
)
