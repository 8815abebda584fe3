"""Returns and exchanges: goods on their way back, and what goes out in their place.

No message of a return bears a date, so none outranks another: states only move forward, and what the
store itself answers (`Return.version` is then that of its order) tells the rest.
"""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.base import Noun, Reading, Store, Wish
from connectors.shopify import statuses
from connectors.shopify.fields import Body, child, children, count, own_id, reference, text
from connectors.shopify.lines import line_id
from flows.commerce import LineQuantity, Return

# The version of a picture that has no date: every dated one is newer.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def return_reading(item: Body, store: Store | None) -> Reading:
    """One of the returns/* messages. Where it names no order (an update tells only differences) the
    return waits without one until the store has been asked; where it hides its lines, its order is read."""
    order = _order_id(item)
    found = order_return(item, order or "", UNDATED)
    return Reading(returns=(found,), wishes=_wishes(item, found))


def order_return(item: Body, order_id: str, version: datetime) -> Return:
    """Raises Malformed without an id."""
    lines = _listed(item, "return_line_items")
    return Return(
        id=own_id(item),
        order_id=order_id,
        version=version,
        state=statuses.return_state(text(item, "status")),
        name=text(item, "name"),
        lines=_lines(lines),
        reason=_reason(item, lines),
        exchange=bool(count(item, "total_exchange_line_items") or _listed(item, "exchange_line_items")),
    )


def _order_id(item: Body) -> str | None:
    order = child(item, "order")
    return (own_id(order) if order else None) or reference(item, "order_id")


def _wishes(item: Body, found: Return) -> tuple[Wish, ...]:
    if not found.order_id:
        return (Wish(Noun.RETURN, found.id, "the message of the return names no order"),)
    if not found.lines and count(item, "total_return_line_items"):
        return (Wish(Noun.ORDER, found.order_id, "the return came without its lines"),)
    return ()


def _listed(item: Body, key: str) -> tuple[Body, ...]:
    """The things in a list; the differences that an update tells (an object) are none of them."""
    return children(item, key) if isinstance(item.data.get(key), list) else ()


def _lines(lines: tuple[Body, ...]) -> tuple[LineQuantity, ...]:
    """Pieces by line of the order; what no line of the order stands for is left out."""
    found: dict[str, int] = {}
    for line in lines:
        shipped = child(line, "fulfillment_line_item")
        number = line_id(shipped, "line_item_id", "line_item") if shipped else None
        if number is not None:
            found[number] = found.get(number, 0) + (count(line, "quantity") or 0)
    return tuple(LineQuantity(number, quantity) for number, quantity in found.items())


def _reason(item: Body, lines: tuple[Body, ...]) -> str:
    """Why it was declined, else what the buyer or the merchant wrote beside the first line."""
    declined = child(item, "decline")
    if declined:
        return text(declined, "note") or text(declined, "reason").lower()
    said = (text(line, key).strip() for line in lines for key in ("customer_note", "return_reason_note"))
    return next(filter(None, said), "")
