"""Refunds, as a message of their own and inside an order."""

from __future__ import annotations

from connectors.base import Malformed
from connectors.fields import amount
from connectors.shopify.fields import Body, children, count, instant, own_id, reference, text
from connectors.shopify.lines import line_id
from connectors.shopify.money import currency_of, shop_amount
from flows.commerce import LineQuantity, Refund

OTHER_MONEY = "a refund in the buyer's currency"


def refund(item: Body, order_id: str | None, currency: str) -> Refund | None:
    """None where the body gives no time for it, so that it has to be read from the store.

    `currency` is the order's. Raises Malformed without an id or an order.
    """
    order = order_id or reference(item, "order_id")
    if order is None:
        raise Malformed(f"{item.where('order_id')}: missing")
    at = instant(item, "processed_at") or instant(item, "created_at")
    if at is None:
        return None
    return Refund(
        id=own_id(item),
        order_id=order,
        created_at=at,
        amount=_amount(item, currency),
        lines=_lines(item, currency),
        reason=text(item, "note"),
    )


def _lines(item: Body, currency: str) -> tuple[LineQuantity, ...]:
    found = []
    for line in children(item, "refund_line_items"):
        number = line_id(line, "line_item_id", "line_item")
        if number is None:
            raise Malformed(f"{line.where('line_item_id')}: missing")
        found.append(LineQuantity(number, count(line, "quantity") or 0, _subtotal(line, currency)))
    return tuple(found)


def _subtotal(line: Body, currency: str) -> int:
    given = shop_amount(line, "subtotal_set", currency)
    return given if given is not None else amount(line, "subtotal", currency) or 0


def is_in_other_money(item: Body, currency: str) -> bool:
    """Whether money went back in the buyer's currency: then only the store knows it in the shop's."""
    return any(_is_foreign(part, currency) for part in _payments(item))


def _amount(item: Body, currency: str) -> int:
    """Money that really went back; in the buyer's currency, the nearest that the body tells."""
    if is_in_other_money(item, currency):
        return _goods(item, currency) + _ways(item, currency)
    return sum(amount(part, "amount", currency) or 0 for part in _payments(item))


def _payments(item: Body) -> tuple[Body, ...]:
    return tuple(
        part
        for part in children(item, "transactions")
        if text(part, "kind").lower() == "refund" and text(part, "status").lower() == "success"
    )


def _is_foreign(part: Body, currency: str) -> bool:
    named = currency_of(part, "currency")
    return named is not None and named != currency


def _goods(item: Body, currency: str) -> int:
    return sum(
        _subtotal(line, currency) + (shop_amount(line, "total_tax_set", currency) or 0)
        for line in children(item, "refund_line_items")
    )


def _ways(item: Body, currency: str) -> int:
    return sum(
        (shop_amount(line, "subtotal_amount_set", currency) or 0)
        + (shop_amount(line, "tax_amount_set", currency) or 0)
        for line in children(item, "refund_shipping_lines")
    )
