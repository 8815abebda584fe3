from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.message import Brand
from emails.palette import SHAPE_CONTRAST, TEXT_CONTRAST, Palette, contrast, dark, light
from tests.emails.samples import HOLLOW_PINE, LARKHUS

DEFAULT = Brand(name="A", url="", sender="", support_email="")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def check(colours: Palette) -> None:
    for ground in (colours.surface, colours.page):
        assert contrast(colours.ink, ground) >= 7
        assert contrast(colours.secondary, ground) >= TEXT_CONTRAST
    assert contrast(colours.link, colours.surface) >= TEXT_CONTRAST
    assert contrast(colours.on_accent, colours.accent) >= TEXT_CONTRAST
    assert contrast(colours.letter, colours.plate) >= TEXT_CONTRAST
    assert contrast(colours.accent, colours.surface) >= SHAPE_CONTRAST
    assert contrast(colours.star, colours.surface) >= 3.8 - 0.01


@pytest.mark.parametrize("brand", [DEFAULT, HOLLOW_PINE, LARKHUS], ids=lambda brand: brand.name)
def test_our_own_brands_are_readable(brand: Brand) -> None:
    check(light(brand))
    check(dark(brand))
    for ground in (light(brand).surface, light(brand).page):
        assert contrast(light(brand).secondary, ground) >= 5.4


@settings(deadline=None)
@given(COLOURS, COLOURS, COLOURS)
def test_any_merchants_colours_are_readable(accent: str, ink: str, page: str) -> None:
    brand = replace(DEFAULT, accent=accent, ink=ink, page=page)
    check(dark(brand))
    check(light(brand))


def test_a_colour_that_passes_is_kept() -> None:
    assert light(HOLLOW_PINE).accent == HOLLOW_PINE.accent
    assert light(HOLLOW_PINE).ink == HOLLOW_PINE.ink
    assert light(HOLLOW_PINE).on_accent == "#ffffff"


def test_dark_has_no_pure_black_or_white() -> None:
    for brand in (DEFAULT, HOLLOW_PINE, LARKHUS):
        values = {getattr(dark(brand), field.name) for field in fields(Palette)}
        assert not values & {"#000000", "#ffffff"}


def test_what_is_no_colour_is_not_printed() -> None:
    brand = replace(DEFAULT, accent="red;background:url(x)", ink="", page="#12")
    assert light(brand) == light(DEFAULT)
    assert dark(brand) == dark(DEFAULT)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
