"""Reasons as a journey and a mail keep them: `[rule, passed, value, wanted, part, ...]`.

An order has some hundred and fifty of them. With a name beside each value they were the larger part of
what is written for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.facts import Reason


def kept(reasons: Sequence[Reason]) -> list[Any]:
    return [
        [one.rule, one.passed, one.value, one.wanted, *(kept(one.parts) if one.parts else ())]
        for one in reasons
    ]


def recorded(plain: Sequence[Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(rule, passed, value, wanted, recorded(parts)) for rule, passed, value, wanted, *parts in plain
    )
