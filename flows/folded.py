"""Words as they are compared."""

from __future__ import annotations


def folded(text: str) -> str:
    """Capitals and spaces make no difference: a store writes the same word now in this way, now in that."""
    return " ".join(text.casefold().split())
