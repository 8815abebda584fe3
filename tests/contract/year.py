"""A year and some of two shops: many lives side by side, on one virtual clock that stops at every instant at
which anything is due, at whatever somebody does, and early each morning.

A life is told as it is lived: it does something, says when it goes on, and does the next thing.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from app.predict.learning import learn
from app.queries.waiting import next_due
from app.services.occasions import tell_days
from sandbox.clock import Clock as StoreClock
from tests.contract.buyer import Buyer
from tests.contract.twins import Twins

START = datetime(2030, 3, 4, 15, tzinfo=UTC)
"""A Monday: nine in the morning in Chicago, four in the afternoon in Berlin. Six days later the clocks go
forward in Chicago, in Berlin four weeks later."""
LENGTH = timedelta(days=780)
_MORNING = timedelta(hours=6, minutes=30)

Lived = Iterator[timedelta]
"""What it yields is how long after START it goes on."""
Life = Callable[[Buyer], Lived]


def at(days: float = 0, hours: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


@dataclass
class Year:
    pair: Twins
    lived: list[tuple[datetime, int, Iterator[timedelta]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def begin(self, life: Life, buyer: Buyer) -> None:
        heapq.heappush(self.lived, (START, next(self._numbers), life(buyer)))

    def pass_by(self) -> None:
        """All of it."""
        self.pair.home.clock.business_alone = True
        self._be_at(START)
        end, morning = START + LENGTH, _next_morning(START)
        while True:
            first = min(end, morning, self._due() or end, self.lived[0][0] if self.lived else end)
            if first >= end:
                return
            self._be_at(first)
            if first == morning:
                morning = _next_morning(first)
                if not self._wake_up():
                    continue
            if self._live(first) or self.pair.home.work():
                self._rest()

    def _live(self, now: datetime) -> bool:
        """Whoever goes on at this instant does so."""
        went_on = False
        while self.lived and self.lived[0][0] <= now:
            _, number, life = heapq.heappop(self.lived)
            went_on = True
            if (goes_on := next(life, None)) is not None:
                heapq.heappush(self.lived, (START + goes_on, number, life))
        return went_on

    def _rest(self) -> None:
        """Until both stores have told all and the app has done all."""
        home, worked = self.pair.home, True
        while worked:
            for side in self.pair.both:
                side.store.settle()
            worked = home.work()

    def _wake_up(self) -> bool:
        """What the periodic tasks do once a day. Whether it was somebody's day."""
        at = self.pair.home.runtime
        while learn(at.database, at.clock.now()):
            pass
        return bool(tell_days(at.database, at.keys, at.clock.now()))

    def _due(self) -> datetime | None:
        with self.pair.home.runtime.database.crossing() as session:
            return next_due(session)

    def _be_at(self, instant: datetime) -> None:
        clock = self.pair.home.clock
        clock.ahead += max(instant - clock.now(), timedelta())
        StoreClock(self.pair.home.store.settings.clock_file).set_offset(clock.ahead.total_seconds())


def _next_morning(after: datetime) -> datetime:
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + _MORNING + timedelta(days=after >= midnight + _MORNING)
