"""The parts of a mail that a merchant may switch off, move, or put something of their own between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from emails.compiling.source import source_of

OWN = "own"

_LABELS: Mapping[str, str] = {
    "headline": "Headline",
    "lead": "First sentences",
    "picture": "Picture of the product",
    "progress": "Progress of the order",
    "answers": "The two answers",
    "button": "Button",
    "points": "Points",
    "guide": "What you wrote for this mail",
    "note": "Closing sentences",
    "stars": "Five stars",
    "faces": "Three faces",
    "scale": "Scale from 0 to 10",
    "quote": "Review",
    "coupon": "Code and its terms",
    "balance": "Points and the next reward",
    "referral": "Link for friends",
    "parcel": "Parcel",
    "lines": "What was ordered",
    "totals": "Prices",
    "refund": "Refund",
    "address": "Two facts side by side",
    "next": "What comes next",
    "also": "Another product of the order",
    "picks": "Products that go with it",
    "help": "Whom to ask",
}

# What the mail is there for, or what the law wants told: it stays, and its order with it.
_FIXED = frozenset(
    ("headline", "answers", "stars", "faces", "scale", "coupon", "totals", "refund", "balance", "referral")
)


@dataclass(frozen=True, slots=True)
class Block:
    """`label` is for merchants. `fixed`: it can be neither switched off nor moved."""

    name: str
    label: str
    fixed: bool


@lru_cache(maxsize=256)
def blocks_of(template: str) -> tuple[Block, ...]:
    """In the order in which they are shipped. Raises jinja2.TemplateNotFound."""
    return tuple(Block(name, _LABELS[name], name in _FIXED) for name in source_of(template).blocks)


@lru_cache(maxsize=1024)
def arranged(template: str, arrangement: tuple[str, ...] | None) -> tuple[str, ...]:
    """The names of the blocks that are shown, in order; OWN among them where the merchant's own stands.

    What the mail does not have is passed over, a fixed block that is missing is put back behind the one
    that is shipped before it, and fixed ones keep their order among each other. The first one, which is the
    headline, stays the first.
    """
    shipped = blocks_of(template)
    if arrangement is None:
        return tuple(block.name for block in shipped)
    movable = {block.name for block in shipped[1:]} | {OWN}
    names = [name for name in dict.fromkeys(arrangement) if name in movable]
    for place, block in enumerate(shipped[1:], 1):
        if block.fixed and block.name not in names:
            before = [names.index(one.name) for one in shipped[1:place] if one.name in names]
            names.insert(max(before, default=-1) + 1, block.name)
    fixed = [block.name for block in shipped[1:] if block.fixed]
    in_order = iter(fixed)
    return (shipped[0].name, *(next(in_order) if name in fixed else name for name in names))
