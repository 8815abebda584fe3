"""The product pictures of Hollow Pine Coffee: drawn once, into the data folder."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from sandbox.drawing import Sheet
from sandbox.shopify import coffee_drawings
from sandbox.shopify.catalogue import CATALOGUE, ProductSeed

WINDOW = "hollow-pine-window"
# Written beside the pictures: a folder of an older drawing is drawn anew.
_EDITION = "2"


def draw_pictures(folder: Path) -> None:
    """Writes <slug>.png for every product, and the shop window's picture, where they are missing or old."""
    folder.mkdir(parents=True, exist_ok=True)
    edition = folder / "edition"
    if edition.exists() and edition.read_text() == _EDITION:
        return
    for product in CATALOGUE:
        _write(folder / f"{product.slug}.png", picture(product))
    _write(folder / f"{WINDOW}.png", coffee_drawings.window().image())
    edition.write_text(_EDITION)


def picture(product: ProductSeed) -> Image.Image:
    sheet = Sheet(coffee_drawings.PLATE)
    # With air around it, so that a page may crop the picture a little.
    coffee_drawings.DRAWINGS[product.drawing](sheet.moved(7, 8, 0.86), product.colours, product.slug)
    return sheet.image()


def _write(target: Path, image: Image.Image) -> None:
    fresh = target.with_suffix(".new")
    image.save(fresh, format="PNG", optimize=True)
    fresh.replace(target)
