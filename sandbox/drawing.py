"""Flat drawing for both shops' pictures: shapes and curves on a plain plate, light from the left.

Coordinates are for a square of 100 by 100, y downwards; wider sheets only have more of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Edges = tuple[float, float, float, float]

SIDE = 720
# Drawn larger and shrunk, so that edges come out smooth.
_FINER = 2


class Sheet:
    """A picture to put flat shapes on. `moved` is the same sheet with another place and size for what
    is drawn through it."""

    def __init__(self, plate: str, wide: float = 100, high: float = 100, side: int = SIDE) -> None:
        self._size = (round(side * wide / 100), round(side * high / 100))
        self._image = Image.new("RGB", (self._size[0] * _FINER, self._size[1] * _FINER), plate)
        self._unit = side * _FINER / 100
        self._place: Point = (0.0, 0.0)

    def moved(self, x: float, y: float, size: float = 1.0) -> Sheet:
        other = object.__new__(Sheet)
        other._size, other._image = self._size, self._image
        other._unit = self._unit * size
        other._place = (self._place[0] + x * self._unit, self._place[1] + y * self._unit)
        return other

    def shape(self, points: Sequence[Point], colour: str) -> None:
        self._pen().polygon(self._points(points), colour)

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: str, round_by: float = 0
    ) -> None:
        (x, y), (to_x, to_y) = self._points([(left, top), (right, bottom)])
        self._pen().rounded_rectangle((x, y, to_x, to_y), round_by * self._unit, colour)

    def disc(self, x: float, y: float, across: float, colour: str, high: float = 0) -> None:
        self._pen().ellipse(self._edges(x, y, across, high), colour)

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """With round ends."""
        self._pen().line(self._points(points), colour, round(width * self._unit), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width, colour)

    def shadow(self, x: float, y: float, across: float, high: float = 5.0, dark: float = 0.16) -> None:
        """On the ground below a thing, soft at its edge."""
        self._veil(self._edges(x, y, across, high), dark, "#2b2118", 1.1)

    def glow(self, x: float, y: float, across: float, colour: str, strength: float = 0.5) -> None:
        """Light on the wall: two flat rings, the inner one stronger."""
        self._veil(self._edges(x, y, across), 0.5 * strength, colour, 0.15)
        self._veil(self._edges(x, y, across * 0.68), 0.7 * strength, colour, 0.15)

    def shade(self, silhouette: Sequence[Point], part: Sequence[Point], colour: str, strength: float) -> None:
        """`colour` over that `part` that lies within the silhouette."""
        points, cut = self._points(silhouette), self._points(part)
        area = _around(points)
        whole, there = _mask(points, 255, area), _mask(cut, round(255 * strength), area)
        self._image.paste(colour, area[:2], ImageChops.multiply(whole, there))

    @contextmanager
    def inside(self, silhouette: Sequence[Point]) -> Iterator[None]:
        """What is drawn in here shows within the silhouette only."""
        before = self._image.copy()
        yield
        inner = _mask(self._points(silhouette), 255, (0, 0, *self._image.size))
        self._image.paste(before, (0, 0), ImageChops.invert(inner))

    def image(self) -> Image.Image:
        return self._image.resize(self._size, Image.Resampling.LANCZOS)

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image().save(out, "PNG", optimize=True)
        return out.getvalue()

    def _veil(self, edges: Edges, strength: float, colour: str, soft: float) -> None:
        left, top, right, bottom = edges
        blur = soft * self._unit
        margin = round(3 * blur)
        mask = Image.new("L", (round(right - left) + 2 * margin, round(bottom - top) + 2 * margin), 0)
        inner = (margin, margin, margin + right - left, margin + bottom - top)
        ImageDraw.Draw(mask).ellipse(inner, round(255 * strength))
        place = (round(left) - margin, round(top) - margin)
        self._image.paste(colour, place, mask.filter(ImageFilter.GaussianBlur(blur)))

    def _pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self._image)

    def _points(self, points: Sequence[Point]) -> list[Point]:
        left, top = self._place
        return [(left + x * self._unit, top + y * self._unit) for x, y in points]

    def _edges(self, x: float, y: float, across: float, high: float = 0) -> Edges:
        half, tall = across / 2, (high or across) / 2
        (left, top), (right, bottom) = self._points([(x - half, y - tall), (x + half, y + tall)])
        return left, top, right, bottom


def _around(points: Sequence[Point]) -> tuple[int, int, int, int]:
    across, down = [x for x, _ in points], [y for _, y in points]
    return int(min(across)) - 1, int(min(down)) - 1, int(max(across)) + 2, int(max(down)) + 2


def _mask(points: Sequence[Point], strength: int, area: tuple[int, int, int, int]) -> Image.Image:
    """Of that area of the sheet."""
    left, top, right, bottom = area
    mask = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], strength)
    return mask


def curve(start: Point, first: Point, second: Point, end: Point, steps: int = 28) -> list[Point]:
    """A cubic curve that leaves `start` towards `first` and arrives at `end` from `second`."""
    corners, points = (start, first, second, end), []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(weight * point[axis] for weight, point in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        points.append((x, y))
    return points


def mixed(first: str, second: str, part: float) -> str:
    """`first` with `part` (0 to 1) of `second` in it."""
    pairs = [(int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (other - one) * part):02x}" for one, other in pairs)


def darker(colour: str, part: float = 0.14) -> str:
    return mixed(colour, "#1c120a", part)


def lighter(colour: str, part: float = 0.18) -> str:
    return mixed(colour, "#ffffff", part)
