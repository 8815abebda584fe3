"""The product pictures of Larkhus, drawn when first asked for."""

from __future__ import annotations

from functools import cache

from sandbox.drawing import Sheet
from sandbox.woocommerce import home_drawings

WINDOW = "larkhus-window"


@cache
def picture(slug: str) -> bytes | None:
    """A PNG; None where no such picture exists."""
    if slug == WINDOW:
        return home_drawings.window().png()
    if slug not in home_drawings.DRAWINGS:
        return None
    sheet = Sheet(home_drawings.PLATE)
    home_drawings.DRAWINGS[slug](sheet)
    return sheet.png()
