"""Wordings that are tried side by side. Nothing about a person decides which of them they get: the draw is a
hash, and what a journey drew stays with it, also when the trial has ended meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

Drawn = tuple[tuple[str, str], ...]
"""By step, the key of the variant: what a journey drew when it began."""
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several mails of a step; `share`: per cent of people who get it."""

    key: str
    share: int
    template: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A merchant's second subject beside the first, for mails in one language, half of the people each.
    `number` counts the trials of a step. One that has ended is kept for journeys that drew it."""

    step: str
    number: int
    language: str
    subject: str
    running: bool

    @property
    def first(self) -> str:
        return f"a{self.number}"

    @property
    def second(self) -> str:
        return f"b{self.number}"


def second_subject(trials: tuple[Trial, ...], step: str, variant: str | None) -> Trial | None:
    """The trial whose second subject a mail drew; None for all other mails."""
    return next((one for one in trials if one.step == step and one.second == variant), None)
