"""Refunds: announced in the order by their sums alone, told in full by an address of their own."""

from __future__ import annotations

from connectors.fields import Body, amount, children, instant, own_id, text
from connectors.woocommerce.lines import gross, pieces
from connectors.woocommerce.metas import metas, word
from flows.commerce import LineQuantity, Order, Refund


def announced_refunds(item: Body, order: Order) -> tuple[Refund, ...]:
    """From the order's own body: `{id, reason, total: "-25.90"}`, without lines and without a time."""
    return tuple(
        Refund(
            id=own_id(part),
            order_id=order.id,
            created_at=order.version,
            amount=abs(amount(part, "total", order.currency) or 0),
            reason=text(part, "reason"),
            detailed=False,
        )
        for part in children(item, "refunds")
    )


def detailed_refund(item: Body, order: Order) -> Refund:
    """From `orders/<id>/refunds`, which writes quantities below zero and no currency."""
    return Refund(
        id=own_id(item),
        order_id=order.id,
        created_at=instant(item, "date_created_gmt") or order.version,
        amount=abs(amount(item, "amount", order.currency) or 0),
        lines=tuple(
            LineQuantity(
                line_id=line_id,
                quantity=pieces(line),
                amount=abs(
                    gross(line, "total", "total_tax", order.currency, tax_included=order.tax_included)
                ),
            )
            for line in children(item, "line_items")
            if (line_id := word(metas(line), "_refunded_item_id"))
        ),
        reason=text(item, "reason"),
    )
