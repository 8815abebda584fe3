"""The stored reasons behind a mail that was sent, or was not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, text

from app.db import Session

Rows = list[Row[Any]]


def message_by_id(session: Session, message_id: int) -> Row[Any] | None:
    return session.execute(text("SELECT * FROM messages WHERE id = :id"), {"id": message_id}).one_or_none()


def order_by_number(session: Session, shop_id: int, number: str) -> Row[Any] | None:
    """By the number that people see, with or without its #; the newest of that number."""
    return session.execute(
        text(
            "SELECT id, number, placed_at, body FROM orders WHERE shop_id = :shop"
            " AND ltrim(number, '#') = ltrim(:number, '#') ORDER BY placed_at DESC LIMIT 1"
        ),
        {"shop": shop_id, "number": number},
    ).one_or_none()


def journeys_of(session: Session, shop_id: int, order_id: str, flow_key: str) -> Rows:
    return list(
        session.execute(
            text(
                "SELECT * FROM journeys WHERE shop_id = :shop AND order_id = :order AND flow_key = :flow"
                " ORDER BY generation DESC, id"
            ),
            {"shop": shop_id, "order": order_id, "flow": flow_key},
        )
    )


def messages_of(session: Session, journey_id: int) -> Rows:
    return list(
        session.execute(
            text("SELECT * FROM messages WHERE journey_id = :id ORDER BY due_at, id"), {"id": journey_id}
        )
    )


def journey_by_id(session: Session, journey_id: int) -> Row[Any]:
    return session.execute(text("SELECT * FROM journeys WHERE id = :id"), {"id": journey_id}).one()


def events_of(session: Session, shop_id: int, order_id: str) -> Rows:
    """What happened to the order, each with the store's message that told us."""
    return list(
        session.execute(
            text(
                "SELECT e.*, i.topic, i.received_at FROM events e"
                " LEFT JOIN inbox i ON i.id = e.inbox_id AND i.shop_id = e.shop_id"
                " WHERE e.shop_id = :shop AND e.order_id = :order ORDER BY e.happened_at, e.id"
            ),
            {"shop": shop_id, "order": order_id},
        )
    )
