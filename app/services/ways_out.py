"""The way by which each message of a batch leaves: the mail vendor, or the tool of its shop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.db import Database, Session
from app.keys import Keys
from app.services.ledger import Claimed, Settled
from app.services.outcomes import retry_at
from app.services.ready import Ready
from app.services.webhook_door import Door, failed, heard, load_doors
from emails.providers.base import Courier, SendFailed
from emails.providers.webhook import NAME, WebhookCourier
from flows.facts import Channel
from wire.http import HttpClient

OFF = "webhook_off"
"""The skip of a message whose way was taken away, or given up, after it was planned."""
WAITS = "webhook_waits"
PATIENCE = 2.0
"""Seconds that the tool of one shop may take of a batch; everybody's mails wait meanwhile."""
SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Way:
    courier: Courier
    name: str
    door: Door | None = None


@dataclass(slots=True)
class Ways:
    """Of one batch. `silent`: shops whose tool did not answer just now; their other messages wait, or a tool
    that hangs would hold up everybody's mails. `taken`: by shop, the seconds that its tool took to answer: of
    one that is slow the others wait, too, but shortly."""

    doors: Mapping[int, Door]
    silent: set[int] = field(default_factory=set)
    taken: dict[int, float] = field(default_factory=dict)

    def of(
        self,
        row: Claimed,
        mail: Way,
        http: HttpClient,
        keys: Keys,
        real: Callable[[], datetime],
    ) -> Way:
        door = self.doors.get(row.shop_id)
        if row.channel != Channel.WEBHOOK or door is None:
            return mail
        return Way(WebhookCourier(http, door.url, door.secrets(keys, real()), real), NAME, door)

    def sort_out(self, ready: Iterable[Ready]) -> tuple[list[Ready], list[Settled]]:
        """What has a way, mails first, and what has none any more."""
        mails: list[Ready] = []
        calls: list[Ready] = []
        settled: list[Settled] = []
        for one in ready:
            door = self.doors.get(one.row.shop_id)
            if one.row.channel != Channel.WEBHOOK:
                mails.append(one)
            elif door is None or door.stopped_at is not None:
                settled.append(Settled(one.row.id, one.row.token, "skipped", OFF, None, one.ruling.reasons))
            else:
                calls.append(one)
        return [*mails, *calls], settled

    def waits(self, row: Claimed, now: datetime) -> Settled | None:
        if row.channel != Channel.WEBHOOK:
            return None
        if row.shop_id in self.silent:
            return Settled(row.id, row.token, "due", WAITS, retry_at(0, now))
        if self.taken.get(row.shop_id, 0.0) > PATIENCE:
            return Settled(row.id, row.token, "due", WAITS, now + SOON)
        return None

    def note(
        self, database: Database, way: Way, failure: SendFailed | None, seconds: float, now: datetime
    ) -> None:
        """What came of a call, and how long it took; of mails the ledger alone knows."""
        if way.door is None:
            return
        self.taken[way.door.shop_id] = self.taken.get(way.door.shop_id, 0.0) + seconds
        if failure is None:
            heard(database, way.door)
        else:
            self.silent.add(way.door.shop_id)
            failed(database, way.door, failure, now)


def load_ways(session: Session, rows: Sequence[Claimed]) -> Ways:
    """One statement where a message goes to a tool, none else."""
    shops = {row.shop_id for row in rows if row.channel == Channel.WEBHOOK}
    return Ways(load_doors(session, shops) if shops else {})
