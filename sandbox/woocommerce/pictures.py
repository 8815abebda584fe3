"""The product pictures of Larkhus: flat shapes on a plain ground, drawn when first asked for."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

SIDE = 720
# Drawn larger and shrunk, so that edges come out smooth. Coordinates below are for a side of 100.
_SCALE = 2
_UNIT = SIDE * _SCALE / 100

Point = tuple[float, float]


class Sheet:
    """A square picture to put flat shapes on."""

    def __init__(self, ground: str) -> None:
        self._image = Image.new("RGB", (SIDE * _SCALE, SIDE * _SCALE), ground)
        self._pen = ImageDraw.Draw(self._image)

    def shape(self, points: list[Point], colour: str) -> None:
        self._pen.polygon([(x * _UNIT, y * _UNIT) for x, y in points], colour)

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: str, round_by: float = 0
    ) -> None:
        edges = (left * _UNIT, top * _UNIT, right * _UNIT, bottom * _UNIT)
        self._pen.rounded_rectangle(edges, round_by * _UNIT, colour)

    def disc(self, x: float, y: float, across: float, colour: str, high: float = 0) -> None:
        half, tall = across / 2, (high or across) / 2
        edges = ((x - half) * _UNIT, (y - tall) * _UNIT, (x + half) * _UNIT, (y + tall) * _UNIT)
        self._pen.ellipse(edges, colour)

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


def _lampshade() -> Sheet:
    sheet = Sheet("#efe6d6")
    sheet.disc(50, 57, 70, "#f4ead2")
    sheet.disc(50, 57, 52, "#f8efd6")
    sheet.box(49.4, 0, 50.6, 30, "#4a4036")
    sheet.box(46.5, 27, 53.5, 34, "#4a4036", 1.5)
    sheet.disc(50, 67.5, 13, "#fff8e2", 12)
    sheet.shape([(38, 34), (62, 34), (76, 66), (24, 66)], "#d8b98a")
    for left, right in ((38, 24), (44.8, 38.9), (51.7, 53.8)):
        sheet.shape([(left, 34), (left + 3.4, 34), (right + 7.4, 66), (right, 66)], "#e3c99f")
    sheet.box(23, 65, 77, 67.4, "#a9814f", 1.2)
    return sheet


def _bulbs() -> Sheet:
    sheet = Sheet("#dfe7ea")
    lights = (25, "#f3dcae", "#ffd27a"), (50, "#f7e6c4", "#ffe3a6"), (75, "#e6ecf3", "#c9dcf2")
    for x, glow, glass in lights:
        sheet.disc(x, 42, 27, glow)
        sheet.disc(x, 42, 18, glass)
        sheet.shape([(x - 6.6, 48), (x + 6.6, 48), (x + 4, 56), (x - 4, 56)], glass)
        sheet.box(x - 4, 56, x + 4, 64, "#7b858d", 1)
        for y in (58, 60.5):
            sheet.box(x - 4, y, x + 4, y + 0.8, "#5d666d")
    sheet.box(28, 74, 72, 84, "#ffffff", 3)
    sheet.disc(34, 79, 3, "#3f8f6b")
    sheet.box(40, 78.4, 66, 79.6, "#c9d1d6", 0.6)
    return sheet


def _table_lamp() -> Sheet:
    sheet = Sheet("#e9dfd8")
    sheet.box(0, 78, 100, 100, "#cdbfb3")
    sheet.disc(50, 41, 62, "#f3e6d4")
    sheet.disc(50, 41, 42, "#fff3d9")
    sheet.disc(46, 36, 22, "#fffaf0")
    sheet.shape([(45, 60), (55, 60), (60, 79), (40, 79)], "#a87c4f")
    sheet.shape([(45, 60), (48, 60), (45, 79), (40, 79)], "#bd9163")
    sheet.disc(50, 79, 26, "#8f673e", 6)
    sheet.disc(50, 78, 26, "#a87c4f", 5)
    return sheet


def _sideboard() -> Sheet:
    sheet = Sheet("#dde3da")
    sheet.box(0, 76, 100, 100, "#c3ccbd")
    for x in (17, 79):
        sheet.shape([(x, 68), (x + 4, 68), (x + 3, 82), (x + 1, 82)], "#7d5a38")
    sheet.box(12, 42, 88, 70, "#b98a57", 1)
    sheet.box(12, 42, 88, 45, "#cda06c", 1)
    for left, right in ((14, 37.5), (38.5, 61.5), (62.5, 86)):
        sheet.box(left, 46.5, right, 68, "#c29561", 0.6)
    sheet.box(38.5, 56.6, 61.5, 57.4, "#b98a57")
    for knob in ((34.5, 57.0), (65.5, 57.0), (50.0, 51.5), (50.0, 62.5)):
        sheet.disc(*knob, 1.8, "#6b4a2b")
    sheet.shape([(22, 42), (30, 42), (29, 31), (23, 31)], "#4d6b62")
    for lean in (-7, 0, 7):
        sheet.shape([(25.4, 32), (26.6, 32), (27 + lean, 14 + abs(lean) / 2), (26 + lean, 14)], "#6c8b74")
    sheet.box(66, 34, 80, 36.8, "#8b5e4a", 0.5)
    sheet.box(67.5, 36.8, 82, 39.4, "#3f5563", 0.5)
    sheet.box(66, 39.4, 79, 42, "#c8a24a", 0.5)
    return sheet


def _blanket() -> Sheet:
    sheet = Sheet("#e8e4e1")
    folded = (60, "#b9bcc0", "#a4a8ad"), (45, "#b5643f", "#9e5534"), (30, "#3f5f50", "#345144")
    for top, light, dark in folded:
        sheet.box(19, top, 81, top + 14, light, 4)
        sheet.box(19, top + 7.6, 81, top + 9, dark)
        sheet.box(19, top + 3.4, 81, top + 4.4, dark)
        sheet.disc(79.5, top + 7, 6, dark, 14)
        sheet.disc(79.5, top + 7, 2.6, light, 8)
        for x in range(21, 76, 3):
            sheet.box(x, top + 13.4, x + 0.9, top + 16, light, 0.4)
    sheet.box(19, 76, 81, 76.8, "#d3cdc8", 0.4)
    return sheet


def _candles() -> Sheet:
    sheet = Sheet("#2f3640")
    for x, top in ((24, 40), (37, 30), (50, 36), (63, 28), (76, 42)):
        sheet.disc(x, top - 7, 17, "#3d4149")
        sheet.disc(x, top - 6.5, 10, "#57503f")
        sheet.shape([(x, top - 12), (x + 2.4, top - 5), (x, top - 2), (x - 2.4, top - 5)], "#ffc857")
        sheet.disc(x, top - 4.4, 2.4, "#fff2c4", 3.6)
        sheet.box(x - 0.3, top - 3, x + 0.3, top, "#1d2127")
        sheet.box(x - 4, top, x + 4, 78, "#e2b455", 1)
        sheet.box(x - 4, top, x - 1.4, 78, "#edc774", 1)
    sheet.box(14, 77, 86, 82, "#8b6a48", 1)
    return sheet


_DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "linen-lampshade": _lampshade,
    "smart-bulb-set": _bulbs,
    "orbit-table-lamp": _table_lamp,
    "tide-sideboard": _sideboard,
    "heather-blanket": _blanket,
    "beeswax-candles": _candles,
}


@cache
def picture(slug: str) -> bytes | None:
    """A PNG; None where no such picture exists."""
    return _DRAWINGS[slug]().png() if slug in _DRAWINGS else None
