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


def order_lines(order: Body, currency: str, refunded: Mapping[str, int] | None) -> tuple[OrderLine, ...]:
    """`refunded`: pieces given back per line id; None where the body does not tell."""
    lines = tuple(_line(item, currency, refunded) for item in children(order, "line_items"))
    return tuple(line for line, ordered in lines if line.quantity > 0 or ordered == 0)


def price_of_lines(order: Body, lines: Iterable[OrderLine], currency: str) -> int:
    """Sum over `lines` before any discount."""
    kept = {line.id: line.quantity for line in lines}
    return sum(
        (amount(item, "price", currency) or 0) * kept.get(own_id(item), 0)
        for item in children(order, "line_items")
    )


def line_id(item: Body, key: str, nested: str) -> str | None:
    """The id in `key`, or the exact one of the line that is nested beside it."""
    line = child(item, nested)
    return own_id(line) if line else reference(item, key)


def _line(item: Body, currency: str, refunded: Mapping[str, int] | None) -> tuple[OrderLine, int]:
    ordered = count(item, "quantity") or 0
    before = (amount(item, "price", currency) or 0) * ordered
    line = OrderLine(
        id=own_id(item),
        title=text(item, "title") or text(item, "name"),
        quantity=ordered,
        total=before - _discount(item, currency),
        product_id=reference(item, "product_id"),
        variant_id=reference(item, "variant_id"),
        variant=_variant(item),
        sku=text(item, "sku"),
        ships=flag(item, "requires_shipping", default=True),
        gift_card=flag(item, "gift_card"),
    )
    return _edited(line, count(item, "current_quantity"), refunded), ordered


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
