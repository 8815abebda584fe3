"""The two small brands of the sandbox: what each says of itself on its own pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """`skin` names the set of colours and type in the style sheet."""

    skin: str
    headline: str
    promise: str
    place: str


LARKHUS = Brand(
    skin="larkhus",
    headline="Light that makes a room stay up late",
    promise="Lamps, furniture and textiles, made in small numbers in three northern workshops.",
    place="Larkhus, Lindenweg 12, 10437 Berlin",
)

HOLLOW_PINE = Brand(
    skin="hollow-pine",
    headline="Roasted on Tuesday, in your cup by the weekend",
    promise="Single farms, small drums, and everything you need to brew them well.",
    place="Hollow Pine Coffee, 418 Mill Street, Duluth, MN 55802",
)

_BRANDS = {"Larkhus": LARKHUS, "Hollow Pine Coffee": HOLLOW_PINE}


def brand_of(shop_name: str) -> Brand:
    """A throw-away shop borrows the look of Larkhus."""
    return _BRANDS.get(shop_name, LARKHUS)
