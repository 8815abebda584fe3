"""Which of the parcels that we know a store means by those that it tells of.

Some stores have no name for a parcel but its number, and the number may come late, move to another place, or
be corrected. A parcel keeps the name under which it was told first, so nobody hears of it twice; what the
store names it later is kept beside it, and known again. The answer is the same whichever of two states is
told first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.commerce import Parcel, ParcelStatus

# Of parcels that were stored before it was kept how the store names them.
_UNNUMBERED = ":completed"


def as_known(known: Sequence[Parcel], told: Sequence[Parcel], *, all_of_it: bool) -> tuple[Parcel, ...]:
    """Those told, under the names that they have with us. All are of one order; `all_of_it`: there are no
    others."""
    if not any(one.nameless or one.own_name for one in (*known, *told)):
        return tuple(told)
    match = _Match(known, told)
    match.by_own_name()
    match.by_number()
    match.by_name_once()
    match.without_number()
    match.first_number()
    match.corrected(all_of_it=all_of_it)
    return tuple(_under(match.found.get(at) or match.fresh(one), one) for at, one in enumerate(told))


def _under(name: str, one: Parcel) -> Parcel:
    return replace(one, id=name, own_name="" if one.nameless or one.id == name else one.id)


class _Match:
    """`found`: by place in `told` the name that we know; `taken`: what is found already, and the number that
    it bears by now."""

    def __init__(self, known: Sequence[Parcel], told: Sequence[Parcel]) -> None:
        self.known, self.told = sorted(known, key=_age), told
        self.names = {one.id for one in known}
        self.found: dict[int, str] = {}
        self.taken: dict[str, str] = {}

    def by_own_name(self) -> None:
        """What is called off takes with it only what never had another name: the number may be in use."""
        other = {held.own_name: held.id for held in self.known if held.own_name}
        for at, one in enumerate(self.told):
            if not one.nameless and one.id in self.names:
                self._is(at, one.id)
            elif one.id in other and one.status is not ParcelStatus.CANCELLED:
                self._is(at, other[one.id])

    def by_number(self) -> None:
        """Of two that the store names itself each is one, also with the same number. Who bears another number
        by now is nobody of the number of before."""
        over = {one.id for one in self.told if one.status is ParcelStatus.CANCELLED}
        for at, one in self._open():
            same = [
                held
                for held in self.known
                if _number(one) == _number(held) != ""
                and held.status is not ParcelStatus.CANCELLED
                and held.id not in over
                and self.taken.get(held.id) in (None, "", _number(one))
                and (one.nameless or (held.nameless and held.id not in self.taken))
            ]
            if same:
                self._is(at, min(same, key=lambda held: self._doubt(held, one)).id)

    def _doubt(self, held: Parcel, one: Parcel) -> tuple[bool, bool, bool]:
        return held.id != one.id, held.vanished, held.id in self.taken

    def by_name_once(self) -> None:
        """Its number was another when it was told first, and an old message comes late, or it is that one
        again."""
        for at, one in self._open():
            if one.nameless and one.id in self.names and one.id not in self.taken:
                self._is(at, one.id)

    def without_number(self) -> None:
        """That something left says the same as the first of the parcels that left."""
        for at, one in self._open():
            left = self._left()
            if one.nameless and not _number(one) and left:
                self._is(at, left[0].id)

    def first_number(self) -> None:
        """That something left was told before anything else: what is told first of it by a number, or by a
        name, is that."""
        bare = [
            held
            for held in self._left()
            if not _number(held) and (held.nameless or (held.id.endswith(_UNNUMBERED) and not held.own_name))
        ]
        for held, (at, _) in zip(bare, self._open(), strict=False):
            self._is(at, held.id)

    def corrected(self, *, all_of_it: bool) -> None:
        """As many are gone as there are new ones: they are the same parcels. Of two that the store names
        itself each is one."""
        left, fresh = self._left(), self._open()
        late = all(one.version < held.version for held in left for _, one in fresh)
        if len(left) != len(fresh) or not (all_of_it or late):
            return
        for held, (at, one) in zip(left, fresh, strict=True):
            if (one.nameless or held.nameless) and _share(one, held):
                self._is(at, held.id)

    def fresh(self, one: Parcel) -> str:
        """Its number may be the one that another bore once."""
        name, more = one.id, 1
        while one.nameless and name in self.names:
            more += 1
            name = f"{one.id}:{more}"
        return name

    def _is(self, at: int, name: str) -> None:
        self.found[at] = name
        self.taken[name] = _number(self.told[at])

    def _open(self) -> list[tuple[int, Parcel]]:
        """Those told that are not found yet, the oldest first."""
        rest = [(at, one) for at, one in enumerate(self.told) if at not in self.found and _lives(one)]
        return sorted(rest, key=lambda found: _age(found[1]))

    def _left(self) -> list[Parcel]:
        return [held for held in self.known if held.id not in self.taken and _lives(held)]


def _lives(parcel: Parcel) -> bool:
    return parcel.status is not ParcelStatus.CANCELLED and not parcel.vanished


def _age(parcel: Parcel) -> tuple[float, str]:
    return parcel.shipped_at.timestamp() if parcel.shipped_at else float("inf"), parcel.id


def _number(parcel: Parcel) -> str:
    """Blanks are how somebody wrote it."""
    return "".join(parcel.tracking_number.split())


def _share(one: Parcel, other: Parcel) -> bool:
    """Whether the same may be inside."""
    inside = {line.line_id for line in one.lines}, {line.line_id for line in other.lines}
    return not all(inside) or not inside[0].isdisjoint(inside[1])
