"""What Hollow Pine Coffee sells. Prices in cents, weights in grams."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VariantSeed:
    sku: str
    option: str
    price: int
    grams: int


@dataclass(frozen=True, slots=True)
class ProductSeed:
    """`drawing` and `colours` (thing, detail) tell how its picture is drawn."""

    slug: str
    title: str
    kind: str
    tags: tuple[str, ...]
    description: str
    option: str
    variants: tuple[VariantSeed, ...]
    drawing: str
    colours: tuple[str, str]


def _coffee(
    slug: str, title: str, code: str, small: int, large: int, description: str, colours: tuple[str, str]
) -> ProductSeed:
    bags = (
        VariantSeed(f"HP-{code}-250", "250 g", small, 270),
        VariantSeed(f"HP-{code}-1000", "1 kg", large, 1_040),
    )
    tags = ("coffee", "timing:fast", "consumable")
    return ProductSeed(slug, title, "Coffee", tags, description, "Size", bags, "bag", colours)


CATALOGUE: tuple[ProductSeed, ...] = (
    _coffee(
        "early-ferry", "Early Ferry House Blend", "FERRY", 1450, 4900,
        "Our everyday roast: cocoa, toasted hazelnut, a clean finish. Made for the first cup and the third.",
        ("#2f5d50", "#f2c14e"),
    ),
    _coffee(
        "ember-yard", "Ember Yard Espresso", "EMBER", 1550, 5250,
        "A slow, sweet espresso with dark cherry and molasses. Holds its own under milk.",
        ("#a63d2f", "#f3d9a4"),
    ),
    _coffee(
        "little-orchard", "Little Orchard Light Roast", "ORCHARD", 1750, 5900,
        "Bright and juicy: red apple, honey, a hint of jasmine. Lovely as a pour-over.",
        ("#d98e2b", "#7a9e4b"),
    ),
    _coffee(
        "tall-grass", "Tall Grass Single Farm", "GRASS", 1690, 5700,
        "One farm, one harvest. Soft peanut brittle, ripe banana and very little acidity.",
        ("#6b8f3a", "#fbf5e3"),
    ),
    _coffee(
        "night-shelf", "Night Shelf Decaf", "NIGHT", 1500, 5100,
        "For the cup after dinner. Water-processed, with milk chocolate and dried fig.",
        ("#34406b", "#e8b7c0"),
    ),
    ProductSeed(
        "hearth-mug", "Hearth Stoneware Mug", "Drinkware", ("mug", "timing:standard"),
        "Thrown by hand and glazed in two colours. Holds 300 ml and keeps it warm.",
        "Colour",
        (VariantSeed("HP-MUG-MOSS", "Moss", 2400, 420), VariantSeed("HP-MUG-CLAY", "Clay", 2400, 420)),
        "mug", ("#7d8f69", "#c9b79c"),
    ),
    ProductSeed(
        "quarry-grinder", "Quarry Hand Grinder", "Equipment", ("grinder", "timing:complex"),
        "Steel burrs, thirty clicks from espresso to press, a walnut handle. A week to learn, years to wear.",
        "Title", (VariantSeed("HP-GRINDER", "Default Title", 11900, 780),),
        "grinder", ("#4a4e57", "#9c6b3f"),
    ),
    ProductSeed(
        "swan-creek-kettle", "Swan Creek Kettle", "Equipment", ("kettle", "timing:complex"),
        "A narrow spout and a dial that holds the water to the degree. 0.9 litres.",
        "Title", (VariantSeed("HP-KETTLE", "Default Title", 8900, 1_350),),
        "kettle", ("#3e7c8c", "#f0ede6"),
    ),
    ProductSeed(
        "sunday-box", "The Sunday Box", "Gift", ("gift", "timing:standard"),
        "Two bags of coffee, one mug and a card that you may write on. Wrapped.",
        "Title", (VariantSeed("HP-SUNDAYBOX", "Default Title", 5600, 1_180),),
        "box", ("#b5475d", "#f4e5c2"),
    ),
    ProductSeed(
        "bag-every-month", "A Bag Every Month", "Subscription", ("subscription", "timing:fast", "consumable"),
        "A fresh 250 g bag, chosen by our roasters, at your door on the first Tuesday of each month.",
        "Title", (VariantSeed("HP-MONTHLY", "Default Title", 1400, 270),),
        "calendar", ("#5b4b8a", "#f2c14e"),
    ),
)  # fmt: skip
