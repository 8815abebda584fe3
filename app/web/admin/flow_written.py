"""What is written for a flow's mails, and what is still missing, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import Session
from app.models.content import CATEGORY, PRODUCT, SHOP
from app.queries.content import entries_of
from app.words.slots import SLOTS, Slot


@dataclass(frozen=True, slots=True)
class Written:
    """`words`: for what it is written. `missing`: the mail cannot go without it, and nothing is there."""

    slot: Slot
    words: str
    missing: bool


def written(session: Session, shop_id: int, flow_key: str) -> list[Written]:
    """One line for each thing that the flow's mails hold."""
    slots = SLOTS.get(flow_key, ())
    if not slots:
        return []
    scopes: dict[str, list[str]] = {slot.key: [] for slot in slots}
    for entry in entries_of(session, shop_id, list(scopes)):
        scopes[entry.slot].append(entry.scope)
    return [Written(slot, _words(scopes[slot.key]), slot.needed and not scopes[slot.key]) for slot in slots]


def _words(scopes: list[str]) -> str:
    """For the whole shop, 2 categories and 1 product."""
    parts = ["the whole shop"] if SHOP in scopes else []
    for scope, one, many in ((CATEGORY, "category", "categories"), (PRODUCT, "product", "products")):
        count = scopes.count(scope)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
    if not parts:
        return "Nothing yet"
    *before, last = parts
    return f"For {', '.join(before)} and {last}" if before else f"For {last}"
