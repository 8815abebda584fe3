"""A life in which time alone tells something too: orders are looked at when the next of it falls due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.delivery import arrivals, born_of_time
from flows.events import INFERRED, Event, EventKind, events_that_hold
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.flow import Flow
from tests.flows.life import Life
from tests.flows.pictures import ON, SHOP


@dataclass
class WayLife(Life):
    shop: ShopFacts = SHOP
    turned: dict[str, int] = field(default_factory=dict)

    def facts(self, flow: Flow, parcel_id: str | None) -> Facts:
        facts = super().facts(flow, parcel_id)
        arrival = arrivals(self.shop, self.picture).get(parcel_id)
        return replace(
            facts,
            shop=self.shop,
            setting=FlowSetting(True, ON.since, {**flow.knob_values({}), **self.turned}),
            inferred=frozenset(
                event.kind
                for event in self.known.values()
                if event.source == INFERRED and event.parcel_id in (None, parcel_id)
            ),
            estimates={"estimated_arrival": arrival} if arrival else {},
        )

    def recorded(self) -> dict[tuple[EventKind, str | None], datetime]:
        return {(event.kind, event.parcel_id): event.happened_at for event in self.known.values()}

    def hear(self, events: Iterable[Event]) -> None:
        super().hear(events)
        born = born_of_time(self.shop, self.picture, self.recorded())
        super().hear([event for event in born if event.happened_at <= self.now])

    def _next_due(self) -> datetime | None:
        born = born_of_time(self.shop, self.picture, self.recorded())
        moments = [event.happened_at for event in born]
        return min(filter(None, (super()._next_due(), *moments)), default=None)

    def _ring(self) -> None:
        self.hear(events_that_hold(self.picture))
        super()._ring()

    def told(self) -> list[str]:
        """Flow, step and the shop's wall clock of each mail."""
        clock = ZoneInfo(self.shop.timezone)
        return [f"{one.flow}/{one.step} {one.at.astimezone(clock):%m-%d %H:%M}" for one in self.sent]
