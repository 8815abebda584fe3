"""Customers that the store made one, and customers that it no longer has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, key_arrays
from connectors.base import Noun, Reading
from connectors.news import Merge


def store_customer_changes(session: Session, readings: Sequence[tuple[int, Reading]]) -> None:
    """After what the same messages say of the customers themselves. The shops are locked."""
    for shop, reading in readings:
        for merge in reading.merges:
            _merge(session, shop, merge)
    gone = [(shop, one.id) for shop, reading in readings for one in reading.gone if one.noun is Noun.CUSTOMER]
    if gone:
        # Its orders stay as they are: what was bought was bought.
        session.execute(
            text(f"DELETE FROM customers c USING {KEYS} WHERE c.shop_id = k.shop_id AND c.id = k.id"),
            key_arrays(gone),
        )


def _merge(session: Session, shop: int, merge: Merge) -> None:
    """The one that lives on keeps what is known of it, takes what only the other knew, and has the orders
    of both. Repeating it changes nothing."""
    keys = {"shop": shop, "kept": merge.kept, "gone": merge.gone}
    for statement in (_FOLD, _DROP, _ORDERS):
        session.execute(statement, keys)


_FOLD = text("""
INSERT INTO customers (shop_id, id, version, email, body)
SELECT shop_id, :kept, version, email, body || jsonb_build_object('id', CAST(:kept AS text))
FROM customers WHERE shop_id = :shop AND id = :gone
ON CONFLICT (shop_id, id) DO UPDATE SET
    email = coalesce(customers.email, excluded.email),
    body = excluded.body || coalesce((SELECT jsonb_object_agg(k.key, k.value)
        FROM jsonb_each(customers.body) k WHERE k.value NOT IN ('null', '""')), '{}')
""")
_DROP = text("DELETE FROM customers WHERE shop_id = :shop AND id = :gone")
_ORDERS = text("""
UPDATE orders SET body = jsonb_set(body, '{customer_id}', to_jsonb(CAST(:kept AS text)))
WHERE shop_id = :shop AND customer_id = :gone
""")
