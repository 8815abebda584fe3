"""The order meta in which shipment tracking plugins keep their numbers: each entry is a parcel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.fields import Body, read_instant, web_address
from connectors.woocommerce.metas import entries, metas, word
from flows.commerce import LineQuantity, Order, OrderLine, Parcel, ParcelStatus

_META = "_wc_shipment_tracking_items"

# A day without a time, kept as midnight UTC of the shop's own day, is over everywhere after this.
_END_OF_DAY = timedelta(hours=36)


def tracked_parcels(item: Body, order: Order) -> tuple[Parcel, ...]:
    found = enumerate(entries(metas(item).get(_META)), start=1)
    return tuple(
        {parcel.id: parcel for parcel in (_parcel(at, entry, order) for at, entry in found)}.values()
    )


def _parcel(at: int, entry: Mapping[str, Any], order: Order) -> Parcel:
    number = word(entry, "tracking_number")
    own = word(entry, "tracking_id") or number or str(at)
    return Parcel(
        id=f"{order.id}:{own[:64]}",
        order_id=order.id,
        version=order.version,
        status=ParcelStatus.SHIPPED,
        carrier=word(entry, "formatted_tracking_provider", "custom_tracking_provider", "tracking_provider"),
        tracking_number=number,
        tracking_url=_link(entry),
        lines=tuple(_contents(entry, order.lines)),
        shipped_at=_shipped_at(word(entry, "date_shipped"), order),
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
