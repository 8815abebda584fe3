"""What a merchant may choose about consent, as their page says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """The switch that leaves the careful side; off it is on it."""

    title: str
    words: str


# By the name of the choice, in the page's order.
CHOICE_WORDS: Mapping[str, ChoiceWords] = {
    "double_opt_in": ChoiceWords(
        "Only a confirmed yes counts",
        "Offers go to those alone who confirmed from their mailbox that they want them. Wise for customers in"
        " Germany and Austria, where that is the proof.",
    ),
    "reviews_as_marketing": ChoiceWords(
        "Review requests are part of the service",
        "In Europe, the United Kingdom, Canada, Australia and New Zealand they otherwise go to those alone"
        " who said yes to mails.",
    ),
    "tips_as_marketing": ChoiceWords(
        "Tips on what was bought are part of the service",
        "The same for welcomes, guides and care. What an order itself needs always leaves.",
    ),
    "told_at_checkout": ChoiceWords(
        "My checkout says that mails follow, and how to say no",
        "Then customers whom nobody asked get review requests, tips and offers of similar goods where the law"
        " lets you write to them on those terms. Everybody else still has to agree first.",
    ),
}
