"""All orders, products and customers of a shop, by bulk operations: the shop writes a file, we read it
piece by piece.

Nothing is kept between two pages but the cursor (`bulk_place`), so a reading that was cut off at any
point goes on at the next entry of the same file. The operation is asked for its address each time,
because that is signed and ages.

`groupObjects: true` costs the shop more work and makes its time-outs likelier, but puts children right
behind their parent: ungrouped, the lines of an order may stand anywhere in a file of gigabytes, and
whoever joins them has to hold all of it or sort it first. What a failed operation leaves unread is
listed by pages instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.base import Noun, Page, Reading, Store, StoreRefused, StoreUnreachable, Wish
from connectors.shopify import normalise_graphql as words
from connectors.shopify.admin_api import call
from connectors.shopify.bulk_file import Entry, FileGone, entries, read_piece
from connectors.shopify.bulk_orders import bulk_order
from connectors.shopify.bulk_place import Place, place_in
from connectors.shopify.documents import document
from connectors.shopify.entries import joined, number_of, read_entry
from connectors.shopify.nodes import dig, listed
from connectors.shopify.reading import list_customers, list_orders, list_products

# A shop runs this many for one app at once (API version 2026-01 and later).
AT_ONCE = 5
# Beyond this many operations that came to nothing, entries are listed.
MOST_BEGUN = 2
LONGEST_WAIT = 60.0
MOST_LOOKS = 5
BUSY_WAIT = 30.0

_RUNNING = {"CREATED", "RUNNING", "CANCELING"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`read`: an entry of the file, given what the operation says of itself. `list_from`: the same things by
    pages (store, cursor, made at or after; those that cannot be narrowed come whole)."""

    noun: Noun
    operation: str
    read: Callable[[Entry, Mapping[str, Any], Store], Reading]
    list_from: Callable[[Store, str | None, str], Page]


_ORDERS = Kind(
    Noun.ORDER,
    "bulk_orders",
    lambda entry, told, store: bulk_order(entry.node, entry.children, str(dig(told, "createdAt")), store),
    list_orders,
)
_PRODUCTS = Kind(
    Noun.PRODUCT, "bulk_products", lambda entry, told, store: words.product(entry.node, store), list_products
)
_CUSTOMERS = Kind(
    Noun.CUSTOMER,
    "bulk_customers",
    lambda entry, told, store: words.customer(entry.node, counted_at=dig(told, "createdAt")),
    list_customers,
)


def history(store: Store, cursor: str | None) -> Page:
    """All orders that the granted scopes show (60 days, unless read_all_orders is granted), with their
    lines, parcels and refunds; what the file cannot hold of young ones is wished for."""
    return _page(_ORDERS, store, place_in(cursor))


def catalogue(store: Store, cursor: str | None) -> Page:
    return _page(_PRODUCTS, store, place_in(cursor))


def customers(store: Store, cursor: str | None) -> Page:
    """With their consent and how often they ordered."""
    return _page(_CUSTOMERS, store, place_in(cursor))


def _page(kind: Kind, store: Store, place: Place) -> Page:
    """Raises StoreError."""
    if place.listed is not None:
        return _listing(kind, store, place)
    if not place.operation:
        return _begin(kind, store, place)
    told = dig(call(store, "bulk_operation", {"id": place.operation}), "bulkOperation")
    status = dig(told, "status")
    if status in _RUNNING:
        return _wait(place, told)
    address = dig(told, "url") if status == "COMPLETED" else dig(told, "partialDataUrl")
    if address is not None:
        return _read(kind, store, place, told, str(address))
    if status == "COMPLETED":  # there was nothing to write into a file
        return Page(Reading(), done=0, total=0)
    return _again(kind, store, place, str(dig(told, "errorCode")))


def _begin(kind: Kind, store: Store, place: Place) -> Page:
    """Goes on with an operation of ours that runs already: one that was begun just before we died."""
    query = document(kind.operation)
    running = _running(store)
    ours = next((one for one in running if str(dig(one, "query")).split() == query.split()), None)
    if ours is None and len(running) >= AT_ONCE:
        return Page(Reading(), str(place), wait=BUSY_WAIT)
    if ours is None:
        try:
            made = call(store, "bulk_run", {"query": query, "groupObjects": True})
        except StoreRefused:
            # Others may have taken the last place meanwhile; anything else would be refused again.
            if len(_running(store)) >= AT_ONCE:
                return Page(Reading(), str(place), wait=BUSY_WAIT)
            return _listing(kind, store, replace(place, listed=""))
        ours = dig(made, "bulkOperationRunQuery.bulkOperation")
    if not isinstance(dig(ours, "id"), str):
        raise StoreUnreachable("the shop does not say which operation it has begun")
    return _wait(Place(operation=dig(ours, "id"), begun=place.begun + 1), ours)


def _running(store: Store) -> list[Any]:
    """The newest operations come first."""
    asked = {"first": 4 * AT_ONCE, "query": "operation_type:query"}
    found = listed(call(store, "bulk_operations", asked), "bulkOperations.nodes")
    return [one for one in found if dig(one, "status") in _RUNNING]


def _wait(place: Place, told: Any) -> Page:
    """Soon at first, then slower: the shop tells when it is done, and looking is for when that is lost."""
    later = replace(place, looks=place.looks + 1)
    wait = min(1.5 ** min(place.looks, 20), LONGEST_WAIT)  # the power of a long wait has no float
    return Page(Reading(), str(later), wait=wait, done=0, total=_count(told))


def _read(kind: Kind, store: Store, place: Place, told: Any, address: str) -> Page:
    """Also what a failed operation could save: the rest is listed from its last entry on."""
    try:
        piece = read_piece(store.http, address, place.at)
    except FileGone:
        if dig(told, "status") == "COMPLETED" and place.shut < MOST_LOOKS:
            return Page(Reading(), str(replace(place, shut=place.shut + 1)), wait=BUSY_WAIT)
        return _listing(kind, store, replace(place, listed=""))
    readings, unread = [], []
    for entry in entries(piece):
        reading, reasons = _entry(kind, entry, told, store)
        readings.append(reading)
        unread += [*entry.unread, *reasons]
        last = str(dig(entry.node, "createdAt") or place.last)
        place = replace(place, at=entry.end, done=place.done + 1, last=last, looks=0, shut=0)
    over = piece.last
    cursor: str | None = str(place)
    if over:
        whole = dig(told, "status") == "COMPLETED"
        cursor = None if whole else str(replace(place, listed=""))
    return Page(joined(readings), cursor, done=place.done, total=_count(told), unread=tuple(unread))


def _entry(kind: Kind, entry: Entry, told: Any, store: Store) -> tuple[Reading, tuple[str, ...]]:
    found = (number_of(one) for one in sorted(entry.orphans))
    lost = [Wish(kind.noun, number, "its lines stood apart from it") for number in found if number]
    if entry.node is None:
        return Reading(wishes=tuple(lost)), ()
    reading, reasons = read_entry(entry.node, kind.noun, lambda: kind.read(entry, told, store))
    return (replace(reading, wishes=(*reading.wishes, *lost)) if lost else reading), reasons


def _again(kind: Kind, store: Store, place: Place, error: str) -> Page:
    """An operation that came to nothing: cancelled, too old, failed. Without a right, another would fail
    as well, and the listing says which right it is."""
    if error == "ACCESS_DENIED" or place.begun >= MOST_BEGUN:
        return _listing(kind, store, replace(place, listed=""))
    return _begin(kind, store, Place(begun=place.begun))


def _listing(kind: Kind, store: Store, place: Place) -> Page:
    page = kind.list_from(store, place.listed or None, place.last)
    if page.cursor is None:
        return page
    return replace(page, cursor=str(replace(place, listed=page.cursor)))


def _count(told: Any) -> int | None:
    """Counts are texts of digits."""
    number = str(dig(told, "rootObjectCount"))
    return int(number) if number.isdecimal() else None
