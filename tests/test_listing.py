"""The listing keeps to the form's limits and says of plans what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.words.plans import PLANS

LISTING = Path(__file__).parents[1] / "docs" / "listing"
TEXTS: dict[str, Any] = tomllib.loads((LISTING / "texts.toml").read_text("utf-8"))
LIMITS = {
    "name": 30,
    "subtitle": 62,
    "introduction": 100,
    "details": 500,
    "title_tag": 60,
    "meta_description": 155,
}
ALL_TOGETHER = 2_000_000  # bytes


@pytest.mark.parametrize("field", LIMITS)
def test_a_text_is_no_longer_than_its_field(field: str) -> None:
    text = TEXTS[field].strip()
    print(f"{field}: {len(text)} of {LIMITS[field]}")
    assert 0 < len(text) <= LIMITS[field]
    assert "shopify" not in text.lower(), "its name is not ours to use"


def test_features_and_search_terms() -> None:
    assert len(TEXTS["features"]) == 5
    assert all(len(feature) <= 80 for feature in TEXTS["features"])
    assert len(TEXTS["search_terms"]) == 5
    assert all(len(term) <= 20 for term in TEXTS["search_terms"])
    own = set(re.findall(r"[a-z]+", TEXTS["name"].lower()))
    assert all(own.isdisjoint(term.split()) for term in TEXTS["search_terms"])


def test_plans_are_the_program_s() -> None:
    """Four public plans at most; a name of 18 characters at most."""
    assert [(one["handle"], one["name"], one["price"], one["features"][0]) for one in TEXTS["plans"]] == [
        (plan.handle, plan.name, f"{plan.cents / 100:.2f}", plan.limit) for plan in PLANS
    ]
    assert len(PLANS) <= 4
    assert all(len(plan.name) <= 18 for plan in PLANS)


def test_pictures() -> None:
    named = {one["file"] for one in TEXTS["pictures"]}
    assert named == {file.name for file in LISTING.glob("*.jpg")}
    assert 3 <= len(named) <= 6
    for one in TEXTS["pictures"]:
        assert len(one["alt"]) <= 64
        with Image.open(LISTING / one["file"]) as picture:
            assert picture.size == (1600, 900)
    with Image.open(LISTING / "icon.png") as icon:
        assert icon.size == (1200, 1200)
        assert "A" not in icon.getbands()
    assert sum(file.stat().st_size for file in LISTING.iterdir()) <= ALL_TOGETHER


def test_papers_name_what_is_there() -> None:
    for paper in LISTING.glob("*.md"):
        for name in re.findall(r"\]\(([^):]+)\)", paper.read_text("utf-8")):
            assert (LISTING / name).is_file(), f"{paper.name}: {name}"
