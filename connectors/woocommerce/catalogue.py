"""All products with their variations, by their ids: new ones come last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from connectors.base import Noun, Page, Reading, Store
from connectors.woocommerce.joined import joined
from connectors.woocommerce.pace import Pace, rest
from connectors.woocommerce.reading_pages import read_page
from connectors.woocommerce.rest_api import Listed
from connectors.woocommerce.trimmed import PRODUCT
from connectors.woocommerce.variations import listed_product

# A product with variations costs a call of its own.
MOST_AT_ONCE = 50
_FIRST = Pace(MOST_AT_ONCE, MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Place:
    """So many products are `passed`, of `total` that there were then."""

    passed: int = 0
    total: int | None = None
    pace: Pace = _FIRST

    def written(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def catalogue(store: Store, cursor: str | None) -> Page:
    """Raises StoreError; one that says where to go on more gently where the store could not do it at once."""
    at = _read_place(cursor)
    size = at.pace.size
    page = at.passed // size + 1
    asked = {"orderby": "id", "order": "asc", "per_page": str(size), "page": str(page), "_fields": PRODUCT}
    spent: list[float] = []
    got = read_page(
        store,
        Noun.PRODUCT,
        asked,
        lambda page: _products(store, page, spent),
        at.pace,
        lambda less: replace(at, pace=less).written(),
    )
    listed, reading = got.listed, got.reading
    # A page may hold fewer than it was asked for: what our key may not see, or what is broken.
    passed = page * size
    more = len(listed.items) >= size if listed.total is None else passed < listed.total
    done = passed if more else listed.total or (page - 1) * size + len(listed.items)
    if at.total is not None and listed.total is not None and listed.total < at.total:
        # Some that were passed are deleted, and others moved up into their places.
        passed = max(0, at.passed - (at.total - listed.total))
    elif not more:
        return Page(reading, None, done=done, total=done, unread=got.unread)
    pace = at.pace.after(listed.seconds).at_most(MOST_AT_ONCE)
    following = Place(passed, listed.total, pace)
    wait = rest(sum(spent))
    return Page(reading, following.written(), wait, done=done, total=listed.total, unread=got.unread)


def _products(store: Store, page: Listed, spent: list[float]) -> Reading:
    spent.append(page.seconds)
    return joined(page.items, Noun.PRODUCT, lambda item: listed_product(store, item, spent))


def _read_place(cursor: str | None) -> Place:
    try:
        held = json.loads(cursor or "")
        return Place(**(held | {"pace": Pace(**held["pace"])}))
    except (ValueError, TypeError, KeyError):
        return Place()
