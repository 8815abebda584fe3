"""A line of days as an SVG: the server computes its points, the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 640, 190
LEFT, RIGHT, TOP, BOTTOM = 36, 104, 12, 28


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
    left: float = LEFT
    right: float = WIDTH - RIGHT
    zero: float = HEIGHT - BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def chart(series: Sequence[int], before: Sequence[int]) -> Chart:
    top = nice(max(*series, *before, 1))
    ends = _height(series[-1], top), _height(before[-1], top)
    return Chart(
        series=_line(series, top),
        before=_line(before, top),
        ticks=tuple((_height(value, top), value) for value in (top // 2, top)),
        end=(WIDTH - RIGHT, ends[0]),
        end_label=ends[0],
        before_label=_apart(ends[0], ends[1]),
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


def _line(values: Sequence[int], top: int) -> str:
    apart = (WIDTH - LEFT - RIGHT) / (len(values) - 1)
    return " ".join(f"{LEFT + apart * at:.1f},{_height(value, top):.1f}" for at, value in enumerate(values))


def _height(value: int, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _apart(named: float, other: float) -> float:
    """Where the second label stands, so that it does not lie on the first."""
    if abs(other - named) >= 16:
        return other
    below = named + 16
    return below if below <= HEIGHT - BOTTOM else named - 16
