"""An order with everything known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.commerce import Order, OrderLine, Parcel, ParcelEvent, ParcelStatus, Refund, Return


@dataclass(frozen=True, slots=True)
class OrderPicture:
    """An order with everything known about it, as decisions and mails see it."""

    order: Order
    parcels: tuple[Parcel, ...] = ()
    parcel_events: tuple[ParcelEvent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    returns: tuple[Return, ...] = ()

    def refunded_quantity(self, line_id: str) -> int:
        return self.refunded_quantities().get(line_id, 0)

    def refunded_quantities(self) -> dict[str, int]:
        """Pieces given back, by line id; lines without any are absent."""
        found: dict[str, int] = {}
        for refund in self.refunds:
            for line in refund.lines:
                found[line.line_id] = found.get(line.line_id, 0) + line.quantity
        return found

    def refunded_total(self) -> int:
        """Minor units given back: the larger of the order's own figure and the sum of refunds."""
        return max(self.order.refunded, sum(refund.amount for refund in self.refunds))

    def kept_lines(self) -> tuple[OrderLine, ...]:
        """Lines of which at least one piece has not been refunded."""
        refunded = self.refunded_quantities()
        return tuple(line for line in self.order.lines if line.quantity > refunded.get(line.id, 0))

    def reviewable_lines(self) -> tuple[OrderLine, ...]:
        """Kept lines that stand for a product of the catalogue: no gift cards, no free-text lines."""
        return tuple(line for line in self.kept_lines() if line.product_id and not line.gift_card)

    def live_parcels(self) -> tuple[Parcel, ...]:
        gone = ParcelStatus.CANCELLED
        return tuple(one for one in self.parcels if one.status != gone and not one.vanished)

    def scans_of(self, parcel_id: str) -> tuple[ParcelEvent, ...]:
        """Those that count, the oldest first."""
        scans = (one for one in self.parcel_events if one.parcel_id == parcel_id and not one.gone)
        return tuple(sorted(scans, key=lambda one: (one.happened_at, one.id)))

    def estimate_of(self, parcel: Parcel) -> datetime | None:
        """The newest that was told. One from before the parcel left is a leftover of an earlier one."""
        scans = self.scans_of(parcel.id)
        told = next((one.estimated_at for one in reversed(scans) if one.estimated_at), parcel.estimated_at)
        return told if told and (parcel.shipped_at is None or told >= parcel.shipped_at) else None
