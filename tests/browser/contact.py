"""Contact sheets: all shots of a group on one picture, small enough for the docs."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SHEETS = Path("docs/screens")
ALL_TOGETHER = 5_000_000  # bytes of all sheets of the project
WRITES_DOCS = os.environ.get("DOORSTEP_SCREENS") == "docs"
_SHRUNK = 0.42
_TALLEST, _GAP, _CAPTION, _WIDE = 620, 20, 38, 1_680
_PAPER, _INK, _EDGE = "#f1f2f4", "#1a1d21", "#cfd4da"
_FRAME_HEIGHT, _FRAME_GAP = 274, 6


@dataclass(frozen=True)
class Frame:
    """One step of a story: its line of words, and what was seen, side by side."""

    caption: str
    shots: tuple[Path, ...]


def sheet(group: str, shots: Sequence[Path]) -> Path:
    """Rows of shots, each beneath its name, cut where it gets too tall."""
    return _printed(group, [(_caption(shot.stem), _small(shot)) for shot in shots])


def filmstrip(group: str, frames: Sequence[Frame]) -> Path:
    """A story from left to right and row by row, its steps numbered."""
    tiles = [(f"{n}. {frame.caption}", _strip_of(frame.shots)) for n, frame in enumerate(frames, 1)]
    return _printed(group, tiles, caption=20)


def _printed(group: str, tiles: Sequence[tuple[str, Image.Image]], caption: int = _CAPTION) -> Path:
    places, height = _placed([tile.size for _, tile in tiles], caption)
    paper = Image.new("RGB", (_WIDE, height), _PAPER)
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(13)
    for (words, tile), (x, y) in zip(tiles, places, strict=True):
        pen.multiline_text((x, y), words, _INK, font, spacing=2)
        paper.paste(tile, (x, y + caption))
        pen.rectangle((x - 1, y + caption - 1, x + tile.width, y + caption + tile.height), outline=_EDGE)
    file = SHEETS / f"{group}.jpg"
    file.parent.mkdir(parents=True, exist_ok=True)
    paper.save(file, quality=68, optimize=True, progressive=True)
    return file


def _caption(stem: str) -> str:
    """In two lines, because a phone's tile is narrow: the page, then "375 dark"."""
    found = re.fullmatch(r"(.+)-(\d+)(-dark)?", stem)
    assert found, stem
    page, width, look = found.groups("")
    return f"{page.replace('_', ' ')[:26]}\n{width}{look.replace('-', ' ')}"


def _small(shot: Path) -> Image.Image:
    with Image.open(shot) as whole:
        size = (round(whole.width * _SHRUNK), round(whole.height * _SHRUNK))
        tile = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    return tile.crop((0, 0, tile.width, min(tile.height, _TALLEST)))


def _strip_of(shots: Sequence[Path]) -> Image.Image:
    """Of one height, whatever the screens' widths."""
    tiles = []
    for shot in shots:
        with Image.open(shot) as whole:
            size = (round(whole.width * _FRAME_HEIGHT / whole.height), _FRAME_HEIGHT)
            tiles.append(whole.convert("RGB").resize(size, Image.Resampling.LANCZOS))
    width = sum(tile.width for tile in tiles) + _FRAME_GAP * (len(tiles) - 1)
    strip, x = Image.new("RGB", (width, _FRAME_HEIGHT), _PAPER), 0
    for tile in tiles:
        strip.paste(tile, (x, 0))
        x += tile.width + _FRAME_GAP
    return strip


def _placed(sizes: Sequence[tuple[int, int]], caption: int) -> tuple[list[tuple[int, int]], int]:
    """Where each tile's caption begins, from left to right and row by row; and the paper's height."""
    places, x, y, row = list[tuple[int, int]](), _GAP, _GAP, 0
    for width, height in sizes:
        if x + width + _GAP > _WIDE and x > _GAP:
            x, y, row = _GAP, y + row + caption + _GAP, 0
        places.append((x, y))
        x, row = x + width + _GAP, max(row, height)
    return places, y + row + caption + _GAP
