"""What a flow may ask about the things that were bought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flows.bought import digital_lines, kept_kinds, slowest_kind
from flows.facts import Facts
from flows.kinds import ProductKind
from flows.questions.rule import Arguments, Look, Rule


def _some(wanted: Callable[[ProductKind], bool], word: str) -> Look:
    def look(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
        kinds = [kind for _, kind in kept_kinds(facts)]
        found = sum(map(wanted, kinds))
        return found > 0, f"{found} of {len(kinds)} items {word}"

    return look


def _digital(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    found, kept = digital_lines(facts), list(kept_kinds(facts))
    return bool(found), f"{len(found)} of {len(kept)} items digital"


def _kind(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    kind = slowest_kind(facts).value
    return kind == arguments["kind"], kind


RULES = (
    Rule(
        "is_consumable",
        "not_consumable",
        _some(lambda kind: kind.consumable, "used up"),
        "some",
        "none",
        about_lines=True,
    ),
    Rule(
        "is_durable",
        "not_durable",
        _some(lambda kind: kind.durable, "lasting"),
        "some",
        "none",
        about_lines=True,
    ),
    Rule("is_digital", "not_digital", _digital, "some", "none", about_lines=True),
    Rule(
        "kind_is",
        "kind_is_not",
        _kind,
        "{kind} products",
        "no {kind} products",
        (("kind", str),),
        about_lines=True,
    ),
)
