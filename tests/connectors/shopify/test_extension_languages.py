"""The words that stand in the merchant's own shop: in every language that the mails speak, and complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from connectors.shopify import extension_files
from emails.i18n import languages

SHOPIFY = Path(extension_files.__file__).parent
FOLDERS = (SHOPIFY / "extension" / "locales", SHOPIFY / "ui-extensions" / "track-order" / "locales")
# Shopify names what is written in two scripts by a country.
NAMES = {"en": "en.default", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}
COUNTED = frozenset(("zero", "one", "two", "few", "many", "other"))
EVERYWHERE = [(folder, language) for folder in FOLDERS for language in languages()]


def told(folder: Path, language: str) -> dict[str, Any]:
    name = NAMES.get(language, language)
    return flat(json.loads((folder / f"{name}.json").read_text("utf-8")))


def flat(told: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Sentences by their path; one that counts is one, with its forms."""
    found: dict[str, Any] = {}
    for key, value in told.items():
        if isinstance(value, str) or set(value) <= COUNTED:
            found[before + key] = value
        else:
            found.update(flat(value, f"{before}{key}."))
    return found


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{\{\s*(\w+)\s*\}\}", text))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_language_of_the_mails_and_no_other(folder: Path) -> None:
    there = {file.stem for file in folder.iterdir() if not file.stem.endswith(".schema")}
    assert there == {NAMES.get(language, language) for language in languages()}


@pytest.mark.parametrize(("folder", "language"), EVERYWHERE)
def test_each_says_the_same_with_the_same_gaps(folder: Path, language: str) -> None:
    own, english = told(folder, language), told(folder, "en")
    assert own.keys() == english.keys()
    needed = {*Locale.parse(language).plural_form.tags, "other"}
    for key, sentence in own.items():
        asked = gaps(json.dumps(english[key]))
        if isinstance(sentence, str):
            assert gaps(sentence) == asked, key
            assert language == "en" or key == "stars.point" or sentence != english[key], key
        else:
            assert set(sentence) == needed, key
            assert all(gaps(form) == asked for form in sentence.values()), key


@pytest.mark.parametrize("language", languages())
def test_the_sign_before_a_tenth_is_the_languages(language: str) -> None:
    point = Locale.parse(language).number_symbols["latn"]["decimal"]
    assert told(FOLDERS[0], language)["stars.point"] == point
