"""A life in which time alone tells something too: orders are looked at when the next of it falls due.

With what the stories of the way begin with: an order, its parcel, a scan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.commerce import Address, ParcelStatus
from flows.delivery import arrivals, born_of_time
from flows.events import INFERRED, Event, EventKind, events_that_hold
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.flow import Flow
from flows.picture import OrderPicture
from tests.flows.life import Life, flows
from tests.flows.pictures import ON, SHOP, T0, line, order, parcel, picture, scan

DAY = timedelta(days=1)
COURSE = line("course", ships=False)
HOME = Address(country="US")
WAY = ("order_progress", "delivery_updates", "arrival_check", "delivered")


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


def life(*keys: str, of: OrderPicture | None = None, **turned: int) -> WayLife:
    told = WayLife(of or picture(order(shipping_address=HOME)), T0, flows(*(keys or WAY)))
    told.turned = turned
    if "order_progress" in {flow.key for flow in told.flows}:
        told.other_facts["progress"] = ON
    told.see(told.picture)
    return told


def sent(told: WayLife, at: datetime = T0 + DAY, **other: Any) -> WayLife:
    """All of it has left in one parcel."""
    whole = parcel(lines=told.picture.order.lines, shipped_at=at, **other)
    told.see(replace(told.picture, parcels=(whole,)), at)
    return told


def scanned(told: WayLife, status: ParcelStatus, at: datetime, **other: Any) -> WayLife:
    scans = (*told.picture.parcel_events, scan(status, at, **other))
    told.see(replace(told.picture, parcel_events=scans), at)
    return told


def run(told: WayLife, until: timedelta = 60 * DAY) -> WayLife:
    told.run_until(T0 + until)
    return told
