"""One thing that is wrong with a mail, in words for the merchant who has to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` is a lasting name. `where`: the words that stand there, "" where it is the whole mail."""

    rule: str
    says: str
    where: str = ""
