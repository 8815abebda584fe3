"""Mails that left, for tests of what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.services.feedback import Taken, take_events
from connectors.base import Reading
from emails.feedback import Feedback, Told
from tests.app.desk import START, Desk, an_order

LATER = START + timedelta(days=1)
READER = "mia@example.com"
FLOWS = {"T": "order_confirmation", "S": "review_request", "M": "win_back"}


_JOURNEY = (
    "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key, status,"
    " step, anchor, started_at, changed_at) VALUES (:shop, 1, 'told', 1, 'x', '13', 'x', 'ended', 'm', :at,"
    " :at, :at) RETURNING 1"
)


def mails(
    desk: Desk,
    how_many: int,
    *,
    reader: str | None = READER,
    state: str = "sent",
    mail_class: str = "M",
    provider_ids: bool = True,
    sent_at: datetime = LATER,
) -> list[int]:
    """Their ids. Each has a Message-ID (`message_id(id)`), and a vendor's number (`provider_id(id)`)."""
    if not desk.rows("SELECT 1 FROM journeys WHERE flow_key = 'told'"):
        desk.read(Reading(orders=(an_order(),)))
        desk.rows(_JOURNEY, shop=desk.shop_id, at=START)
    rows = desk.rows(
        "WITH made AS (INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence,"
        " template, mail_class, lane, order_id, recipient, state, due_at, expires_at, next_at, attempts,"
        " created_at, changed_at, sent_at, provider)"
        " SELECT shop_id, 1, id, :flow, 'm', (SELECT count(*) FROM messages) + n, 'x', :class, 2, order_id,"
        " :reader, :state, :at, CAST(:at AS timestamptz) + interval '9 days', :at, 1, :at, :at,"
        " CASE WHEN :state = 'sent' THEN CAST(:at AS timestamptz) END, 'ses'"
        " FROM (SELECT * FROM journeys WHERE flow_key = 'told') j, generate_series(1, :n) n RETURNING id)"
        " SELECT id FROM made ORDER BY id",
        n=how_many,
        reader=reader,
        state=state,
        at=sent_at,
        flow=FLOWS[mail_class],
        **{"class": mail_class},
    )
    ids = [row.id for row in rows]
    desk.rows(
        "UPDATE messages SET message_id = '<m' || id || '@mail.example>',"
        " provider_id = CASE WHEN :known THEN 'p' || id END WHERE id = any(:ids) RETURNING 1",
        known=provider_ids,
        ids=ids,
    )
    return ids


def message_id(mail: int) -> str:
    return f"<m{mail}@mail.example>"


def provider_id(mail: int) -> str:
    return f"p{mail}"


def told(mail: int, kind: Told, at: datetime = LATER, **more: Any) -> Feedback:
    values = {"key": f"{mail}:{kind}:{at.isoformat()}", "message_id": message_id(mail), **more}
    return Feedback(kind=kind, at=at, **values)


def take(desk: Desk, *events: Feedback, **more: Any) -> Taken:
    return take_events(desk.database, desk.keys, "ses", events, desk.now, real=desk.real, **more)


def of(desk: Desk, mail: int) -> Any:
    (row,) = desk.rows(
        "SELECT state, reason, delivery, delivery_at, sent_at FROM messages WHERE id = :id", id=mail
    )
    return row


def barred(desk: Desk, reader: str = READER) -> dict[str, str]:
    """Scope -> reason."""
    hashed = desk.keys.address_hash(desk.shop_id, reader)
    rows = desk.rows("SELECT scope, reason FROM suppressions WHERE address_hash = :hash", hash=hashed)
    return {row.scope: row.reason for row in rows}


def ways_of(desk: Desk, ids: Sequence[int]) -> list[tuple[str, str | None]]:
    return [(of(desk, one).state, of(desk, one).delivery) for one in ids]
