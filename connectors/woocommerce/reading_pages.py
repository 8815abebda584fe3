"""A page of a listing, of as many entries as the store can do.

An entry over which the store breaks down whenever it lists it, because of what it holds or of a plugin that
stumbles over it, may not hold up all that come after it: it is asked for by itself, and fails there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Noun, Reading, Store, Wish
from connectors.woocommerce.pace import Pace
from connectors.woocommerce.rest_api import Listed, Params, TooMuch, list_page

# So far it is looked for an entry that the store can name.
_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Got:
    """`unread`: why an entry was passed over that the store cannot even name; then `listed` is what comes
    after it, which has not been read yet and only tells where to go on."""

    listed: Listed
    reading: Reading
    unread: tuple[str, ...] = ()


def read_page(
    store: Store,
    noun: Noun,
    asked: Params,
    read: Callable[[Listed], Reading],
    pace: Pace,
    gentler: Callable[[Pace], str],
) -> Got:
    """Raises StoreError; where less may be asked for, it carries what `gentler` makes of it as its cursor."""
    try:
        listed = list_page(store, f"{noun}s", asked)
        return Got(listed, read(listed))
    except TooMuch as error:
        told, less = str(error), pace.after_breakdown()
    if less is not None:
        raise TooMuch(told, gentler(less))
    return _passed(store, noun, asked, told)


def _passed(store: Store, noun: Noun, asked: Params, told: str) -> Got:
    """Of a page of one entry. Raises StoreError where it is not this entry alone."""
    named: dict[str, Any] = {**asked, "_fields": ("id", "date_created_gmt", "date_modified_gmt")}
    try:
        listed = list_page(store, f"{noun}s", named)
    except TooMuch:
        return Got(_one_after(store, noun, named), Reading(), (f"the store cannot list it: {told}",))
    numbers = [item.get("id") for item in listed.items if isinstance(item, Mapping)]
    wishes = (Wish(noun, str(one), f"the store cannot list it: {told}") for one in numbers if one)
    return Got(listed, Reading(wishes=tuple(wishes)))


def _one_after(store: Store, noun: Noun, named: Mapping[str, Any]) -> Listed:
    """A plugin may stumble over an entry whatever is asked for, and over its neighbours too: one of the same
    second may be lost between those, which is less than all that comes after them."""
    first, told = int(named["page"]), ""
    for page in range(first + 1, first + 1 + _NEIGHBOURS):
        try:
            return list_page(store, f"{noun}s", {**named, "page": str(page)})
        except TooMuch as error:
            told = str(error)
    raise TooMuch(told)
