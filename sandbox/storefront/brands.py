"""The two small brands of the sandbox: what each says of itself on its own pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.store import Address


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the shop. `holds`: the store's own words for what lies in it."""

    slug: str
    title: str
    words: str
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brand:
    """`skin` names the set of colours and type in the style sheet. `states`: those of its addresses.

    `price_note` stands beside a price, `total_words` before the sum at the checkout, `beside` over other
    products. `choose`: what a choice of variants is headed, by product; "" for all others.
    """

    skin: str
    headline: str
    promise: str
    invitation: str
    story: tuple[str, str]
    place: str
    price_note: str
    delivery: str
    total_words: str
    thanks: str
    beside: str
    choose: dict[str, str]
    categories: tuple[Category, ...]
    country: str
    address: Address
    states: dict[str, str] = field(default_factory=dict)


LARKHUS = Brand(
    skin="larkhus",
    headline="Light that makes a room stay up late",
    promise="Lamps, furniture and textiles, made in small numbers in three northern workshops.",
    invitation="See the lamps",
    story=(
        "Three workshops, one long table",
        "The ash is turned in Flensburg, the wool is woven on Gotland, the lamps are wired in Berlin. "
        "Whatever breaks within ten years, one of the three mends.",
    ),
    place="Larkhus, Lindenweg 12, 10437 Berlin",
    price_note="19 % VAT included, plus shipping",
    delivery="Parcels take 2 to 4 working days. Shipping is €4.90, and free from €80.",
    total_words="Total, 19 % VAT included",
    thanks="Thank you. It is on our bench",
    beside="In the same light",
    choose={"": "Colour", "linen-lampshade": "Across"},
    categories=(
        Category("light", "Light", "For the hours after the sun has gone.", ("Lamps", "Smart light")),
        Category(
            "home", "Home", "Wood, wool and wax, for a long time.", ("Furniture", "Textiles", "Candles")
        ),
    ),
    country="Germany",
    address=Address("Kastanienallee 7", "Berlin", "10435"),
)  # fmt: skip

HOLLOW_PINE = Brand(
    skin="hollow-pine",
    headline="Roasted on Tuesday, in your cup by the weekend",
    promise="Single farms, small drums, and everything you need to brew them well.",
    invitation="Choose a coffee",
    story=(
        "Small drums, early mornings",
        "We roast twelve kilos at a time on Fulton Street and stop when the kitchen smells right. "
        "Every bag says who grew it, and the day it left the drum.",
    ),
    place="Hollow Pine Coffee, 2140 West Fulton Street, Chicago, IL 60612",
    price_note="Plus shipping; tax is added for Illinois",
    delivery="Parcels take 2 to 4 days. Shipping is $5.90, and free from $45.",
    total_words="Total before tax",
    thanks="Thank you. We are on it",
    beside="Goes well with it",
    choose={"": "How much", "hearth-mug": "Glaze"},
    categories=(
        Category("coffee", "Coffee", "Five roasts, from bright to deep.", ("Coffee",)),
        Category("brewing", "Brewing", "Tools that get out of the way.", ("Drinkware", "Equipment")),
        Category("gifts", "Gifts and plans", "For somebody, or for every month.", ("Gift", "Subscription")),
    ),
    country="United States",
    address=Address("418 Alder Street", "Evanston", "60201", "IL"),
    states={"IL": "Illinois", "MN": "Minnesota", "OR": "Oregon", "WI": "Wisconsin"},
)


def brand_of(currency: str) -> Brand:
    """A throw-away shop borrows the look of the shop beside it."""
    return LARKHUS if currency == "EUR" else HOLLOW_PINE


def category_of(brand: Brand, slug: str) -> Category | None:
    return next((category for category in brand.categories if category.slug == slug), None)
