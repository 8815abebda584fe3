"""The rules for the next purchase: facts under which each does not hold, and does."""

from __future__ import annotations

from dataclasses import replace

from flows.conditions import Named
from tests.flows.situation import PLAIN, Change, Questions, Situation


def _again(it: Situation) -> Situation:
    person = it.facts.person
    wanted = frozenset() if person.bought_again else frozenset({"p-mug"})
    return it.having(person=replace(person, bought_again=wanted))


def _tagged(it: Situation) -> Situation:
    mug = it.facts.products["p-mug"]
    tags = tuple(tag for tag in mug.tags if tag != "seasonal")
    seasonal = replace(mug, tags=tags if "seasonal" in mug.tags else (*tags, "seasonal"))
    return it.having(products={**it.facts.products, "p-mug": seasonal})


QUESTIONS: Questions = {
    "bought_again": (Named("bought_again"), "person.bought_again", PLAIN, _again(PLAIN)),
    "is_seasonal": (Named("is_seasonal"), "products.tags", PLAIN, _tagged(PLAIN)),
}

CHANGE: Change = {
    "person.bought_again": _again,
    "products.tags": _tagged,
    "person.answered_at": lambda it: it.having(person=replace(it.facts.person, let_go_at=None)),
}
