"""The lines of an order: what was bought, with edits applied and refunds not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from connectors.fields import amount
from connectors.shopify.fields import Body, child, children, count, flag, own_id, reference, text
from connectors.shopify.money import shop_amount
from flows.commerce import OrderLine, Refund

_NO_VARIANT = "Default Title"


def refunded_quantities(refunds: Iterable[Refund]) -> Mapping[str, int]:
    given: dict[str, int] = {}
    for refund in refunds:
        for line in refund.lines:
            given[line.line_id] = given.get(line.line_id, 0) + line.quantity
    return given


def order_lines(
    items: Iterable[Body], currency: str, refunded: Mapping[str, int] | None
) -> tuple[tuple[OrderLine, ...], int]:
    """The lines, and the sum over them before any discount. `refunded`: pieces given back per line id;
    None where the body does not tell."""
    lines, subtotal = [], 0
    for item in items:
        ordered, price = count(item, "quantity") or 0, amount(item, "price", currency) or 0
        line = _edited(_line(item, ordered, price, currency), count(item, "current_quantity"), refunded)
        if line.quantity > 0 or ordered == 0:
            lines.append(line)
            subtotal += price * line.quantity
    return tuple(lines), subtotal


def line_id(item: Body, key: str, nested: str) -> str | None:
    """The id in `key`, or the exact one of the line that is nested beside it."""
    line = child(item, nested)
    return own_id(line) if line else reference(item, key)


def _line(item: Body, ordered: int, price: int, currency: str) -> OrderLine:
    return OrderLine(
        id=own_id(item),
        title=text(item, "title") or text(item, "name"),
        quantity=ordered,
        total=price * ordered - _discount(item, currency),
        product_id=reference(item, "product_id"),
        variant_id=reference(item, "variant_id"),
        variant=_variant(item),
        sku=text(item, "sku"),
        ships=flag(item, "requires_shipping", default=True),
        gift_card=flag(item, "gift_card"),
    )


def _edited(line: OrderLine, current: int | None, refunded: Mapping[str, int] | None) -> OrderLine:
    """The platform's current quantity counts edits and refunds; what was refunded is added back."""
    if current is None or refunded is None:
        return line
    quantity = min(line.quantity, current + refunded.get(line.id, 0))
    if quantity == line.quantity:
        return line
    return replace(line, quantity=quantity, total=line.total * quantity // line.quantity)


def _discount(item: Body, currency: str) -> int:
    """All discounts on the line, its share of the order's included."""
    if item.data.get("discount_allocations") is None:
        return amount(item, "total_discount", currency) or 0
    return sum(_allocated(part, currency) for part in children(item, "discount_allocations"))


def _allocated(part: Body, currency: str) -> int:
    given = shop_amount(part, "amount_set", currency)
    return given if given is not None else amount(part, "amount", currency) or 0


def _variant(item: Body) -> str:
    name = text(item, "variant_title")
    return "" if name == _NO_VARIANT else name
