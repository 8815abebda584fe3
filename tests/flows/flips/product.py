"""The rules about the things that were bought: facts under which each does not hold, and does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows.conditions import Named
from flows.kinds import NOTHING_SAID, KindSaid, TimingKind, kind_of
from tests.flows.situation import PLAIN, Change, Questions, Situation


def said(it: Situation, **words: Any) -> Situation:
    """The merchant's word on the mug, the one thing in the order."""
    found = it.facts.kinds_said.get("p-mug", NOTHING_SAID)
    return it.having(kinds_said={"p-mug": KindSaid(**words).over(found)})


def turned(flag: str) -> Callable[[Situation], Situation]:
    def change(it: Situation) -> Situation:
        now = kind_of(it.facts.products["p-mug"], it.facts.kinds_said.get("p-mug", NOTHING_SAID))
        return said(it, **{flag: not getattr(now, flag)})

    return change


QUESTIONS: Questions = {
    "is_consumable": (
        Named("is_consumable"),
        "products.consumable",
        PLAIN,
        said(PLAIN, consumable=True),
    ),
    "is_durable": (Named("is_durable"), "products.durable", said(PLAIN, durable=False), PLAIN),
    "is_digital": (Named("is_digital"), "products.digital", PLAIN, said(PLAIN, digital=True)),
    "kind_is": (
        Named("kind_is", (("kind", "fast"),)),
        "products.timing",
        PLAIN,
        said(PLAIN, timing=TimingKind.FAST),
    ),
}


def _timing(it: Situation) -> Situation:
    fast = it.facts.kinds_said.get("p-mug", NOTHING_SAID).timing is TimingKind.FAST
    return said(it, timing=TimingKind.LONG if fast else TimingKind.FAST)


CHANGE: Change = {
    "products.consumable": turned("consumable"),
    "products.durable": turned("durable"),
    "products.digital": turned("digital"),
    "products.timing": _timing,
}
