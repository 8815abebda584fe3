"""An order with everything known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flows.commerce import Address, Order, OrderLine, Parcel, ParcelEvent, ParcelStatus, Refund, Return
from flows.zones import zone_of_place


@dataclass(frozen=True)
class OrderPicture:
    """An order with everything known about it, as decisions and mails see it. What is read off it again and
    again is worked out once, so it has no slots."""

    order: Order
    parcels: tuple[Parcel, ...] = ()
    parcel_events: tuple[ParcelEvent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()

    @property
    def home(self) -> Address | None:
        """Where whoever bought lives: of a gift that is not where it goes."""
        order = self.order
        first, second = order.shipping_address, order.billing_address
        if order.is_gift:
            first, second = second, first
        return first if first is not None and first.country else second

    @property
    def zone(self) -> str | None:
        """The zone of that home; None where the address does not tell."""
        home = self.home
        return zone_of_place(home.country, home.region, home.postcode) if home is not None else None

    def refunded_quantity(self, line_id: str) -> int:
        return self.refunded_quantities().get(line_id, 0)

    def refunded_quantities(self) -> Mapping[str, int]:
        """Pieces given back, by line id; lines without any are absent."""
        return self._refunded

    @cached_property
    def _refunded(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for refund in self.refunds:
            for line in refund.lines:
                found[line.line_id] = found.get(line.line_id, 0) + line.quantity
        return found

    def refunded_total(self) -> int:
        """Minor units given back: the larger of the order's own figure and the sum of refunds."""
        return max(self.order.refunded, sum(refund.amount for refund in self.refunds))

    def is_paid_back(self) -> bool:
        """All of it: the store says so, or the sum says it."""
        order = self.order
        return order.fully_refunded or (order.total > 0 and self.refunded_total() >= order.total)

    def kept_lines(self) -> tuple[OrderLine, ...]:
        """Lines of which at least one piece has not been refunded."""
        return self._kept

    @cached_property
    def _kept(self) -> tuple[OrderLine, ...]:
        refunded = self._refunded
        return tuple(line for line in self.order.lines if line.quantity > refunded.get(line.id, 0))

    def reviewable_lines(self) -> tuple[OrderLine, ...]:
        """Kept lines that stand for a product of the catalogue: no gift cards, no free-text lines."""
        return self._reviewable

    @cached_property
    def _reviewable(self) -> tuple[OrderLine, ...]:
        return tuple(line for line in self._kept if line.product_id and not line.gift_card)

    def live_parcels(self) -> tuple[Parcel, ...]:
        return self._live

    @cached_property
    def _live(self) -> tuple[Parcel, ...]:
        gone = ParcelStatus.CANCELLED
        return tuple(one for one in self.parcels if one.status != gone and not one.vanished)

    def scans_of(self, parcel_id: str) -> tuple[ParcelEvent, ...]:
        """Those that count, the oldest first."""
        return self._scans.get(parcel_id, ())

    @cached_property
    def _scans(self) -> Mapping[str, tuple[ParcelEvent, ...]]:
        found: dict[str, list[ParcelEvent]] = {}
        for one in sorted(self.parcel_events, key=lambda one: (one.happened_at, one.id)):
            if not one.gone:
                found.setdefault(one.parcel_id, []).append(one)
        return {parcel_id: tuple(scans) for parcel_id, scans in found.items()}

    def last_sign(self, parcel_id: str) -> datetime | None:
        """When a carrier was last heard of; None for a parcel that none follows."""
        shipped, cancelled = ParcelStatus.SHIPPED, ParcelStatus.CANCELLED
        scans = self.scans_of(parcel_id)
        return max((one.happened_at for one in scans if shipped < one.status < cancelled), default=None)

    def estimate_of(self, parcel: Parcel) -> datetime | None:
        """The newest that was told. One from before the parcel left is a leftover of an earlier one."""
        scans = self.scans_of(parcel.id)
        told = next((one.estimated_at for one in reversed(scans) if one.estimated_at), parcel.estimated_at)
        return told if told and (parcel.shipped_at is None or told >= parcel.shipped_at) else None
