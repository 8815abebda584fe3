"""One writer a shop: whoever moves a shop's orders, journeys and timers holds this lock."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Session


def lock_shop(session: Session, shop_id: int) -> None:
    """Waits until nobody else writes to this shop: one writer a shop."""
    session.execute(text("SELECT id FROM shops WHERE id = :id FOR NO KEY UPDATE"), {"id": shop_id})
