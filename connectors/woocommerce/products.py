"""Products and their variations. A variation is a product with a parent."""

from __future__ import annotations

import html

from connectors.base import Malformed, Reading, Store
from connectors.fields import (
    NO_CURRENCY,
    Body,
    amount,
    child,
    children,
    currency_code,
    flag,
    identity,
    instant,
    own_id,
    text,
    web_address,
)
from flows.commerce import Product


def product_reading(item: Body, store: Store | None) -> Reading:
    found = product(item, store)
    return Reading(products=(found,), stamp=found.version)


def product(item: Body, store: Store | None, parent: Product | None = None) -> Product:
    """`parent`: a variation that was listed under it names neither its title nor its parent.

    Bodies name no currency; without the store's there is no price.
    """
    number = own_id(item)
    version = instant(item, "date_modified_gmt") or instant(item, "date_created_gmt")
    if version is None:
        raise Malformed(f"{item.where('date_modified_gmt')}: missing")
    currency = currency_code(store.currency if store else "")
    groups = [text(group, "name") for group in children(item, "categories")]
    labels = [text(label, "name") for label in children(item, "tags")]
    return Product(
        id=number,
        title=_title(item, parent),
        version=version,
        parent_id=identity(item, "parent_id") or (parent.id if parent else None),
        url=web_address(item.data.get("permalink")),
        image_url=_image(item),
        price=amount(item, "price", currency) if currency != NO_CURRENCY else None,
        currency=currency if currency != NO_CURRENCY else None,
        published=text(item, "status") == "publish",
        kind=html.unescape(groups[0]) if groups else "",
        tags=tuple(html.unescape(word) for word in (*labels, *groups[1:]) if word),
        digital=flag(item, "virtual"),
        vendor=_vendor(item),
        available=_STOCK.get(text(item, "stock_status")),
    )


def _vendor(item: Body) -> str:
    """Its first brand, where brands are the store's own and not a plugin's in another shape."""
    brands = item.data.get("brands")
    names = [brand.get("name") for brand in brands if type(brand) is dict] if type(brands) is list else []
    return next((html.unescape(name) for name in names if type(name) is str), "")


# What is on back order can be bought.
_STOCK = {"instock": True, "onbackorder": True, "outofstock": False}


def _title(item: Body, parent: Product | None) -> str:
    own = html.unescape(text(item, "name"))
    if parent is None or own.startswith(parent.title):
        return own
    chosen = ", ".join(text(choice, "option") for choice in children(item, "attributes"))
    return f"{parent.title} - {chosen or own}"


def _image(item: Body) -> str | None:
    """Products list pictures, variations under their parent have a single one."""
    pictures = (*children(item, "images"), child(item, "image"))
    return next((found for picture in pictures if (found := web_address(picture.data.get("src")))), None)
