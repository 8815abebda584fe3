"""The sign on the label of each roast, around (50, 49)."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.drawing import Sheet, curve, darker, mixed

Colours = tuple[str, str]


def _ferry(sheet: Sheet, colours: Colours) -> None:
    paper, detail = colours
    sheet.disc(57, 43, 7, detail)
    sheet.box(44, 46, 55, 51, paper, 0.6)
    sheet.box(48, 41, 51.5, 46.5, paper, 0.5)
    for x in (45.5, 48.5, 51.5):
        sheet.box(x, 47.5, x + 1.5, 49.2, "#fbf6ea", 0.3)
    sheet.shape([(38.5, 51), (61.5, 51), (57.5, 56.5), (42.5, 56.5)], paper)
    for y in (58.2, 60):
        for x in (38, 46, 54):
            wave = curve((x, y), (x + 2, y - 1.6), (x + 5, y + 1.6), (x + 8, y))
            sheet.line(wave, 0.7, mixed(paper, "#fbf6ea", 0.35))


def _ember(sheet: Sheet, colours: Colours) -> None:
    paper, detail = colours
    flame = [
        *curve((50, 39), (60, 46), (60, 58), (50, 59.5)),
        *curve((50, 59.5), (40, 58), (42, 50), (46, 47)),
        *curve((46, 47), (47, 51), (50, 49), (50, 39)),
    ]
    heart = [
        *curve((50.5, 48), (55, 52), (54, 57), (50, 57.5)),
        *curve((50, 57.5), (46, 56), (48, 52), (50.5, 48)),
    ]
    sheet.shape(flame, paper)
    sheet.shape(heart, darker(detail, 0.04))


def _orchard(sheet: Sheet, colours: Colours) -> None:
    paper, detail = colours
    for x in (46.8, 53.2):
        sheet.disc(x, 51, 12.5, paper, 14)
    sheet.disc(50, 54, 12, paper, 11)
    sheet.line([*curve((50, 46), (50, 43), (51, 41), (52.5, 40))], 1.1, "#5b4028")
    leaf = [*curve((52, 43), (54, 38), (59, 38), (61, 40)), *curve((61, 40), (59, 44), (55, 45), (52, 43))]
    sheet.shape(leaf, detail)


def _grass(sheet: Sheet, colours: Colours) -> None:
    paper, _ = colours
    for lean, tone in ((-9, 0.0), (-4.5, 0.35), (0, 0.0), (4.5, 0.35), (9, 0.0)):
        tip = (50 + lean * 1.3, 40 + abs(lean) * 0.7)
        blade = [*curve((48.8 + lean * 0.3, 60), (49 + lean * 0.4, 52), (49.5 + lean, 46), tip),
                 *curve(tip, (51 + lean, 47), (51 + lean * 0.4, 53), (51.2 + lean * 0.3, 60))]  # fmt: skip
        sheet.shape(blade, mixed(paper, "#fbf6ea", tone))


def _night(sheet: Sheet, colours: Colours) -> None:
    paper, detail = colours
    sheet.disc(49, 49.5, 18, paper)
    sheet.disc(53.5, 46.5, 15, "#fbf6ea")
    for x, y, across in ((55, 45, 2.2), (59, 51, 1.5), (53, 52, 1.2)):
        sheet.disc(x, y, across, darker(detail, 0.12))


def _pine(sheet: Sheet, colours: Colours) -> None:
    paper, _ = colours
    for step in range(3):
        top, half = 39 + 5 * step, 5 + 2 * step
        sheet.shape([(50, top), (50 + half, top + 8), (50 - half, top + 8)], paper)
    sheet.box(48.8, 57, 51.2, 60.5, paper)


EMBLEMS: dict[str, Callable[[Sheet, Colours], None]] = {
    "early-ferry": _ferry,
    "ember-yard": _ember,
    "little-orchard": _orchard,
    "tall-grass": _grass,
    "night-shelf": _night,
    "every-month": _pine,
}
