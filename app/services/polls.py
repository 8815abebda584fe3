"""What is asked of stores again and again: one row a shop and noun, due at its time or when poked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Session

CONNECTION = "connection"
ORDERS = "orders"
CATALOGUE = "catalogue"
CUSTOMERS = "customers"
HISTORY = "history"
PLAN = "plan"


def poke(session: Session, shop_id: int, noun: str, real: datetime) -> None:
    """Due at once, if the shop has such a poll and it is not over. One that is being worked on keeps its
    lease: its next look will be soon enough."""
    session.execute(
        text(
            "UPDATE polls SET next_at = least(next_at, :real)"
            " WHERE shop_id = :shop AND noun = :noun AND next_at < 'infinity'"
        ),
        {"real": real, "shop": shop_id, "noun": noun},
    )
