"""Draws the product pictures of Hollow Pine Coffee: flat shapes, once, into the data folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from sandbox.shopify.catalogue import CATALOGUE, ProductSeed

SIDE = 600
_SCALE = 2  # drawn larger and shrunk, so that edges are smooth
Pen = ImageDraw.ImageDraw
Colours = tuple[str, str, str]


def draw_pictures(folder: Path) -> None:
    """Writes <slug>.png for every product that has none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for product in CATALOGUE:
        target = folder / f"{product.slug}.png"
        if not target.exists():
            fresh = target.with_suffix(".new")
            picture(product).save(fresh, format="PNG", optimize=True)
            fresh.replace(target)


def picture(product: ProductSeed) -> Image.Image:
    side = SIDE * _SCALE
    image = Image.new("RGB", (side, side), product.colours[0])
    pen = ImageDraw.Draw(image)
    _oval(pen, (130, 480, 470, 530), _mixed(product.colours[0], "#000000", 0.10))
    _DRAWINGS[product.drawing](pen, product.colours)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _bag(pen: Pen, colours: Colours) -> None:
    ground, thing, detail = colours
    _shape(pen, [(190, 150), (410, 150), (430, 505), (170, 505)], thing)
    _shape(pen, [(190, 150), (410, 150), (406, 190), (194, 190)], _mixed(thing, "#000000", 0.25))
    _box(pen, (240, 165, 360, 175), _mixed(thing, "#ffffff", 0.4), 5)
    _box(pen, (222, 265, 378, 425), detail, 14)
    _tree(pen, 300, 290, thing)
    _box(pen, (250, 400, 350, 408), _mixed(thing, ground, 0.3), 4)


def _mug(pen: Pen, colours: Colours) -> None:
    _, thing, detail = colours
    _oval(pen, (370, 265, 490, 415), thing)
    _oval(pen, (395, 292, 463, 388), colours[0])
    _box(pen, (170, 220, 410, 505), thing, 36)
    _box(pen, (170, 220, 410, 330), detail, 36)
    _oval(pen, (170, 195, 410, 255), _mixed(detail, "#ffffff", 0.25))
    _oval(pen, (190, 205, 390, 247), "#4b2e20")


def _grinder(pen: Pen, colours: Colours) -> None:
    _, thing, detail = colours
    _shape(pen, [(295, 130), (430, 105), (434, 121), (300, 148)], _mixed(thing, "#ffffff", 0.2))
    _oval(pen, (410, 80, 462, 136), detail)
    _box(pen, (288, 130, 312, 200), _mixed(thing, "#ffffff", 0.2), 6)
    _box(pen, (215, 190, 385, 350), thing, 22)
    _box(pen, (205, 340, 395, 375), detail, 10)
    _box(pen, (222, 370, 378, 508), _mixed(thing, "#ffffff", 0.15), 22)
    for place in range(5):
        _box(pen, (240 + 27 * place, 210, 248 + 27 * place, 325), _mixed(thing, "#ffffff", 0.18), 3)


def _kettle(pen: Pen, colours: Colours) -> None:
    _, thing, detail = colours
    _line(pen, [(210, 430), (140, 380), (150, 280), (95, 250)], thing, 26)
    _line(pen, [(385, 235), (490, 240), (500, 400), (405, 440)], _mixed(thing, "#000000", 0.35), 26)
    _shape(pen, [(235, 225), (365, 225), (425, 500), (175, 500)], thing)
    _oval(pen, (235, 205, 365, 245), _mixed(thing, "#ffffff", 0.25))
    _oval(pen, (285, 180, 315, 212), _mixed(thing, "#000000", 0.35))
    _oval(pen, (262, 380, 338, 456), detail)
    _line(pen, [(300, 418), (322, 396)], thing, 6)


def _gift(pen: Pen, colours: Colours) -> None:
    _, thing, detail = colours
    _box(pen, (155, 270, 445, 505), thing, 10)
    _box(pen, (140, 225, 460, 290), _mixed(thing, "#ffffff", 0.18), 8)
    _box(pen, (275, 225, 325, 505), detail, 0)
    _oval(pen, (190, 150, 300, 232), detail)
    _oval(pen, (300, 150, 410, 232), detail)
    _oval(pen, (218, 172, 280, 214), colours[0])
    _oval(pen, (320, 172, 382, 214), colours[0])


def _calendar(pen: Pen, colours: Colours) -> None:
    _, thing, detail = colours
    _box(pen, (150, 160, 450, 505), "#ffffff", 22)
    _box(pen, (150, 160, 450, 245), thing, 22)
    _box(pen, (150, 220, 450, 245), thing, 0)
    for place in range(20):
        left, top = 180 + 52 * (place % 5), 268 + 56 * (place // 5)
        _box(pen, (left, top, left + 36, top + 36), detail if place == 6 else colours[0], 8)
    _box(pen, (215, 135, 235, 195), detail, 8)
    _box(pen, (365, 135, 385, 195), detail, 8)


_DRAWINGS: dict[str, Callable[[Pen, Colours], None]] = {
    "bag": _bag,
    "mug": _mug,
    "grinder": _grinder,
    "kettle": _kettle,
    "box": _gift,
    "calendar": _calendar,
}


def _tree(pen: Pen, middle: int, top: int, colour: str) -> None:
    for step in range(3):
        high = top + 24 * step
        _shape(
            pen,
            [(middle, high), (middle - 26 - 6 * step, high + 38), (middle + 26 + 6 * step, high + 38)],
            colour,
        )
    _box(pen, (middle - 5, top + 84, middle + 5, top + 102), colour, 0)


def _box(pen: Pen, corners: tuple[int, int, int, int], colour: str, radius: int) -> None:
    pen.rounded_rectangle([_SCALE * part for part in corners], radius * _SCALE, fill=colour)


def _oval(pen: Pen, corners: tuple[int, int, int, int], colour: str) -> None:
    pen.ellipse([_SCALE * part for part in corners], fill=colour)


def _shape(pen: Pen, points: list[tuple[int, int]], colour: str) -> None:
    pen.polygon([(_SCALE * x, _SCALE * y) for x, y in points], fill=colour)


def _line(pen: Pen, points: list[tuple[int, int]], colour: str, width: int) -> None:
    pen.line([(_SCALE * x, _SCALE * y) for x, y in points], fill=colour, width=width * _SCALE, joint="curve")


def _mixed(first: str, second: str, part: float) -> str:
    """`first` with `part` (0 to 1) of `second` in it."""
    pairs = [(int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (other - one) * part):02x}" for one, other in pairs)
