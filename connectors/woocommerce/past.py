"""Past orders, newest first, from their own bodies alone: what was refunded line by line matters to nobody
any more, and would cost a call for each order.

The next page is what was placed before the last order of this one, not a page by its number: orders that come
or go meanwhile shift nothing, and the thousandth page costs the store as little as the first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
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

_SECOND = timedelta(seconds=1)
# Of a crowded second so many orders are remembered as read: those that deletions may bring up again.
_REMEMBERED = 1000
_FIRST = Pace()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins. `before`: with what was placed before it; `seen`: the orders of the last
    second before it that have been read. `crowded`: a second of more orders than fit on a page, read by
    their ids, of which `passed` out of `among` are through. `done` of `total` have been read in all."""

    before: datetime | None = None
    seen: tuple[int, ...] = ()
    crowded: bool = False
    passed: int = 0
    among: int | None = None
    done: int = 0
    total: int | None = None
    pace: Pace = _FIRST

    def written(self) -> str:
        values = asdict(self) | {"before": self.before.isoformat() if self.before else None}
        return json.dumps(values, separators=(",", ":"))


def history(store: Store, cursor: str | None, since: datetime | None) -> Page:
    """Orders placed after `since`, None: all. Raises StoreError; one that says where to go on more gently
    where the store could not do it at once."""
    at = _read_place(cursor)
    read_before = set(at.seen)
    got = read_page(
        store,
        Noun.ORDER,
        _asked(at, since),
        lambda page: _thin([item for item in page.items if _id(item) not in read_before], store),
        at.pace,
        lambda less: replace(at, pace=less).written(),
    )
    listed = got.listed
    read = [] if got.unread else [number for item in listed.items if (number := _id(item))]
    at = replace(at, total=at.total if at.done else listed.total)
    if at.crowded and at.among is not None and listed.total is not None and listed.total < at.among:
        # Somebody deleted orders that were passed: the others moved up.
        gone = at.among - listed.total
        return _page(Got(listed, Reading()), replace(at, among=listed.total, passed=max(0, at.passed - gone)))
    at = replace(at, done=at.done + len([one for one in read if one not in read_before]) + len(got.unread))
    following = _after_crowd(at, listed, read) if at.crowded else _following(at, listed, read)
    if following is None:
        return Page(got.reading, None, done=at.done, total=at.done, unread=got.unread)
    return _page(got, following)


def _thin(items: list[Any], store: Store) -> Reading:
    return joined(items, Noun.ORDER, lambda item: replace(order_reading(item, store.words), wishes=()))


def _page(got: Got, at: Place) -> Page:
    at = replace(at, pace=at.pace.after(got.listed.seconds))
    wait = rest(got.listed.seconds)
    return Page(got.reading, at.written(), wait, done=at.done, total=at.total, unread=got.unread)


def _asked(at: Place, since: datetime | None) -> Mapping[str, str | tuple[str, ...]]:
    size = at.pace.size
    asked: dict[str, str | tuple[str, ...]] = {
        "status": "any",
        "orderby": "date",
        "order": "desc",
        "dates_are_gmt": "true",
        "per_page": str(size),
        "page": "1",
        "_fields": ORDER,
    }
    if since is not None:
        asked["after"] = _text(since)
    if at.before is not None:
        asked["before"] = _text(at.before)
    if at.crowded and at.before is not None:
        # By their ids: in what order a store gives orders of one second is nowhere written.
        asked |= {"after": _text(at.before - 2 * _SECOND), "orderby": "id", "order": "asc"}
        asked["page"] = str(at.passed // size + 1)
    return asked


def _following(at: Place, listed: Listed, read: Collection[int]) -> Place | None:
    """None: that was the last page. `read`: which of those listed are read by now."""
    more = len(listed.items) >= at.pace.size if listed.total is None else listed.total > len(listed.items)
    if not listed.items or not more:
        return None
    placed = {number: moment for item in listed.items if (number := _id(item)) and (moment := _placed(item))}
    last = min(placed.values(), default=None)
    if last is None or (at.before is not None and last >= at.before):
        raise StoreUnreachable("the shop does not keep to the time that it was asked for")
    before = last + _SECOND
    if before == at.before:
        return replace(at, crowded=True, passed=0, among=None, seen=tuple({*at.seen, *read}))
    return replace(at, before=before, seen=tuple(one for one in read if placed.get(one) == last))


def _after_crowd(at: Place, listed: Listed, read: Collection[int]) -> Place:
    """On in the same second, or to what was placed before it."""
    size = at.pace.size
    passed = at.passed // size * size + size
    more = len(listed.items) >= size if listed.total is None else listed.total > passed
    if more:
        seen = dict.fromkeys((*at.seen, *read))
        return replace(at, passed=passed, among=listed.total, seen=tuple(seen)[-_REMEMBERED:])
    assert at.before is not None
    return replace(at, before=at.before - _SECOND, crowded=False, passed=0, among=None, seen=())


def _id(item: Any) -> int:
    number = item.get("id") if isinstance(item, Mapping) else None
    return number if isinstance(number, int) else 0


def _placed(item: Mapping[str, Any]) -> datetime | None:
    return read_instant(item.get("date_created_gmt"))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _read_place(cursor: str | None) -> Place:
    """Anything that is no place of ours begins anew: nothing is doubled by that."""
    try:
        held = json.loads(cursor or "")
        before = datetime.fromisoformat(held["before"]) if held["before"] else None
        pace = Pace(**held["pace"])
        return Place(**(held | {"before": before, "seen": tuple(held["seen"]), "pace": pace}))
    except (ValueError, TypeError, KeyError):
        return Place()
