"""Clicks: append-only, and never in the visitor's way."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, as_json

log = logging.getLogger("doorstep.clicks")


def record_click(
    database: Database, shop_id: int, message_id: int, target: str, agent: str, now: datetime
) -> None:
    """A click that cannot be stored is logged and lost: the visitor matters more."""
    try:
        with database.shops(shop_id) as session:
            session.execute(
                text(
                    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
                    " VALUES (:shop, :message, 'clicked', :now, :data)"
                ),
                {
                    "shop": shop_id,
                    "message": message_id,
                    "now": now,
                    "data": as_json({"target": target, "agent": agent}),
                },
            )
    except DBAPIError as error:
        log.warning("a click on message %s was not stored: %s", message_id, type(error).__name__)
