"""What mails have told by now."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.picture import OrderPicture


def load_told_in_all(session: Session, pictures: Mapping[OrderKey, OrderPicture]) -> frozenset[OrderKey]:
    """Orders that are given back as a whole, of which a mail has told that, or may have. One statement; none
    where there is no such order."""
    keys = [key for key, picture in pictures.items() if picture.is_paid_back()]
    rows = session.execute(_TOLD_IN_ALL, key_arrays(keys)) if keys else ()
    return frozenset((row.shop_id, row.order_id) for row in rows)


_TOLD_IN_ALL = text(
    f"SELECT DISTINCT m.shop_id, m.order_id FROM messages m JOIN {KEYS}"
    " ON m.shop_id = k.shop_id AND m.order_id = k.id"
    " JOIN shops s ON s.id = m.shop_id AND s.generation = m.generation"
    " WHERE m.flow_key = 'cancel_refund_exchange' AND m.step = 'refunded_all'"
    " AND m.state IN ('sending', 'sent', 'unknown')"
)
