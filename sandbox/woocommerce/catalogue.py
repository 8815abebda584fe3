"""What Larkhus sells. Prices in cents with 19 % tax in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One variation; a product without any has a single choice with an empty `option`."""

    sku: str
    option: str
    price: int


@dataclass(frozen=True, slots=True)
class Article:
    """`timing`: how long the thing takes to be tried."""

    slug: str
    title: str
    category: str
    timing: str
    text: str
    choices: tuple[Choice, ...]
    attribute: str = ""
    weight: str = "1"


CATALOGUE: tuple[Article, ...] = (
    Article(
        "linen-lampshade", "Alder Linen Lampshade", "Lamps", "standard",
        "Washed linen on a ring of alder wood. It turns a bare bulb into evening, and folds flat.",
        (Choice("LK-SHADE-30", "30 cm", 4900), Choice("LK-SHADE-40", "40 cm", 6500)), "Size",
    ),
    Article(
        "smart-bulb-set", "Duskline Smart Bulb Set", "Smart light", "complex",
        "Three bulbs and a small bridge. They follow the sun by themselves and never need an account.",
        (Choice("LK-BULBS-3", "", 8900),), weight="0.6",
    ),
    Article(
        "orbit-table-lamp", "Orbit Table Lamp", "Smart light", "complex",
        "A ball of opal glass on a turned ash foot, dimmed by a touch or from your phone.",
        (Choice("LK-ORBIT", "", 12900),), weight="2.4",
    ),
    Article(
        "tide-sideboard", "Tide Sideboard", "Furniture", "long",
        "Solid oak, two doors, two drawers, no screws to be seen. Comes in two boxes; lifting takes two.",
        (Choice("LK-TIDE-160", "", 74900),), weight="48",
    ),
    Article(
        "heather-blanket", "Heather Wool Blanket", "Textiles", "standard",
        "Lambswool, woven double and brushed once. 130 by 180 cm, warm enough for a balcony in October.",
        (
            Choice("LK-WOOL-FOG", "Fog", 11900),
            Choice("LK-WOOL-RUST", "Rust", 11900),
            Choice("LK-WOOL-PINE", "Pine", 11900),
        ),
        "Colour", "1.3",
    ),
    Article(
        "beeswax-candles", "Long Night Candle Set", "Candles", "fast",
        "Five beeswax candles that burn eight hours each and smell faintly of honey, mostly of nothing.",
        (Choice("LK-CANDLE-6", "", 1900),), weight="0.8",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coupon:
    """`percent` off every line; codes are always lower case."""

    id: int
    code: str
    percent: int


COUPONS: tuple[Coupon, ...] = (Coupon(901, "welcome10", 10), Coupon(902, "candlelight", 20))


def coupon_of(code: str) -> Coupon | None:
    return next((coupon for coupon in COUPONS if coupon.code == code.lower()), None)
