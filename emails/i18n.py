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
from markupsafe import Markup, escape

from emails.clean import fenced, shown
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
    _known: _Known = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = _known_of(self.locale, self.markup, self.tone, self.second)
        object.__setattr__(self, "_known", known)

    def __call__(self, key: str, n: int | None = None, **values: str) -> str:
        """Raises KeyError for a sentence or a value that does not exist."""
        known = self._known
        own = self.own.get(known.language) if self.own else None
        if own is None and n is None and not values:
            said = known.said.get(key)
            if said is None:
                said = known.said[key] = self._filled(self._ours(key, None), values)
            return said
        if n is not None:
            values = {**values, "n": self.number(n)}
        asked = second_of(key) if self.second and is_subject(key) else key
        mine = own.get(asked) if own else None
        if mine and is_fillable(mine, gaps_of(known.language, asked) & values.keys()):
            return self._filled(escape(mine) if self.markup else mine, values)
        return self._filled(self._ours(key, n), values)

    def _ours(self, key: str, n: int | None) -> str:
        """Our sentence with its gaps, escaped already with `markup`."""
        known = self._known
        category = "" if n is None else self.locale.plural_form(abs(n))
        found = known.sentences.get((key, category))
        if found is None:
            sentence = self._sentence(key, n)
            found = known.sentences[key, category] = str(escape(sentence)) if self.markup else sentence
        return found

    def _sentence(self, key: str, n: int | None) -> str:
        if self.second and is_subject(key):
            key = second_of(key)
        known = sentences(self._known.language)
        found = known.get(f"{key}.in_{self.tone}") if self.tone else None
        found = found or known[key]
        if not isinstance(found, str):
            category = self.locale.plural_form(abs(n or 0))
            found = found.get(category, found["other"])
        return found

    def _filled(self, sentence: str, values: Mapping[str, str]) -> str:
        """Gaps are plain names, so what fills them is escaped before: Markup's own way of filling parses
        each sentence anew."""
        known = self._known
        if values:
            values = to_quote(values, sentence, known.language)
            if known.right_to_left:
                values = {name: fenced(value) for name, value in values.items()}
            if self.markup:
                values = {name: shown(value) for name, value in values.items()}
            sentence = sentence.format_map(values)
        elif "{" in sentence:
            sentence = sentence.format()
        return closed_up(Markup(sentence) if self.markup else sentence, known.language)

    def apart(self, text: str) -> str:
        """For a place outside of a sentence: where the language runs from right to left, a Latin name, a
        price or a number keeps its own direction."""
        return fenced(text) if text and self._known.right_to_left else text

    def number(self, n: int) -> str:
        known = self._known.numbers
        if n in known:
            return known[n]
        written = format_decimal(n, locale=self.locale)
        if 0 <= n < 1_000:
            known[n] = written
        return written


@dataclass(slots=True)
class _Known:
    """What was worked out for a language, tone and kind of text, for all mails of it. `said`: sentences
    without a gap, by key; `sentences`: all, by key and plural category."""

    language: str
    right_to_left: bool
    said: dict[str, str] = field(default_factory=dict)
    sentences: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)


@lru_cache(maxsize=256)
def _known_of(locale: Locale, markup: bool, tone: str, second: bool) -> _Known:
    """One for each of these: a language's words do not change while a process runs."""
    return _Known(language_of(locale), locale.text_direction == "rtl")


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
