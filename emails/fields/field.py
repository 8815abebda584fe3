"""A sentence that a merchant may put into their own words, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass

SUBJECT, PREHEADER, HEADLINE, BUTTON, PARAGRAPH = 78, 90, 110, 40, 400


@dataclass(frozen=True, slots=True)
class Field:
    """One sentence. `limit`: how many characters it may have."""

    label: str
    key: str
    limit: int


def heads(mail: str, *subject: Field) -> tuple[Field, ...]:
    """What stands above the first sentence. `subject`: its forms, where it has several."""
    return (
        *(subject or (Field("Subject", f"{mail}.subject", SUBJECT),)),
        Field("Preview line", f"{mail}.preheader", PREHEADER),
        Field("Headline, name known", f"{mail}.headline.named", HEADLINE),
        Field("Headline, no name", f"{mail}.headline", HEADLINE),
    )
