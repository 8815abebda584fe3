"""What is told of a mail before its row can be found: vendors may be quicker than the answer to our own call,
which is where their number of the mail comes from. It waits without any address, and not for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, put_rows
from app.models.feedback import early_feedback
from app.services.feedback_rows import without_addresses
from emails.feedback import Feedback, Told

PATIENCE = timedelta(days=3)
BATCH = 500
MOST_OF_A_SHOP = 2_000
"""Events that wait for mails of one shop's own account: whoever signs for it may make up as many as they
like, and everybody's are looked for in turn."""


def keep_early(
    database: Database, source: str, events: Sequence[Feedback], shop_id: int | None, now: datetime
) -> None:
    rows = [
        {
            "source": source,
            "key": _named(one, shop_id),
            "body": {
                **asdict(one),
                "at": one.at.isoformat(),
                "recipient": "",
                "detail": without_addresses(one.detail),
                "shop": shop_id,
            },
            "received_at": now,
            "tried_at": now,
        }
        for one in events
    ]
    with database.nobody() as session:
        room = len(rows) if shop_id is None else _room(session, source, shop_id)
        put_rows(session, early_feedback, rows[:room], "ON CONFLICT DO NOTHING")


def waiting_early(database: Database, now: datetime) -> list[tuple[str, int | None, Feedback]]:
    """(source, whose own account told, what) of a batch, those that were looked for longest ago first."""
    with database.nobody() as session:
        session.execute(text("DELETE FROM early_feedback WHERE received_at < :old"), {"old": now - PATIENCE})
        rows = session.execute(_NEXT, {"limit": BATCH, "now": now}).all()
    return [(row.source, row.body.get("shop"), _told(row.body)) for row in rows]


def drop_early(database: Database, source: str, events: Sequence[Feedback], shop_id: int | None) -> None:
    if events:
        with database.nobody() as session:
            session.execute(
                text("DELETE FROM early_feedback WHERE source = :source AND key = any(:keys)"),
                {"source": source, "keys": [_named(one, shop_id) for one in events]},
            )


def _room(session: Session, source: str, shop_id: int) -> int:
    held = session.execute(_HELD, {"source": source, "of": f"{shop_id}:%", "most": MOST_OF_A_SHOP})
    return MOST_OF_A_SHOP - int(held.scalar_one())


def _named(one: Feedback, shop_id: int | None) -> str:
    """Two accounts at one vendor may have the same key; none is to take the other's place."""
    return f"{shop_id or ''}:{one.key}"


def _told(body: dict[str, Any]) -> Feedback:
    values = {name: body[name] for name in Feedback.__dataclass_fields__}
    return Feedback(**{**values, "kind": Told(body["kind"]), "at": datetime.fromisoformat(body["at"])})


_HELD = text(
    "SELECT count(*) FROM (SELECT FROM early_feedback WHERE source = :source AND key LIKE :of LIMIT :most) h"
)
_NEXT = text("""
UPDATE early_feedback e SET tried_at = :now FROM (
    SELECT source, key FROM early_feedback ORDER BY tried_at LIMIT :limit FOR UPDATE SKIP LOCKED) n
WHERE e.source = n.source AND e.key = n.key RETURNING e.source, e.body
""")
