"""How much a store is asked for at once, and how long it rests in between. Many run on a host that hardly
serves their shoppers."""

from __future__ import annotations

from dataclasses import dataclass, replace

SIZES = (100, 50, 25, 10, 5, 1)
# Seconds of an answer.
SLOW = 5.0
QUICK = 1.5
# So many good pages after a breakdown, and more is tried again.
CALM = 20
LONGEST_REST = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """`size` entries are asked for at once, `most` at the most; `good` pages came since that was found."""

    size: int = SIZES[0]
    most: int = SIZES[0]
    good: int = 0

    def after(self, seconds: float) -> Pace:
        """A page came, and took so long."""
        calm = self.good + 1 >= CALM
        most = _larger(self.most) if calm else self.most
        good = 0 if calm else self.good + 1
        if seconds > SLOW:
            return Pace(smaller(self.size) or self.size, most, good)
        return Pace(min(_larger(self.size), most) if seconds < QUICK else self.size, most, good)

    def after_breakdown(self) -> Pace | None:
        """It was too much; None: less cannot be asked for."""
        less = smaller(self.size)
        return None if less is None else Pace(less, less)

    def at_most(self, size: int) -> Pace:
        return replace(self, size=min(self.size, size), most=min(self.most, size))


def rest(seconds: float) -> float:
    """Half of the time the store is free of us."""
    return min(seconds, LONGEST_REST)


def smaller(size: int) -> int | None:
    return next((less for less in SIZES if less < size), None)


def _larger(size: int) -> int:
    return next((more for more in reversed(SIZES) if more > size), SIZES[0])
