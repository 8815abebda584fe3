"""What a shop's mails earned in 30 days: by flow, by how it is known, by currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.flow_figures import PERIOD


@dataclass(frozen=True, slots=True)
class Earned:
    """`amount`: minor units, what was given back taken off. `orders`: those of which something was kept."""

    rule: str
    currency: str
    amount: int
    orders: int


def load_earned(session: Session, shop_id: int, now: datetime, flow_key: str | None = None) -> list[Earned]:
    """The strongest way of knowing first, then by amount. Of one flow where it is named."""
    rows = session.execute(_EARNED, {"shop": shop_id, "flow": flow_key, "since": now - PERIOD, "now": now})
    return [Earned(row.rule, row.currency, row.amount, row.orders) for row in rows]


_EARNED = text(
    "SELECT rule, currency, sum(amount)::bigint AS amount, count(*) AS orders FROM credits"
    " WHERE shop_id = :shop AND at > :since AND at <= :now AND amount > 0"
    " AND (CAST(:flow AS text) IS NULL OR flow_key = :flow)"
    " GROUP BY rule, currency ORDER BY rule = 'coupon' DESC, amount DESC, currency"
)
