"""Reading from the shop page by page: what changed, past orders, the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Malformed, Noun, Page, Reading, Store, Wish
from connectors.fields import Body, body, read_instant, text
from connectors.woocommerce.fetch import whole_order
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.products import product
from connectors.woocommerce.rest_api import read_list

PER_PAGE = 100
# A product with variations costs a call of its own.
PRODUCTS_PER_PAGE = 50

_SECOND = timedelta(seconds=1)
_PRODUCT_FIELDS = (
    "id,name,permalink,date_created_gmt,date_modified_gmt,type,status,price,virtual,parent_id,"
    "categories,tags,images,image,attributes,variations"
)


def changed_since(store: Store, since: datetime, cursor: str | None) -> Page:
    """Orders changed at or after `since`, oldest change first, with all that belongs to them.

    The cursor is the instant to go on from and a page. Pages alone would skip an order each time
    that one on an earlier page changes meanwhile and moves to the end. The trash is not listed.
    """
    after, page = _resume(cursor) if cursor else (since - _SECOND, 1)
    items, pages = read_list(
        store,
        "orders",
        {
            "modified_after": after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "status": "any",
            "per_page": str(PER_PAGE),
            "page": str(page),
        },
    )
    reading = _joined(items, Noun.ORDER, lambda item: whole_order(store, item))
    return Page(reading, _next_change(after, page, items) if _is_more(items, page, pages, PER_PAGE) else None)


def history(store: Store, cursor: str | None) -> Page:
    """Past orders, newest first, from their own bodies alone: what was refunded line by line matters
    to nobody any more, and would cost a call for each order."""
    page = int(cursor or 1)
    asked = {
        "status": "any",
        "orderby": "date",
        "order": "desc",
        "per_page": str(PER_PAGE),
        "page": str(page),
    }
    items, pages = read_list(store, "orders", asked)
    reading = _joined(items, Noun.ORDER, lambda item: replace(order_reading(item, store.words), wishes=()))
    return _counted(reading, items, page, pages, PER_PAGE)


def catalogue(store: Store, cursor: str | None) -> Page:
    """Products with their variations (100 of each product)."""
    page = int(cursor or 1)
    asked = {"orderby": "id", "order": "asc", "per_page": str(PRODUCTS_PER_PAGE), "page": str(page)}
    items, pages = read_list(store, "products", {**asked, "_fields": _PRODUCT_FIELDS})
    reading = _joined(items, Noun.PRODUCT, lambda item: _with_variations(store, item))
    return _counted(reading, items, page, pages, PRODUCTS_PER_PAGE)


def _with_variations(store: Store, item: Body) -> Reading:
    found = product(item, store)
    if text(item, "type") != "variable" or not item.data.get("variations"):
        return Reading(products=(found,))
    asked = {"per_page": str(PER_PAGE), "_fields": _PRODUCT_FIELDS}
    items, _ = read_list(store, f"products/{found.id}/variations", asked)
    below = _joined(items, Noun.PRODUCT, lambda item: Reading(products=(product(item, store, found),)))
    return replace(below, products=(found, *below.products))


def _joined(items: Iterable[Any], noun: Noun, read: Callable[[Body], Reading]) -> Reading:
    """One bad entry must not stop a listing for ever: it is asked for by itself, and fails there."""
    readings: list[Reading] = []
    for item in items:
        try:
            readings.append(read(body(item, noun)))
        except Malformed as error:
            number = item.get("id") if isinstance(item, Mapping) else None
            if isinstance(number, int):
                readings.append(
                    Reading(wishes=(Wish(noun, str(number), f"unreadable in a listing: {error}"),))
                )
    return Reading(
        orders=tuple(order for reading in readings for order in reading.orders),
        parcels=tuple(parcel for reading in readings for parcel in reading.parcels),
        refunds=tuple(refund for reading in readings for refund in reading.refunds),
        products=tuple(found for reading in readings for found in reading.products),
        wishes=tuple(wish for reading in readings for wish in reading.wishes),
        all_parcels_of=tuple(number for reading in readings for number in reading.all_parcels_of),
    )


def _counted(reading: Reading, items: list[Any], page: int, pages: int | None, per_page: int) -> Page:
    """How far it is, as full pages where more come: the shop tells how many pages there are."""
    more = _is_more(items, page, pages, per_page)
    done = (page - 1) * per_page + len(items)
    total = done if not more else pages * per_page if pages else None
    return Page(reading, str(page + 1) if more else None, done=done, total=total)


def _is_more(items: list[Any], page: int, pages: int | None, per_page: int) -> bool:
    """By the number of pages, or by a full page where a proxy drops the header that tells it."""
    return len(items) >= per_page if pages is None else bool(items) and page < pages


def _next_change(after: datetime, page: int, items: list[Any]) -> str:
    changes = [read_instant(item.get("date_modified_gmt")) for item in items if isinstance(item, Mapping)]
    # Times are whole seconds and the bound is exclusive, so the last second is read once more.
    latest = max((change for change in changes if change), default=after) - _SECOND
    return f"{latest.isoformat()} 1" if latest > after else f"{after.isoformat()} {page + 1}"


def _resume(cursor: str) -> tuple[datetime, int]:
    after, page = cursor.split(" ")
    return datetime.fromisoformat(after), int(page)
