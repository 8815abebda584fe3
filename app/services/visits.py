"""Visits to pages about an order: append-only, never in the visitor's way, and only of who agreed to offers.

Whose order it is, a token of ours says, or one that the platform signed for whoever is logged in. Nothing is
put into anybody's browser for it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.services.clicks import is_machine

log = logging.getLogger("doorstep.visits")

TRACKING, ACCOUNT = "tracking", "account"


def record_visit(
    database: Database, shop_id: int, order_id: str, page: str, agent: str, now: datetime
) -> None:
    """Once a day for each page. One that cannot be stored is logged and lost: the visitor matters more."""
    if is_machine(agent):
        return
    try:
        with database.shops(shop_id) as session:
            given = {"shop": shop_id, "order": order_id, "page": page, "now": now, "day": now.date()}
            session.execute(_VISIT, given)
    except DBAPIError as error:
        log.warning("a visit to order %s was not stored: %s", order_id, type(error).__name__)


_VISIT = text(
    "INSERT INTO visits (shop_id, order_id, page, day, at) SELECT o.shop_id, o.id, :page, :day, :now"
    " FROM orders o JOIN consents c ON c.shop_id = o.shop_id AND c.email = lower(o.email)"
    " WHERE o.shop_id = :shop AND o.id = :order AND c.state = 'subscribed' ON CONFLICT DO NOTHING"
)
