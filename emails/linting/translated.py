"""Words in the reader's language: no English left, no gap left open, no key in place of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from emails.i18n import FALLBACK, Sentence, sentences
from emails.linting.finding import Finding
from emails.linting.page import excerpt, spaced
from emails.linting.seen import Seen

_GAP = re.compile(r"\{\{?\s*[a-z_][\w.]*\s*\}?\}")
_KEY = re.compile(r"(?<![\w./@-])[a-z_0-9]+(?:\.[a-z_0-9]+)+(?![\w./@-])")
_CUT = re.compile(r"\{[^{}]*\}")
_FEWEST_WORDS = 3


def of_words(seen: Seen) -> Iterator[Finding]:
    read = spaced(f"{seen.mail.subject} {seen.mail.preheader} {seen.read}")
    for gap in _GAP.findall(read):
        yield Finding("open_gap", f"{gap} stands in the mail as it is: nothing was filled in.", gap)
    for key in _KEY.findall(read):
        if key in sentences(FALLBACK):
            yield Finding("raw_key", f"“{key}” stands where a sentence should be.", key)
    if seen.language != FALLBACK:
        # A merchant's own block is in the merchant's language, whoever reads it.
        own = spaced(seen.own)
        for sentence in left_in_english(seen.language):
            if sentence in read and sentence not in own:
                yield Finding(
                    "not_translated", f"“{excerpt(sentence)}” is still in English.", excerpt(sentence)
                )


@lru_cache(maxsize=32)
def left_in_english(language: str) -> tuple[str, ...]:
    """Pieces of English sentences, between their gaps, that no sentence of the language says as well."""
    own = " \n".join(form for sentence in sentences(language).values() for form in _forms(sentence))
    pieces = {
        piece.strip()
        for sentence in sentences(FALLBACK).values()
        for form in _forms(sentence)
        for piece in _CUT.split(form)
    }
    return tuple(
        sorted(piece for piece in pieces if len(piece.split()) >= _FEWEST_WORDS and piece not in own)
    )


def _forms(sentence: Sentence) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else tuple(sentence.values())
