"""The gaps in a sentence, `{name}`, and the only kind that a sentence from a merchant may have.

A sentence is filled in by `str.format`, which can do far more than fill gaps; so what comes from outside
is looked at with a grammar of its own: known names in braces, and no other brace anywhere.
"""

from __future__ import annotations

import re

_GAP = re.compile(r"\{([a-z_]+)\}")
_ANY = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


def gaps(sentence: str) -> frozenset[str]:
    """The names of the plain gaps."""
    return frozenset(_GAP.findall(sentence))


def unknown_gap(sentence: str, allowed: frozenset[str]) -> str | None:
    """The first thing in braces that is not an allowed name, as it stands there."""
    return next((found[0] for found in _ANY.finditer(sentence) if found[1] not in allowed), None)


def is_fillable(sentence: str, allowed: frozenset[str]) -> bool:
    """Whether it holds nothing but allowed gaps: then filling it in is safe."""
    return gaps(sentence) <= allowed and not _BRACE.search(_GAP.sub("", sentence))
