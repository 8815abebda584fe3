"""The parcels of one order as they are with us, while a store tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.services.merging import merge_parcels
from app.services.same_parcels import as_known
from flows.commerce import Parcel


@dataclass(slots=True)
class OrderParcels:
    """`held`: by the name that each has with us. `newest`: of the states of the order that we know."""

    held: dict[str, Parcel] = field(default_factory=dict)
    newest: datetime | None = None

    def hear(self, told: Sequence[Parcel], state: datetime | None, *, all_of_it: bool) -> None:
        """`state`: the version of the order that came with them. `all_of_it`: there are no others."""
        meant = as_known(tuple(self.held.values()), told, all_of_it=all_of_it)
        for parcel in meant:
            one = self.held.get(parcel.id)
            self.held[parcel.id] = self._new(parcel) if one is None else merge_parcels(one, parcel)
        if state is None:
            return
        if all_of_it:
            self._without({parcel.id for parcel in meant}, state)
        self.newest = max(state, self.newest or state)

    def _new(self, parcel: Parcel) -> Parcel:
        """A state that is newer than the one that tells of it did not name it any more."""
        stale = parcel.nameless and self.newest is not None and parcel.version < self.newest
        return replace(parcel, vanished=True) if stale else parcel

    def _without(self, kept: set[str], state: datetime) -> None:
        """Where a store names all parcels of an order, one that it no longer names never arrives; it comes
        back when a later reading names it again."""
        for name, parcel in self.held.items():
            if name not in kept and parcel.version <= state and not parcel.vanished:
                self.held[name] = replace(parcel, vanished=True, version=state)
