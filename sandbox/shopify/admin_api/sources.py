"""Parts of an order that need the order beside them to be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LineOf:
    order: Body
    body: Body


@dataclass(frozen=True, slots=True)
class ParcelOf:
    order: Body
    body: Body


@dataclass(frozen=True, slots=True)
class ParcelLineOf:
    """A line inside a parcel; its quantity is what the parcel holds."""

    order: Body
    body: Body


@dataclass(frozen=True, slots=True)
class RefundOf:
    order: Body
    body: Body


@dataclass(frozen=True, slots=True)
class RefundLineOf:
    order: Body
    body: Body


def line_of(order: Body, line_id: Any) -> LineOf:
    """The order's own line behind a part's. Raises LookupError."""
    for line in order["line_items"]:
        if line["id"] == line_id:
            return LineOf(order, line)
    raise LookupError(f"order {order['name']} has no line {line_id}")
