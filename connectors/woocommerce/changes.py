"""Orders that changed, oldest change first, from their own bodies: whatever else belongs to them is wished
for. So a page is one call, and an order that the store cannot serve whole holds up no other.

The next page is what changed after the last order of this one, not a page by its number: what changes
meanwhile moves to the end, and numbers would skip an order for each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Noun, Page, Reading, Store, StoreUnreachable
from connectors.fields import read_instant
from connectors.woocommerce.joined import joined
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.pace import Pace, rest
from connectors.woocommerce.reading_pages import Got, read_page
from connectors.woocommerce.rest_api import Listed
from connectors.woocommerce.trimmed import ORDER

FIRST = Pace()
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: with what changed later than `after`. `crowded`: the second that follows
    has more orders than fit on a page, and is read by their ids, of which `passed` out of `among` are
    through. `newest`: the newest change that was seen."""

    after: datetime
    crowded: bool = False
    passed: int = 0
    among: int | None = None
    newest: datetime | None = None
    pace: Pace = FIRST

    def written(self) -> str:
        values = asdict(self) | {"after": self.after.isoformat(), "newest": _iso(self.newest)}
        return json.dumps(values, separators=(",", ":"))


def changed_since(store: Store, since: datetime, cursor: str | None) -> Page:
    """Orders changed at or after `since`. The trash is not listed. Raises StoreError; one that says where to
    go on more gently where the store could not do it at once."""
    at = _read_place(cursor) or Place(since - _SECOND, pace=FIRST)
    got = read_page(
        store,
        Noun.ORDER,
        _asked(at),
        lambda page: joined(page.items, Noun.ORDER, lambda item: order_reading(item, store.words)),
        at.pace,
        lambda less: replace(at, pace=less).written(),
    )
    listed = got.listed
    if at.crowded and at.among is not None and listed.total is not None and listed.total < at.among:
        # Orders that were passed have changed again, or are gone: the others moved up.
        gone = at.among - listed.total
        return _page(Got(listed, Reading()), replace(at, among=listed.total, passed=max(0, at.passed - gone)))
    if not got.unread:
        at = replace(at, newest=max((*_changes(listed), *([at.newest] if at.newest else [])), default=None))
    following = _after_crowd(at, listed) if at.crowded else _following(at, listed)
    if following is None:
        return Page(got.reading, None, newest=at.newest, unread=got.unread, clock=listed.clock)
    return _page(got, following)


def _page(got: Got, at: Place) -> Page:
    at = replace(at, pace=at.pace.after(got.listed.seconds))
    wait = rest(got.listed.seconds)
    return Page(got.reading, at.written(), wait, unread=got.unread, clock=got.listed.clock)


def _asked(at: Place) -> Mapping[str, str | tuple[str, ...]]:
    asked: dict[str, str | tuple[str, ...]] = {
        "modified_after": _text(at.after),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": str(at.pace.size),
        "page": "1",
        "_fields": ORDER,
    }
    if at.crowded:
        # By their ids: a store gives those of one second in any order, another one for each page.
        asked |= {"modified_before": _text(at.after + 2 * _SECOND), "orderby": "id"}
        asked["page"] = str(at.passed // at.pace.size + 1)
    return asked


def _following(at: Place, listed: Listed) -> Place | None:
    """None: that was the last page. Bounds are whole seconds and exclusive, so the last second is read once
    more, from its beginning."""
    if not listed.items or not _more(listed, at.pace.size, len(listed.items)):
        return None
    latest = max(_changes(listed), default=None)
    if latest is None or latest <= at.after:
        raise StoreUnreachable("the shop does not keep to the time that it was asked for")
    after = latest - _SECOND
    return replace(at, crowded=True, passed=0, among=None) if after == at.after else replace(at, after=after)


def _after_crowd(at: Place, listed: Listed) -> Place:
    """On in the same second, or to what changed after it."""
    passed = at.passed // at.pace.size * at.pace.size + at.pace.size
    if _more(listed, at.pace.size, passed):
        return replace(at, passed=passed, among=listed.total)
    return replace(at, after=at.after + _SECOND, crowded=False, passed=0, among=None)


def _more(listed: Listed, size: int, passed: int) -> bool:
    """By what is counted, or by a full page where a proxy drops the header that tells it."""
    return len(listed.items) >= size if listed.total is None else listed.total > passed


def _changes(listed: Listed) -> list[datetime]:
    told = (item.get("date_modified_gmt") for item in listed.items if isinstance(item, Mapping))
    return [change for one in told if (change := read_instant(one))]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read_place(cursor: str | None) -> Place | None:
    """None: no place of ours, so it begins anew; nothing is doubled by that."""
    try:
        held: dict[str, Any] = json.loads(cursor or "")
        newest = datetime.fromisoformat(held["newest"]) if held["newest"] else None
        after = datetime.fromisoformat(held["after"])
        return Place(**(held | {"after": after, "newest": newest, "pace": Pace(**held["pace"])}))
    except (ValueError, TypeError, KeyError):
        return None
