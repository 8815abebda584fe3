"""What was bought, and the sums of an order.

Bodies give every sum without tax and the tax beside it. Where the shop's prices include tax, both
are added up, so that a line shows what the buyer saw.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from decimal import Decimal

from connectors.fields import Body, amount, child, identity, number, own_id, text, web_address
from connectors.woocommerce.metas import entries, word
from connectors.woocommerce.origin import is_handed_over
from flows.commerce import OrderLine


def order_lines(
    order: Body, items: Sequence[Body], currency: str, *, tax_included: bool
) -> tuple[OrderLine, ...]:
    # The body says of no line whether it is shipped, only of the whole order whether all of it is
    # virtual and downloadable. So every line ships unless none does.
    ships = order.data.get("needs_processing") is not False and not is_handed_over(order)
    return tuple(
        OrderLine(
            id=own_id(item),
            title=html.unescape(text(item, "parent_name") or text(item, "name")),
            quantity=pieces(item),
            total=gross(item, "total", "total_tax", currency, tax_included=tax_included),
            product_id=identity(item, "product_id"),
            variant_id=identity(item, "variation_id"),
            variant=_variant(item),
            sku=text(item, "sku"),
            image_url=_picture(item),
            ships=ships,
        )
        for item in items
    )


def _picture(item: Body) -> str | None:
    picture = item.data.get("image")
    return web_address((picture if type(picture) is dict else child(item, "image").data).get("src"))


def gross(item: Body, key: str, tax_key: str, currency: str, *, tax_included: bool) -> int:
    """The sum in `key` in minor units, with its tax where prices include tax."""
    net = amount(item, key, currency) or 0
    return net + (amount(item, tax_key, currency) or 0) if tax_included else net


def pieces(item: Body, key: str = "quantity") -> int:
    """Whole pieces, of a refund too (which writes them below zero). Plugins sell by length or weight
    as well, and a begun metre is one to unpack."""
    written = item.data.get(key)
    if type(written) is int:
        return abs(written)
    return math.ceil(abs(number(item, key) or Decimal(0)))


def _variant(item: Body) -> str:
    """What was chosen, "M / Red". Keys with an underscore are the shop's own notes."""
    if identity(item, "variation_id") is None:
        return ""
    chosen = (
        word(entry, "display_value")
        for entry in entries(item.data.get("meta_data"))
        if not str(entry.get("key", "_")).startswith("_")
    )
    return " / ".join(html.unescape(value) for value in chosen if value)
