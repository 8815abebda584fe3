"""A basket that is filled already: an address of the shop that holds the same again."""

from __future__ import annotations

from flows.commerce import OrderLine, Platform


def cart_link(platform: str, shop_url: str, line: OrderLine) -> str | None:
    """None where the store could not tell what to put in."""
    home = shop_url.rstrip("/")
    quantity = max(line.quantity, 1)
    if platform == Platform.SHOPIFY and line.variant_id:
        return f"{home}/cart/{line.variant_id}:{quantity}"
    if platform == Platform.WOOCOMMERCE and line.product_id:
        return f"{home}/?add-to-cart={line.variant_id or line.product_id}&quantity={quantity}"
    return None
