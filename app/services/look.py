"""Orders whose moment has come are looked at again: what time has brought is recorded and followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.queries.pictures import KEYS, key_arrays
from app.services.due_rows import Due, do_due, due_rows
from app.services.react import react
from flows.flow import Flow
from flows.presets import PRESETS

BATCH = 500

_DUE = due_rows("watches", "order_id")
_TAKE = text(f"DELETE FROM watches w USING {KEYS} WHERE w.shop_id = k.shop_id AND w.order_id = k.id")


def look_due(
    database: Database, secrets: Keys, now: datetime, flows: Sequence[Flow] = PRESETS, limit: int = BATCH
) -> int:
    """Looks at up to `limit` orders. Returns how many were due."""

    def look(session: Session, due: list[Due]) -> None:
        session.execute(_TAKE, key_arrays(due))
        react(session, due, secrets, now, flows=flows)

    return do_due(database, _DUE, look, now, limit)
