"""What a merchant decides where the law leaves it to them; untouched it is the careful side each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class ConsentChoices:
    """`double_opt_in`: only a yes that was confirmed from the mailbox counts. `reviews_as_marketing`,
    `tips_as_marketing`: asking for a review, and telling how to use what was bought, need the same consent as
    offers wherever the law may see them so. `told_at_checkout`: every buyer reads there that mails about
    what they bought and similar goods follow and how to say no to them, so that where the law lets customers
    be written to on those terms, whoever was never asked counts as one who did not mind."""

    double_opt_in: bool = False
    reviews_as_marketing: bool = True
    tips_as_marketing: bool = True
    told_at_checkout: bool = False


CAREFUL = ConsentChoices()
CONFIRMED = "confirmed_opt_in"
"""The store's word for a yes that was confirmed from the mailbox."""


def choices_from(stored: Mapping[str, Any]) -> ConsentChoices:
    """Whatever is missing or no yes or no is on the careful side."""
    known = {one.name for one in fields(ConsentChoices)}
    return ConsentChoices(
        **{name: value for name, value in stored.items() if name in known and isinstance(value, bool)}
    )


def choices_to(choices: ConsentChoices) -> dict[str, bool]:
    """Only what is not the careful side."""
    return {
        one.name: getattr(choices, one.name)
        for one in fields(ConsentChoices)
        if getattr(choices, one.name) != one.default
    }
