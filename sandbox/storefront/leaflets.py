"""The small print of each product: what its page says beside the description."""

from __future__ import annotations

Facts = tuple[tuple[str, str], ...]

_LEAFLETS: dict[str, Facts] = {
    "early-ferry": (
        ("Roast", "Medium"), ("Tastes of", "Cocoa, toasted hazelnut"), ("Brew it", "Drip, press or moka pot"),
        ("Freshness", "Roasted on Tuesdays, best within eight weeks"),
    ),
    "ember-yard": (
        ("Roast", "Dark"), ("Tastes of", "Dark cherry, molasses"),
        ("Brew it", "Espresso, with or without milk"),
        ("Freshness", "Let it rest a week, best within ten"),
    ),
    "little-orchard": (
        ("Roast", "Light"), ("Tastes of", "Red apple, honey, jasmine"), ("Brew it", "Pour-over or iced"),
        ("Freshness", "Roasted on Tuesdays, best within six weeks"),
    ),
    "tall-grass": (
        ("Roast", "Medium light"), ("Tastes of", "Peanut brittle, ripe banana"), ("Brew it", "Drip or press"),
        ("Freshness", "One harvest, roasted on Tuesdays"),
    ),
    "night-shelf": (
        ("Roast", "Medium"), ("Tastes of", "Milk chocolate, dried fig"),
        ("Caffeine", "Taken out with water only"),
        ("Freshness", "Roasted every other Tuesday"),
    ),
    "hearth-mug": (
        ("Holds", "300 ml"), ("Made of", "Stoneware, two glazes"), ("Care", "Dishwasher, top rack"),
    ),
    "quarry-grinder": (
        ("Burrs", "Steel, conical, 38 mm"), ("Steps", "30, from espresso to press"),
        ("Holds", "30 g of beans"),
        ("Warranty", "5 years, burrs included"),
    ),
    "swan-creek-kettle": (
        ("Holds", "0.9 litres"), ("Keeps", "60 to 100 °C, to the degree"), ("Cord", "80 cm"),
        ("Warranty", "2 years"),
    ),
    "sunday-box": (
        ("Inside", "Two bags of 250 g, one mug, one card"), ("Card", "Your words, from the checkout"),
        ("Wrapped in", "Recycled paper, cotton ribbon"),
    ),
    "bag-every-month": (
        ("Each month", "One bag of 250 g, another roast each time"), ("Leaves", "The first Tuesday"),
        ("Ends", "Whenever you say so"),
    ),
    "linen-lampshade": (
        ("Made of", "Washed linen, alder ring"), ("Fits", "E27 pendant cords"),
        ("Arrives", "Flat, up in a minute"),
    ),
    "smart-bulb-set": (
        ("In the box", "Three bulbs E27, one bridge"), ("Light", "2200 to 4000 K, 806 lm"),
        ("Works with", "Matter, or by itself"), ("Warranty", "3 years"),
    ),
    "orbit-table-lamp": (
        ("Made of", "Opal glass, turned ash"), ("Height", "34 cm"),
        ("Light", "Dimmed by touch, bulb included"),
        ("Warranty", "5 years"),
    ),
    "tide-sideboard": (
        ("Made of", "Solid oak, oiled"), ("Size", "160 by 42 by 68 cm"), ("Arrives", "By van, in two boxes"),
        ("Warranty", "10 years"),
    ),
    "heather-blanket": (
        ("Made of", "Lambswool"), ("Size", "130 by 180 cm"), ("Care", "Airing, now and then a cool wash"),
    ),
    "beeswax-candles": (
        ("In the box", "Five candles, 20 cm"), ("Burn for", "Eight hours each"), ("Made of", "Beeswax only"),
    ),
}  # fmt: skip


def leaflet_of(slug: str) -> Facts:
    return _LEAFLETS.get(slug, ())
