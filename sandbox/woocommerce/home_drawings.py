"""How the things of a house are drawn. What stands, stands on a ground at 80; light lies on the wall."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.drawing import Point, Sheet, curve, darker, lighter, mixed

PLATE = "#eef1f1"
_OAK = "#c89a66"
_ASH = "#b98d5e"
_IRON = "#2b333b"
_WARM = "#ffe2a0"
_OPAL = "#fff6e0"
_LINEN = "#dccbb0"
_GROUND = 80.0


def lampshade(sheet: Sheet) -> None:
    """Hangs from the top; the pleats run from a small ring to a wide one."""
    sheet.glow(50, 60, 70, _WARM, 0.75)
    sheet.box(49.4, -20, 50.6, 27, _IRON)
    sheet.box(46.6, 24, 53.4, 33, _IRON, 1.4)
    sheet.disc(50, 66, 12, "#fffaf0", 13)
    shade = [
        *curve((36, 35), (44, 32), (56, 32), (64, 35)),
        *curve((78, 66), (62, 70.5), (38, 70.5), (22, 66)),
    ]
    sheet.shape(shade, _LINEN)
    with sheet.inside(shade):
        for place in range(1, 12):
            part = place / 12
            pleat = [(36 + 28 * part, 30), (22 + 56 * part, 74)]
            sheet.line(pleat, 0.5, darker(_LINEN, 0.16))
    sheet.shade(shade, [(57, 30), (85, 30), (85, 75), (64, 75)], "#1c120a", 0.1)
    sheet.shade(shade, [(15, 56), (85, 56), (85, 75), (15, 75)], _WARM, 0.28)
    ring = [
        *curve((22, 65), (38, 69.5), (62, 69.5), (78, 65)),
        *curve((78, 68), (62, 73), (38, 73), (22, 68)),
    ]
    sheet.shape(ring, _ASH)
    sheet.shape(
        [
            *curve((36, 34), (44, 31), (56, 31), (64, 34)),
            *curve((64, 36.4), (56, 33.6), (44, 33.6), (36, 36.4)),
        ],
        _ASH,
    )


def bulbs(sheet: Sheet) -> None:
    """From dusk to day, and the bridge in front."""
    sheet.shadow(50, _GROUND, 74)
    for x, glow, glass in (
        (25, "#ffcf7a", "#ffdc9a"),
        (50, "#ffe6b0", "#fff0cf"),
        (75, "#d4e6f7", "#eaf4fc"),
    ):
        sheet.glow(x, 38, 26, glow, 0.8)
        bulb = [
            *curve((x - 4, 58), (x - 5, 51), (x - 11, 48), (x - 11, 38)),
            *curve((x - 11, 38), (x - 11, 23), (x + 11, 23), (x + 11, 38)),
            *curve((x + 11, 38), (x + 11, 48), (x + 5, 51), (x + 4, 58)),
        ]
        sheet.shape(bulb, glass)
        sheet.shade(bulb, [(x + 5, 20), (x + 15, 20), (x + 15, 60), (x + 3, 60)], "#6a5a30", 0.1)
        wire = ((-2.4, 57), (-3.6, 44), (-1.2, 47), (0, 43), (1.2, 47), (3.6, 44), (2.4, 57))
        sheet.line([(x + aside, y) for aside, y in wire], 0.6, darker(glow, 0.35))
        sheet.disc(x - 5, 35, 3, "#ffffff", 7)
        sheet.box(x - 4.6, 57, x + 4.6, 70, "#9aa4ab", 1.2)
        for level in (59.5, 62.5, 65.5):
            sheet.box(x - 5.2, level, x + 5.2, level + 1.3, "#7d8890", 0.6)
        sheet.box(x - 2.4, 69, x + 2.4, 72, _IRON, 0.8)
    sheet.box(24, 70, 76, _GROUND, "#ffffff", 3)
    sheet.box(24, 76, 76, _GROUND, "#e1e6e8", 3)
    sheet.disc(31, 75, 2.6, "#2f8f66")
    sheet.box(37, 74.4, 58, 75.6, "#c8d0d5", 0.6)


def table_lamp(sheet: Sheet) -> None:
    """A ball of opal glass on a turned foot."""
    sheet.glow(50, 40, 68, _WARM, 0.8)
    sheet.shadow(50, _GROUND, 46)
    sheet.disc(50, 40, 40, _OPAL)
    sheet.shade(_round(50, 40, 20), [(58, 15), (80, 15), (80, 65), (56, 65)], "#c98f3a", 0.14)
    sheet.disc(43, 32, 11, "#ffffff", 12)
    foot = [
        *curve((57, 58), (57, 70), (66, 71), (67, _GROUND)),
        *curve((67, _GROUND), (58, 82), (42, 82), (33, _GROUND)),
        *curve((33, _GROUND), (34, 71), (43, 70), (43, 58)),
    ]
    sheet.shape(foot, _ASH)
    sheet.shade(foot, [(54, 50), (75, 50), (75, 85), (57, 85)], "#1c120a", 0.16)
    sheet.shade(foot, [(41, 72), (38, 82), (34, 82), (36, 74)], "#ffffff", 0.2)
    sheet.box(41.6, 56.6, 58.4, 59.6, darker(_ASH, 0.3), 1.4)
    sheet.line([*curve((66, 79), (78, 80), (82, 78), (100, 82))], 1, _IRON)


def sideboard(sheet: Sheet) -> None:
    sheet.shadow(50, _GROUND + 1, 84)
    for left, lean in ((17, -1.6), (80, 1.6)):
        leg = [(left, 70), (left + 4, 70), (left + 2.6 + lean, 81.5), (left + 1 + lean, 81.5)]
        sheet.shape(leg, darker(_OAK, 0.45))
    sheet.box(11, 44, 89, 71, _OAK, 1.2)
    sheet.box(10, 42, 90, 46, lighter(_OAK, 0.22), 1)
    for left, right in ((13, 38), (39, 61), (62, 87)):
        sheet.box(left, 47.6, right, 69, mixed(_OAK, "#f3d6ad", 0.28), 0.6)
    sheet.box(39, 57.8, 61, 58.8, darker(_OAK, 0.12))
    for start, level, long in ((16, 52, 5), (21, 60, 9), (28, 55, 6), (66, 54, 8), (74, 63, 7), (78, 51, 5)):
        end = start + long
        sheet.line(
            curve((start, level), (end, level - 1), (start, level + 1), (end, level)), 0.35, darker(_OAK, 0.1)
        )
    for x, y in ((35.4, 58), (64.6, 58), (50, 52.8), (50, 63.8)):
        sheet.disc(x, y, 2.2, darker(_OAK, 0.55))
        sheet.disc(x - 0.3, y - 0.4, 0.9, darker(_OAK, 0.25))
    front = [(10, 42), (90, 42), (90, 71), (11, 71)]
    sheet.shade(front, [(74, 40), (95, 40), (95, 75), (78, 75)], "#1c120a", 0.08)
    vase = [*curve((24, 31), (26, 34), (20, 35), (20.5, 39)), (22, 42), (32, 42),
            *curve((33.5, 39), (34, 35), (28, 34), (30, 31))]  # fmt: skip
    for tip_x, tip_y in ((17, 18), (24, 12), (30, 15), (37, 20)):
        stem = curve((27, 32), (27, 26), ((27 + tip_x) / 2, tip_y + 6), (tip_x, tip_y))
        sheet.line(stem, 0.6, "#56705c")
        for leaf_x, leaf_y in stem[10::6]:
            sheet.disc(leaf_x + 1.2, leaf_y, 2.8, "#7c9a80", 4.4)
            sheet.disc(leaf_x - 1.2, leaf_y + 1, 2.8, "#6a8a70", 4.2)
    sheet.shape(vase, "#dfe3e4")
    sheet.shade(vase, [(28, 28), (36, 28), (36, 45), (28, 45)], "#1c120a", 0.12)
    sheet.box(64, 39.4, 82, 42, "#46586a", 0.4)
    sheet.box(65.5, 36.8, 81, 39.4, "#d8dcdc", 0.4)
    sheet.box(64.5, 34.2, 79, 36.8, "#b5553c", 0.4)


def blanket(sheet: Sheet) -> None:
    """Three folded ones, their fringes at the side."""
    sheet.shadow(50, _GROUND, 76)
    for top, wool in ((62, "#aab0b4"), (45, "#b8623f"), (28, "#3f6153")):
        for place in range(8):
            y = top + 3.2 + 1.6 * place
            sheet.line([(80, y), (85.5 + (place % 2) * 1.2, y + 0.8)], 0.8, lighter(wool, 0.12))
        fold = [
            *curve((24, top), (15, top), (15, top + 18), (24, top + 18)), (78, top + 18),
            *curve((82, top + 18), (82, top + 16), (82, top + 14), (82, top + 9)),
            *curve((82, top + 3), (82, top), (80, top), (78, top)),
        ]  # fmt: skip
        sheet.shape(fold, wool)
        with sheet.inside(fold):
            for x in (60, 64, 72):
                sheet.box(x, top, x + (1.6 if x != 64 else 4), top + 18, lighter(wool, 0.3))
            sheet.line([(20, top + 9), (84, top + 9)], 0.8, darker(wool, 0.24))
            bend = curve((22, top + 4), (18, top + 6), (18, top + 8), (20, top + 9))
            sheet.line(bend, 0.8, darker(wool, 0.24))
        low = top + 12.5
        sheet.shade(fold, [(10, low), (90, low), (90, top + 20), (10, top + 20)], "#1c120a", 0.10)


def candles(sheet: Sheet) -> None:
    sheet.shadow(50, _GROUND + 2, 84)
    wax = "#e6b95a"
    for x, top in ((24, 44), (37, 33), (50, 39), (63, 30), (76, 47)):
        sheet.glow(x, top - 9, 21, _WARM, 0.9)
        flame = [*curve((x, top - 17), (x + 4.4, top - 9), (x + 3, top - 3), (x, top - 3)),
                 *curve((x, top - 3), (x - 3, top - 3), (x - 4.4, top - 9), (x, top - 17))]  # fmt: skip
        sheet.shape(flame, "#f5a83c")
        sheet.disc(x, top - 6, 2.8, "#fff0bf", 5)
        sheet.box(x - 0.4, top - 4.6, x + 0.4, top + 1, _IRON)
        end = curve((x - 3.4, top + 0.5), (x - 2, top - 0.5), (x + 2, top - 0.5), (x + 3.4, top + 0.5))
        taper = [*end, (x + 4, 77), (x - 4, 77)]
        sheet.shape(taper, wax)
        sheet.shade(
            taper, [(x + 1.2, top - 2), (x + 6, top - 2), (x + 6, 80), (x + 1.2, 80)], "#7a4a10", 0.18
        )
        sheet.shade(
            taper, [(x - 4, top - 2), (x - 2, top - 2), (x - 2.2, 80), (x - 4.5, 80)], "#ffffff", 0.25
        )
        sheet.box(x - 5.5, 75, x + 5.5, 77.5, darker(_OAK, 0.35), 1)
    sheet.box(12, 77, 88, 82, _OAK, 1.4)
    sheet.box(12, 77, 88, 78.4, lighter(_OAK, 0.25), 1)


def window() -> Sheet:
    """An evening room: the lampshade over the sideboard, the lamp on it, a blanket within reach."""
    sheet = Sheet("#dfe5e8", 133.333, 100, 900)
    sheet.box(0, 84, 133.4, 100, "#b9a48a")
    sheet.box(0, 83, 133.4, 84.4, "#f4f6f6")
    sheet.glow(36, 44, 96, _WARM, 0.8)
    lampshade(sheet.moved(-1, -12, 0.74))
    sideboard(sheet.moved(41, 16, 0.88))
    table_lamp(sheet.moved(66, 26.4, 0.34))
    chair(sheet.moved(2, 33, 0.66))
    return sheet


def chair(sheet: Sheet) -> None:
    """Not sold here: it holds the blanket in the window."""
    seat, wood = "#7d8f96", _OAK
    sheet.shadow(50, 88, 70)
    for foot, top in (((22, 87), (28, 66)), ((74, 87), (68, 66))):
        sheet.line([top, foot], 2.6, darker(wood, 0.2))
    back = [*curve((30, 66), (22, 34), (30, 26), (48, 26)), *curve((48, 26), (68, 26), (76, 34), (68, 66))]
    sheet.shape(back, seat)
    sheet.shade(back, [(56, 20), (80, 20), (80, 70), (60, 70)], "#1c120a", 0.1)
    sheet.box(24, 58, 74, 72, darker(seat, 0.1), 6)
    for x in (21, 77):
        sheet.line([(x, 52), (x + (3 if x < 50 else -3), 74)], 3, wood)
        sheet.line([(x - 1, 52), (x + 1, 51.5)], 4, wood)
    throw = [
        *curve((34, 27), (40, 24.5), (50, 24.5), (56, 26)),
        *curve((58, 40), (56, 52), (60, 66), (58, 76)),
        (36, 78),
        *curve((34, 62), (38, 46), (34, 34), (34, 27)),
    ]
    sheet.shape(throw, "#b8623f")
    with sheet.inside(throw):
        for y in (66, 70):
            sheet.line([(30, y + 1), (62, y)], 1.2, lighter("#b8623f", 0.3))
    for x in range(37, 58, 3):
        sheet.line([(x, 77), (x, 80)], 0.7, "#b8623f")


DRAWINGS: dict[str, Callable[[Sheet], None]] = {
    "linen-lampshade": lampshade,
    "smart-bulb-set": bulbs,
    "orbit-table-lamp": table_lamp,
    "tide-sideboard": sideboard,
    "heather-blanket": blanket,
    "beeswax-candles": candles,
}


def _round(x: float, y: float, radius: float) -> list[Point]:
    """A circle as points, to shade within."""
    bent = radius * 1.333
    return [
        *curve((x - radius, y), (x - radius, y - bent), (x + radius, y - bent), (x + radius, y)),
        *curve((x + radius, y), (x + radius, y + bent), (x - radius, y + bent), (x - radius, y)),
    ]
