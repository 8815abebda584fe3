"""The stored reasons behind a mail that was sent, or was not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session

Rows = list[Row[Any]]


def shop_of_message(session: Session, message_id: int) -> int | None:
    """Whose mail it is: for the operator's command, which sees all shops."""
    return session.execute(
        text("SELECT shop_id FROM messages WHERE id = :id"), {"id": message_id}
    ).scalar_one_or_none()


def message_by_id(session: Session, shop_id: int, message_id: int) -> Row[Any] | None:
    return session.execute(
        text("SELECT * FROM messages WHERE shop_id = :shop AND id = :id"), {"shop": shop_id, "id": message_id}
    ).one_or_none()


def order_by_number(session: Session, shop_id: int, number: str) -> Row[Any] | None:
    """By the number that people see, with or without its #; the newest of that number."""
    found = orders_numbered(session, shop_id, number, 1)
    return found[0] if found else None


def orders_numbered(session: Session, shop_id: int, number: str, limit: int) -> Rows:
    bare = number.strip().lstrip("#")
    return list(
        session.execute(
            text(
                "SELECT id, number, email, placed_at FROM orders WHERE shop_id = :shop"
                " AND number = any(:numbers) ORDER BY placed_at DESC LIMIT :n"
            ),
            {"shop": shop_id, "numbers": [bare, f"#{bare}"], "n": limit},
        )
    )


def order_exists(session: Session, shop_id: int, order_id: str) -> bool:
    found = session.execute(
        text("SELECT 1 FROM orders WHERE shop_id = :shop AND id = :id"), {"shop": shop_id, "id": order_id}
    )
    return found.first() is not None


def journeys_of(session: Session, shop_id: int, order_id: str, flow_key: str | None = None) -> Rows:
    """Newest generation first; of every flow where none is named."""
    return list(
        session.execute(
            text(
                "SELECT * FROM journeys WHERE shop_id = :shop AND order_id = :order"
                " AND (CAST(:flow AS text) IS NULL OR flow_key = :flow) ORDER BY generation DESC, id"
            ),
            {"shop": shop_id, "order": order_id, "flow": flow_key},
        )
    )


def journey_by_id(session: Session, shop_id: int, journey_id: int) -> Row[Any]:
    return session.execute(
        text("SELECT * FROM journeys WHERE shop_id = :shop AND id = :id"),
        {"shop": shop_id, "id": journey_id},
    ).one()


def messages_of_order(session: Session, shop_id: int, order_id: str) -> Rows:
    """Every mail that the order led to, in the order in which they were due."""
    return list(
        session.execute(
            text("SELECT * FROM messages WHERE shop_id = :shop AND order_id = :order ORDER BY due_at, id"),
            {"shop": shop_id, "order": order_id},
        )
    )


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


def responses_to(session: Session, shop_id: int, message_ids: Sequence[int]) -> Rows:
    """What became of these mails after they had left: clicks, and what providers tell."""
    return list(
        session.execute(
            text(
                "SELECT message_id, kind, at, data FROM message_events"
                " WHERE shop_id = :shop AND message_id = any(:ids) UNION ALL"
                # A machine's open or click tells nothing of a person.
                " SELECT message_id, 'told_' || CASE WHEN machine THEN 'machine' ELSE kind END, at,"
                " jsonb_build_object('words', detail, 'status', status) FROM feedback"
                " WHERE shop_id = :shop AND message_id = any(:ids) ORDER BY at, kind"
            ),
            {"shop": shop_id, "ids": list(message_ids)},
        )
    )


def held_back(session: Session, shop_id: int, flow_key: str, reason: str, since: datetime) -> int:
    """How many orders' mails of the flow did not go for this reason."""
    return int(
        session.execute(
            text(
                "SELECT count(*) FROM (SELECT order_id FROM messages WHERE shop_id = :shop"
                " AND flow_key = :flow AND reason = :reason AND due_at >= :since"
                " AND state IN ('skipped', 'cancelled', 'expired') UNION SELECT order_id FROM journeys"
                " WHERE shop_id = :shop AND flow_key = :flow AND end_reason = :reason"
                " AND status IN ('declined', 'ended') AND changed_at >= :since) held"
            ),
            {"shop": shop_id, "flow": flow_key, "reason": reason, "since": since},
        ).scalar_one()
    )
