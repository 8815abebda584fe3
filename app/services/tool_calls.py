"""The tools of shops that a batch calls, and what each took of it: everybody's mails wait meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.db import Database
from app.services.ledger import Claimed, Settled
from app.services.outcomes import retry_at
from app.services.webhook_door import Door, failed, heard
from emails.providers.base import SendFailed

WAITS = "webhook_waits"
PATIENCE = 2.0
"""Seconds that the tool of one shop may take of a batch."""
SOON = timedelta(seconds=5)


@dataclass(slots=True)
class ToolCalls:
    """Of one batch. `silent`: shops whose tool did not answer just now; their other messages wait. `taken`:
    by shop, the seconds that its tool took to answer: of one that is slow the others wait, too, but
    shortly."""

    doors: Mapping[int, Door]
    silent: set[int] = field(default_factory=set)
    taken: dict[int, float] = field(default_factory=dict)

    def waits(self, row: Claimed, now: datetime) -> list[Settled]:
        if row.shop_id in self.silent:
            return [Settled(row.id, row.token, "due", WAITS, retry_at(0, now))]
        if self.taken.get(row.shop_id, 0.0) > PATIENCE:
            return [Settled(row.id, row.token, "due", WAITS, now + SOON)]
        return []

    def note(
        self, database: Database, door: Door, failure: SendFailed | None, seconds: float, now: datetime
    ) -> None:
        self.taken[door.shop_id] = self.taken.get(door.shop_id, 0.0) + seconds
        if failure is None:
            heard(database, door)
        else:
            self.silent.add(door.shop_id)
            failed(database, door, failure, now)
