"""What a flow for the next purchase may ask."""

from __future__ import annotations

from datetime import datetime

from flows.bought import tags_of
from flows.estimates import RUN_OUT
from flows.facts import Facts
from flows.questions.rule import Arguments, Rule

SEASONAL = "seasonal"
"""The tag that a merchant gives to what belongs to a season."""


def _bought_again(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """The product that runs out; where nobody knows which that is, anything of the order."""
    foreseen = facts.estimates.get(RUN_OUT)
    wanted = {line.product_id for line in facts.picture.kept_lines() if line.product_id}
    if foreseen is not None and foreseen.subject:
        wanted = {foreseen.subject}
    again = wanted & facts.person.bought_again
    return bool(again), f"{len(again)} of {len(wanted)} products bought again"


def _seasonal(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    kept = facts.picture.kept_lines()
    found = sum(is_seasonal(tags_of(facts, line)) for line in kept)
    return found > 0, f"{found} of {len(kept)} items"


def is_seasonal(tags: tuple[str, ...]) -> bool:
    return any(tag.strip().casefold() == SEASONAL for tag in tags)


RULES = (
    Rule("bought_again", "not_bought_again", _bought_again, "bought again", "not bought again"),
    Rule("is_seasonal", "not_seasonal", _seasonal, "some", "none", about_lines=True),
)
