"""A line of days as an SVG: the server computes its points, the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

HEIGHT, LEFT, TOP, BOTTOM = 190, 36, 12, 28
WIDE, NARROW = (640, 104), (330, 8)  # in all, and what is left for the names at the right


@dataclass(frozen=True, slots=True)
class Chart:
    """`series` and `before` are points of polylines; `ticks`: (height, label) of the lines across;
    `end` and `end_before`: where the last points are, kept apart so that both can be named."""

    series: str
    before: str
    ticks: tuple[tuple[float, int], ...]
    end: tuple[float, float]
    end_label: float
    before_label: float
    width: int
    right: int
    left: int = LEFT
    zero: int = HEIGHT - BOTTOM
    height: int = HEIGHT


def chart(series: Sequence[int], before: Sequence[int], shape: tuple[int, int] = WIDE) -> Chart:
    """`before` is drawn where it has anything to say."""
    width, right = shape[0], shape[0] - shape[1]
    top = nice(max(*series, *before, 1))
    ends = _height(series[-1], top), _height(before[-1], top)
    return Chart(
        series=_line(series, top, right),
        before=_line(before, top, right) if any(before) else "",
        ticks=tuple((_height(value, top), value) for value in (top // 2, top)),
        end=(right, ends[0]),
        end_label=ends[0],
        before_label=_apart(ends[0], ends[1]),
        width=width,
        right=right,
    )


def nice(highest: int) -> int:
    """The top of the scale: even, so that its half is a whole number too."""
    step = 10 ** (len(str(highest)) - 1)
    for part in (0.2, 0.4, 1, 2):
        wide = max(step * part, 1)
        if ceil(highest / wide) <= 5:
            top = int(ceil(highest / wide) * wide)
            return top + top % 2
    return highest + highest % 2


def _line(values: Sequence[int], top: int, right: int) -> str:
    apart = (right - LEFT) / (len(values) - 1)
    return " ".join(f"{LEFT + apart * at:.1f},{_height(value, top):.1f}" for at, value in enumerate(values))


def _height(value: int, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _apart(named: float, other: float) -> float:
    """Where the second label stands, so that it does not lie on the first."""
    if abs(other - named) >= 16:
        return other
    below = named + 16
    return below if below <= HEIGHT - BOTTOM else named - 16
