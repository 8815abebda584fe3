"""The words of mails. A language is a folder in `locales/` with a file for each family of flows: flat objects
of key -> sentence, or of key -> {plural category: sentence} where a count `n` decides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_decimal
from markupsafe import escape

from emails.clean import fenced
from emails.placeholders import gaps, is_fillable
from emails.script import closed_up, to_quote

FALLBACK = "en"
_FOLDER = Path(__file__).with_name("locales")

Sentence = str | Mapping[str, str]

# How a brand may speak; "" is warm.
TONES = ("", "plain", "playful")


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language. With `markup`, values are escaped unless they are Markup.

    `own`: sentences of the merchant that replace ours, by language and key; one that could not be filled
    in safely is passed over. `tone`: one of TONES; where a sentence has no form of that tone, the usual one.
    `second`: of each subject our second one.
    """

    locale: Locale
    markup: bool
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tone: str = ""
    second: bool = False

    def __call__(self, key: str, n: int | None = None, **values: str) -> str:
        """Raises KeyError for a sentence or a value that does not exist."""
        language = language_of(self.locale)
        if self.second and is_subject(key):
            key = second_of(key)
        if n is not None:
            values = {**values, "n": self.number(n)}
        own = self.own.get(language, {}).get(key)
        if own and is_fillable(own, gaps_of(language, key) & values.keys()):
            return self._filled(own, values, language)
        known = sentences(language)
        found = known.get(f"{key}.in_{self.tone}") if self.tone else None
        found = found or known[key]
        if not isinstance(found, str):
            category = self.locale.plural_form(abs(n or 0))
            found = found.get(category, found["other"])
        return self._filled(found, values, language)

    def _filled(self, sentence: str, values: Mapping[str, str], language: str) -> str:
        values = to_quote(values, sentence, language)
        if self.locale.text_direction == "rtl":
            values = {name: fenced(value) for name, value in values.items()}
        filled = escape(sentence).format(**values) if self.markup else sentence.format(**values)
        return closed_up(filled, language)

    def number(self, n: int) -> str:
        return format_decimal(n, locale=self.locale)


def is_subject(key: str) -> bool:
    return "subject" in key.split(".")


def second_of(key: str) -> str:
    """The key of our second subject, which is tried beside the first."""
    return f"{key}.second"


def languages() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in _FOLDER.iterdir() if path.is_dir()))


@lru_cache(maxsize=64)
def sentences(language: str) -> Mapping[str, Sentence]:
    """Raises ValueError where two files have one key."""
    found: dict[str, Sentence] = {}
    for file in sorted((_FOLDER / language).glob("*.json")):
        told = json.loads(file.read_text("utf-8"))
        if twice := found.keys() & told.keys():
            raise ValueError(f"{file.name} of {language!r} says again: {', '.join(sorted(twice))}")
        found.update(told)
    return MappingProxyType(found)


@lru_cache(maxsize=4096)
def gaps_of(language: str, key: str) -> frozenset[str]:
    """The names that our own sentence fills in, in whichever of its forms. Raises KeyError."""
    found = sentences(language)[key]
    forms = (found,) if isinstance(found, str) else tuple(found.values())
    return frozenset(name for form in forms for name in gaps(form))


@lru_cache(maxsize=1024)
def nearest(name: str) -> Locale:
    """The locale to write in: `name` where we speak its language, else English, so that dates and
    prices never stand in another language than the sentence around them."""
    parts = re.split("[.@]", name.strip())[0].replace("-", "_").split("_")[:4]
    while parts:  # browsers pair any language with any country: of "fr_US" nobody knows more than French
        try:
            locale = Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError, TypeError):
            parts.pop()
            continue
        return locale if _own_file(locale) else Locale.parse(FALLBACK)
    return Locale.parse(FALLBACK)


def first_spoken(names: Iterable[str]) -> Locale:
    """As `nearest`, of several that somebody would read, best first."""
    known = (nearest(name) for name in names if name.lower().startswith(nearest(name).language))
    return next(known, Locale.parse(FALLBACK))


def language_of(locale: Locale) -> str:
    return _own_file(locale) or FALLBACK


def tag_of(locale: Locale) -> str:
    """The language as HTML names it: "de", "zh-Hant"."""
    return language_of(locale).replace("_", "-")


@lru_cache(maxsize=256)
def _own_file(locale: Locale) -> str | None:
    """A language of two scripts has a folder for each: zh_TW is in zh_Hant, plain zh in zh_Hans."""
    scripted = f"{locale.language}_{locale.script or _usual_script(locale.language)}"
    return next((name for name in (str(locale), scripted, locale.language) if name in _known()), None)


def _usual_script(language: str) -> str:
    likely = get_global("likely_subtags").get(language, "")
    return str(likely).partition("_")[2].partition("_")[0]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(languages())
