"""What is expected of orders, as it was stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.estimates import Estimate


def load_estimates(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, Mapping[str, Estimate]]:
    """By order and name; of several of one name the one that comes first."""
    found: dict[OrderKey, dict[str, Estimate]] = defaultdict(dict)
    for row in session.execute(_ESTIMATES, key_arrays(keys)):
        estimate = Estimate(row.at, row.source, row.samples, row.earliest, row.latest, row.subject or None)
        found[row.shop_id, row.order_id].setdefault(row.name, estimate)
    return dict(found)


_ESTIMATES = text(
    "SELECT e.shop_id, e.order_id, e.name, e.subject, e.at, e.earliest, e.latest, e.samples, e.source"
    f" FROM estimates e JOIN {KEYS} ON e.shop_id = k.shop_id AND e.order_id = k.id ORDER BY e.at, e.subject"
)
