"""What a product is taken for by its type and tags, and how the merchant's word overrules it."""

from __future__ import annotations

import pytest

from flows.commerce import Product
from flows.kinds import KindSaid, TimingKind, categories_of, kind_of
from tests.flows.pictures import T0


def thing(kind: str, *tags: str, digital: bool = False) -> Product:
    return Product("1", "Coffee for everybody", T0, kind=kind, tags=tags, digital=digital)


@pytest.mark.parametrize(
    ("kind", "tags", "days"),
    [
        ("Coffee", (), 30),
        ("Coffee beans", (), 30),
        ("Vitamins", (), 30),
        ("Protein powder", (), 30),
        ("Kaffee", (), 30),
        ("Kräutertee", (), 30),
        ("Nahrungsergänzung", (), 30),
        ("Skincare", (), 60),
        ("Cleaning", (), 60),
        ("Pet treats", (), 60),
        ("Gesichtscreme", (), 60),
        ("Hundefutter", (), 60),
        ("Shampoo", (), 90),
        ("Razors", (), 90),
        ("Air filter", (), 90),
        ("Rasierklingen", (), 90),
        ("", ("new", "coffee"), 30),
        ("Coffee machine capsules", (), 30),
        ("Coffee machine", (), None),
        ("Coffee mug", (), None),
        ("Coffee table", (), None),
        ("Kaffeemaschine", (), None),
        ("Teekanne", (), None),
        ("Lamp", ("coffee",), None),
        ("", (), None),
        ("Committee", (), None),
        ("Coffee e-book", (), None),
    ],
)
def test_what_gets_used_up_and_how_long_it_lasts(kind: str, tags: tuple[str, ...], days: int | None) -> None:
    found = kind_of(thing(kind, *tags))
    assert (found.consumable, found.usual_days) == (days is not None, days)


@pytest.mark.parametrize(
    ("kind", "durable"),
    [
        ("Furniture", True),
        ("Running shoes", True),
        ("Coffee grinder", True),
        ("Wanderschuhe", True),
        ("Stehlampen", True),
        ("Jewellery", True),
        ("Coffee", False),
        ("Gift set", False),
    ],
)
def test_what_lasts(kind: str, durable: bool) -> None:
    assert kind_of(thing(kind)).durable is durable


@pytest.mark.parametrize(
    ("product", "digital"),
    [
        (thing("E-Book"), True),
        (thing("Software"), True),
        (thing("", "digital"), True),
        (thing("Onlinekurs"), True),
        (thing("Lizenzen"), True),
        (thing("Book", digital=True), True),
        (thing("Book"), False),
    ],
)
def test_what_is_digital(product: Product, digital: bool) -> None:
    assert kind_of(product).digital is digital


def test_the_title_is_never_asked() -> None:
    assert not kind_of(thing("Table")).consumable


def test_the_merchant_s_word_wins() -> None:
    mug, coffee = thing("Mug"), thing("Coffee")
    assert not kind_of(coffee, KindSaid(consumable=False)).consumable
    assert not kind_of(coffee, KindSaid(durable=True)).consumable, "what lasts is not used up"
    assert kind_of(mug, KindSaid(consumable=True)).consumable
    assert not kind_of(mug, KindSaid(consumable=True)).durable, "what is used up does not last"
    assert kind_of(mug, KindSaid(consumable=True, durable=True)).durable, "unless both are said"
    lasting = kind_of(mug, KindSaid(lasts_days=40))
    assert (lasting.consumable, lasting.durable, lasting.lasts_days) == (True, False, 40)
    assert kind_of(coffee, KindSaid(timing=TimingKind.LONG)).timing is TimingKind.LONG
    assert not kind_of(thing("E-Book"), KindSaid(digital=False)).digital
    assert kind_of(None, KindSaid(consumable=True)).consumable, "of what was never read, too"
    assert kind_of(coffee, KindSaid(pack=250)).pack == 250


def test_what_is_said_of_a_product_goes_before_what_is_said_of_its_category() -> None:
    product, category = KindSaid(lasts_days=20), KindSaid(TimingKind.FAST, consumable=True, lasts_days=90)
    assert product.over(category) == KindSaid(TimingKind.FAST, consumable=True, lasts_days=20)
    no = KindSaid(consumable=False)
    assert no.over(category).consumable is False


def test_the_names_of_its_categories() -> None:
    assert categories_of(thing(" Coffee ", "COFFEE", "New ", "")) == ("coffee", "new")
