"""The order meta in which shipment tracking plugins keep their numbers: each number is a parcel.

An entry that is taken out and written anew gets another id from the plugin; its number is what stays, so a
parcel is known by that. Where several entries share one (what is inside, article by article), they are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.fields import Body, read_instant, web_address
from connectors.woocommerce.metas import entries, metas, word
from flows.commerce import LineQuantity, Order, OrderLine, Parcel, ParcelStatus

TRACKING = "_wc_shipment_tracking_items"

# A day without a time, kept as midnight UTC of the shop's own day, is over everywhere after this.
_END_OF_DAY = timedelta(hours=36)


def tracked_parcels(item: Body, order: Order) -> tuple[Parcel, ...]:
    listed: dict[str, Mapping[str, Any]] = {}
    for at, entry in enumerate(entries(metas(item).get(TRACKING)), start=1):
        listed[word(entry, "tracking_id") or word(entry, "tracking_number") or str(at)] = entry
    found: dict[str, Parcel] = {}
    for own, entry in listed.items():
        parcel = _parcel(own, entry, order)
        held = found.get(parcel.id)
        found[parcel.id] = parcel if held is None else replace(parcel, lines=_together(held, parcel))
    return tuple(found.values())


def parcel_id(order: Order, number: str) -> str:
    """Blanks are how somebody wrote it."""
    return f"{order.id}:{''.join(number.split())[:64]}"


def _together(one: Parcel, other: Parcel) -> tuple[LineQuantity, ...]:
    """What is in both; unknown where one does not say what is inside."""
    if not one.lines or not other.lines:
        return ()
    pieces: dict[str, int] = {}
    for line in (*one.lines, *other.lines):
        pieces[line.line_id] = pieces.get(line.line_id, 0) + line.quantity
    return tuple(LineQuantity(line, quantity) for line, quantity in pieces.items())


def _parcel(own: str, entry: Mapping[str, Any], order: Order) -> Parcel:
    number = word(entry, "tracking_number")
    return Parcel(
        id=parcel_id(order, number or own),
        order_id=order.id,
        version=order.version,
        status=ParcelStatus.SHIPPED,
        carrier=word(entry, "formatted_tracking_provider", "custom_tracking_provider", "tracking_provider"),
        tracking_number=number,
        tracking_url=_link(entry),
        lines=tuple(_contents(entry, order.lines)),
        shipped_at=_shipped_at(word(entry, "date_shipped"), order),
        nameless=True,
    )


def _link(entry: Mapping[str, Any]) -> str | None:
    keys = ("custom_tracking_link", "formatted_tracking_link", "ast_tracking_link", "tracking_link")
    return next((link for key in keys if (link := web_address(entry.get(key)))), None)


def _contents(entry: Mapping[str, Any], lines: tuple[OrderLine, ...]) -> Iterator[LineQuantity]:
    for part in _parts(entry):
        line, quantity = _line(part, lines), word(part, "qty")
        if line is not None and quantity.isdecimal() and 0 < int(quantity[:9]) <= line.quantity:
            yield LineQuantity(line.id, int(quantity[:9]))


def _line(part: Mapping[str, Any], lines: tuple[OrderLine, ...]) -> OrderLine | None:
    """The line that a plugin means: by its own id, else by product, else by article number."""
    item, product, sku = word(part, "item_id"), word(part, "product"), word(part, "sku")
    choices = (
        *(line for line in lines if item and item == line.id),
        *(line for line in lines if product and product in (line.variant_id, line.product_id)),
        *(line for line in lines if sku and sku == line.sku),
    )
    return choices[0] if choices else None


def _parts(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = entries(entry.get("products_list"))
    if listed:
        return list(listed)
    codes, quantities = word(entry, "sku").split(","), word(entry, "qty").split(",")
    return [{"sku": code.strip(), "qty": much.strip()} for code, much in zip(codes, quantities, strict=False)]


def _shipped_at(text: str, order: Order) -> datetime:
    """Plugins keep a day, not a moment. The state of the order that shows it is the best witness of
    the moment, if it is of that day; nothing leaves before it was ordered or after it was told."""
    if text.isdecimal() and len(text) < 12:
        day: datetime | None = datetime.fromtimestamp(int(text), UTC)
    else:
        day = read_instant(text)
    if day is None:
        return order.version
    latest = day + _END_OF_DAY if day == day.replace(hour=0, minute=0, second=0, microsecond=0) else day
    return max(min(latest, order.version), order.placed_at)
