"""How the things of a coffee roaster are drawn. Everything stands on a ground at 84."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbox.drawing import Point, Sheet, curve, darker, lighter, mixed
from sandbox.shopify.coffee_emblems import EMBLEMS

PLATE = "#f2eadb"
_WALNUT = "#9a6a43"
_COFFEE = "#3f271b"
_CREAM = "#fbf6ea"
_GROUND = 84.0

Colours = tuple[str, str]


def bag(sheet: Sheet, colours: Colours, slug: str) -> None:
    """Stands full, folded over at its top; every roast has an emblem of its own on the label."""
    paper, detail = colours
    sheet.shadow(52, _GROUND, 58)
    body = [
        *curve((31, 20), (30, 40), (26, 60), (27, 82)), *curve((27, 82), (38, 85.5), (62, 85.5), (73, 82)),
        *curve((73, 82), (74, 60), (70, 40), (69, 20)),
    ]  # fmt: skip
    sheet.shape(body, paper)
    sheet.shade(body, [(61, 15), (80, 15), (80, 90), (65, 90)], "#1c120a", 0.16)
    sheet.shade(body, [(20, 15), (34, 15), (32.5, 90), (20, 90)], "#ffffff", 0.1)
    sheet.box(30, 13, 70, 22, darker(paper, 0.22), 1.2)
    sheet.box(30, 13, 70, 14.2, lighter(paper, 0.12), 0.6)
    sheet.box(25.5, 16.8, 74.5, 19.2, detail, 1.2)
    label = [
        *curve((35.5, 36), (45, 37), (55, 37), (64.5, 36)),
        *curve((65.5, 70), (55, 71), (45, 71), (34.5, 70)),
    ]
    sheet.shape(label, _CREAM)
    sheet.shade(label, [(60, 30), (70, 30), (70, 75), (62, 75)], "#1c120a", 0.06)
    EMBLEMS[slug](sheet, colours)
    sheet.box(41, 62.5, 59, 63.7, mixed(paper, _CREAM, 0.25), 0.6)
    sheet.box(44.5, 65.5, 55.5, 66.5, mixed(paper, _CREAM, 0.55), 0.5)
    sheet.disc(50, 28.5, 4, darker(paper, 0.2))
    sheet.disc(50, 28.5, 1.3, lighter(paper, 0.1))


def mug(sheet: Sheet, colours: Colours, slug: str) -> None:
    """Two glazes, the upper one run down in places."""
    clay, glaze = colours
    sheet.shadow(50, _GROUND, 56)
    sheet.line([*curve((63, 48), (82, 44), (82, 72), (62, 70))], 6, darker(clay, 0.12))
    body = [
        (27, 38),
        *curve((27.5, 60), (28, 78), (30, 83), (36, 84)),
        *curve((58, 84), (64, 83), (66, 78), (67, 38)),
    ]  # fmt: skip
    sheet.shape(body, clay)
    with sheet.inside(body):
        sheet.shape([(20, 30), (75, 30), *_wave(67, 27, 56, 2.6)], glaze)
        for x, y in ((34, 70), (41, 76), (52, 72), (59, 78), (46, 66.5), (36, 79), (57, 67), (62, 73)):
            sheet.disc(x, y, 0.8, darker(clay, 0.35))
    sheet.shade(body, [(57, 30), (75, 30), (75, 90), (55, 90)], "#1c120a", 0.13)
    sheet.shade(body, [(29, 44), (32.5, 44), (34, 80), (31.5, 80)], "#ffffff", 0.22)
    sheet.disc(47, 38, 40, lighter(glaze, 0.35), 9)
    sheet.disc(47, 38.6, 35.5, _COFFEE, 6.6)
    sheet.disc(44, 38, 22, "#5b3826", 3.4)
    for x in (41, 50):
        steam = [*curve((x, 29), (x - 5, 24), (x + 5, 20), (x, 13))]
        sheet.line(steam, 1.3, "#ffffff")


def grinder(sheet: Sheet, colours: Colours, slug: str) -> None:
    steel, wood = colours
    sheet.shadow(50, _GROUND, 44)
    sheet.box(47.8, 17, 51.8, 34, lighter(steel, 0.3), 1.5)
    sheet.line([(49.8, 18), (76, 14)], 3, lighter(steel, 0.22))
    sheet.line([(76, 14), (76, 9)], 1.6, darker(steel))
    sheet.disc(76, 7.5, 8.5, wood)
    sheet.disc(74.5, 6.2, 3, lighter(wood, 0.25))
    head = [*curve((36, 33), (36, 29), (64, 29), (64, 33)), (65, 56), (35, 56)]
    sheet.shape(head, steel)
    for x in range(39, 63, 4):
        sheet.box(x, 35, x + 1.4, 53, lighter(steel, 0.16), 0.7)
    sheet.shade(head, [(57, 25), (70, 25), (70, 60), (57, 60)], "#1c120a", 0.2)
    sheet.box(33.5, 55, 66.5, 61.5, wood, 1.6)
    sheet.box(33.5, 55, 66.5, 57, lighter(wood, 0.2), 1)
    jar = [(36, 61.5), (64, 61.5), *curve((64.5, 80), (64, 84), (60, 84), (58, 84)),
           *curve((42, 84), (40, 84), (36, 84), (35.5, 80))]  # fmt: skip
    sheet.shape(jar, lighter(steel, 0.14))
    sheet.shade(jar, [(56, 60), (70, 60), (70, 90), (56, 90)], "#1c120a", 0.2)
    sheet.shade(jar, [(38.5, 64), (41, 64), (41, 81), (38.5, 81)], "#ffffff", 0.28)
    for x, y in ((14, 82), (20, 83.5), (80, 83), (85, 81.5)):
        _bean(sheet, x, y)


def kettle(sheet: Sheet, colours: Colours, slug: str) -> None:
    enamel, detail = colours
    sheet.shadow(52, _GROUND, 62)
    spout = [*curve((38, 76), (18, 74), (27, 40), (14, 34)), (10, 34.5)]
    sheet.line(spout, 3.6, darker(enamel, 0.08))
    handle = [*curve((64, 40), (88, 32), (92, 52), (86, 74))]
    sheet.line(handle, 4.4, _WALNUT)
    sheet.line(handle[:7], 4.6, darker(enamel, 0.3))
    body = [
        *curve((41, 38), (47, 36), (57, 36), (63, 38)), *curve((67, 54), (71, 70), (73, 80), (71, 84)),
        *curve((60, 85), (44, 85), (36, 84), (33, 84)), *curve((31, 80), (33, 70), (37, 54), (41, 38)),
    ]  # fmt: skip
    sheet.shape(body, enamel)
    sheet.shade(body, [(59, 30), (80, 30), (80, 90), (63, 90)], "#1c120a", 0.16)
    sheet.shade(body, [(42.5, 40), (45.5, 40), (41, 80), (37, 80)], "#ffffff", 0.2)
    sheet.box(40, 36, 64, 39.4, darker(enamel, 0.25), 1.6)
    lid = [*curve((42.5, 36), (44, 28), (60, 28), (61.5, 36))]
    sheet.shape(lid, enamel)
    sheet.shade(lid, [(55, 25), (65, 25), (65, 40), (55, 40)], "#1c120a", 0.16)
    sheet.box(50.6, 24, 53.4, 30.5, darker(enamel, 0.3), 0.8)
    sheet.disc(52, 22.5, 6, _WALNUT)
    sheet.disc(51, 21.5, 2.2, lighter(_WALNUT, 0.3))
    sheet.disc(52, 66, 13, detail)
    for x, y in ((47, 66), (48.5, 62.4), (52, 61), (55.5, 62.4), (57, 66)):
        sheet.disc(x, y, 0.9, mixed(enamel, detail, 0.3))
    sheet.line([(52, 66.5), (55, 63.6)], 1.2, darker(enamel, 0.35))


def gift(sheet: Sheet, colours: Colours, slug: str) -> None:
    paper, ribbon = colours
    sheet.shadow(50, _GROUND, 70)
    box = [(22, 46), (78, 46), (76, 84), (24, 84)]
    sheet.shape(box, paper)
    sheet.shade(box, [(62, 40), (80, 40), (80, 90), (62, 90)], "#1c120a", 0.14)
    for x in (29, 37, 63, 71):
        for y in (58, 68, 78):
            sheet.disc(x + (2 if y == 68 else 0), y, 1.4, lighter(paper, 0.28))
    sheet.box(46, 46, 54, 84, ribbon)
    sheet.box(19, 37, 81, 49, lighter(paper, 0.12), 1.4)
    sheet.shade(
        [(19, 37), (81, 37), (81, 49), (19, 49)], [(64, 30), (85, 30), (85, 55), (64, 55)], "#1c120a", 0.12
    )
    sheet.box(45.5, 37, 54.5, 49, lighter(ribbon, 0.25))
    for side in (-1, 1):
        loop = _bow(side, ((0, 37), (6, 20), (30, 18), (22, 30), (16, 37), (6, 37)))
        sheet.shape(loop, ribbon if side < 0 else darker(ribbon, 0.1))
        inside = _bow(side, ((4, 35), (9, 25), (22, 23), (18, 29), (14, 34), (8, 35)))
        sheet.shape(inside, darker(ribbon, 0.32))
    sheet.box(46, 32, 54, 39, lighter(ribbon, 0.1), 2)
    sheet.line([(54, 40), (62, 56)], 0.7, _WALNUT)
    tag = [(59, 55), (65, 53.5), (71, 68), (62, 71)]
    sheet.shape(tag, _CREAM)
    sheet.disc(62.8, 57, 1.4, _WALNUT)
    sheet.line([(63.5, 62), (67, 61)], 0.7, mixed(paper, _CREAM, 0.3))
    sheet.line([(64.5, 65), (67.5, 64.2)], 0.7, mixed(paper, _CREAM, 0.3))


def every_month(sheet: Sheet, colours: Colours, slug: str) -> None:
    """A calendar, and the bag of its first Tuesday in front of it."""
    cover, mark = colours
    sheet.shadow(50, _GROUND, 74)
    sheet.box(16, 24, 68, 84, "#ffffff", 3)
    sheet.box(16, 24, 68, 38, cover, 3)
    sheet.box(16, 34, 68, 38, cover)
    for x in (28, 42, 56):
        sheet.box(x - 1.2, 19, x + 1.2, 29, darker(cover, 0.35), 1.2)
    for place in range(20):
        left, top = 20.5 + 9.2 * (place % 5), 43 + 9.8 * (place // 5)
        sheet.box(
            left, top, left + 6.4, top + 6.4, mark if place == 1 else mixed(PLATE, "#ffffff", 0.35), 1.4
        )
    bag(sheet.moved(43, 33.6, 0.6), (cover, mark), "every-month")


def window() -> Sheet:
    """The table by the window: hills with pines outside, what is needed for a good cup inside."""
    sheet = Sheet("#efe6d4", 133.333, 100, 900)
    sheet.box(22, 8, 112, 78, "#fbf6ea", 3)
    sheet.box(25, 11, 109, 76, "#dfe7dc", 1.5)
    frame = [(25, 11), (109, 11), (109, 76), (25, 76)]
    with sheet.inside(frame):
        sheet.disc(46, 28, 22, "#f6e3b4")
        sheet.disc(46, 28, 15, "#f3d58c")
        far = curve((20, 54), (45, 40), (70, 58), (115, 46))
        near = curve((20, 64), (50, 54), (80, 70), (115, 60))
        sheet.shape([*far, (115, 80), (20, 80)], "#b9cbb4")
        sheet.shape([*near, (115, 80), (20, 80)], "#8fab8c")
        for x, y, size in (
            (32.0, 62.0, 1.0),
            (40.0, 64.0, 0.8),
            (78, 61, 0.8),
            (101, 62, 1.1),
            (107, 64, 0.8),
        ):
            _pine(sheet.moved(x, y, size))
    sheet.box(66, 11, 68, 76, "#fbf6ea")
    sheet.box(0, 82, 133.4, 100, "#c99f6e")
    sheet.box(0, 82, 133.4, 84, "#d8b285")
    kettle(sheet.moved(-4, 19, 0.84), ("#2f4f46", "#f0e6d2"), "")
    bag(sheet.moved(51, 15.4, 0.9), ("#a8452f", "#f0d9a6"), "ember-yard")
    mug(sheet.moved(88, 49, 0.5), ("#e2d5bd", "#6f8f80"), "")
    for left, top in ((80, 92), (85, 94), (91, 91.5), (30, 93)):
        _bean(sheet, left, top)
    return sheet


DRAWINGS: dict[str, Callable[[Sheet, Colours, str], None]] = {
    "bag": bag,
    "mug": mug,
    "grinder": grinder,
    "kettle": kettle,
    "box": gift,
    "calendar": every_month,
}


def _wave(right: float, left: float, level: float, high: float) -> list[Point]:
    """From right to left, three runs of glaze of different length."""
    third = (right - left) / 3
    points: list[Point] = []
    for run, deep in enumerate((1.6, 2.6, 1.2)):
        start = right - run * third
        points += curve(
            (start, level - high), (start - third * 0.3, level + high * deep),
            (start - third * 0.7, level + high * deep), (start - third, level - high),
        )  # fmt: skip
    return points


def _bow(side: int, corners: Sequence[Point]) -> list[Point]:
    """One loop of a bow: out along the first two corners, back along the last two."""
    a, b, c, d, e, f = ((50 + side * x, y) for x, y in corners)
    return [*curve(a, b, c, d), *curve(d, e, f, a)]


def _bean(sheet: Sheet, x: float, y: float) -> None:
    sheet.disc(x, y, 4, _COFFEE, 2.7)
    sheet.line([(x - 1.3, y + 0.2), (x, y - 0.2), (x + 1.3, y + 0.2)], 0.4, "#8a6044")


def _pine(sheet: Sheet) -> None:
    sheet.box(-0.8, 0, 0.8, 5, "#6b5138")
    for step in range(3):
        top, half = -22 + 6 * step, 4 + 1.8 * step
        sheet.shape([(0, top), (half, top + 10), (-half, top + 10)], "#3f6650" if step % 2 else "#47705a")
