"""Our plugin says that it leaves its store: the shop is uninstalled from that commit on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database
from app.services.connection import close_generation, end_what_was_before, is_current

LEFT, OUTDATED, UNKNOWN_SHOP = "left", "outdated", "unknown_shop"


def leave(database: Database, token: str, shop_id: int, said_at: datetime, now: datetime) -> str:
    """`said_at` (real time): a word that is older than the keys that we have now is not about them."""
    with database.shops(shop_id) as session:
        # The lock on the shop comes first, as in whatever plans, wakes or takes in: then none of these is
        # under way, and what a connection that just came changed can be seen.
        here = session.execute(
            text(
                "SELECT 1 FROM shops WHERE id = :id AND token = :token AND state <> 'uninstalled'"
                " FOR NO KEY UPDATE"
            ),
            {"id": shop_id, "token": token},
        )
        if here.first() is None:
            return UNKNOWN_SHOP
        if not is_current(session, shop_id, said_at):
            end_what_was_before(session, shop_id, said_at, now)
            return OUTDATED
        close_generation(session, shop_id, now)
        return LEFT
