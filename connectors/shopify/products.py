"""Products. Whether one is a download is not said here: an order's lines tell what ships."""

from __future__ import annotations

from urllib.parse import quote

from connectors.base import Noun, Reading, Store, Wish
from connectors.fields import amount, number
from connectors.shopify.fields import Body, child, children, flag, instant, link, maybe_text, own_id, text
from connectors.shopify.money import currency_of, store_currency
from flows.commerce import Product


def product_reading(item: Body, store: Store | None) -> Reading:
    own = own_id(item)
    version = instant(item, "updated_at") or instant(item, "created_at")
    if version is None:
        return Reading(wishes=(Wish(Noun.PRODUCT, own, "the product came without dates"),))
    currency = currency_of(item, "currency") or store_currency(store)
    published = text(item, "status").lower() in ("", "active") and instant(item, "published_at") is not None
    available = _available(item)
    product = Product(
        id=own,
        title=text(item, "title"),
        version=version,
        url=link(item, "online_store_url") or _url(item, store) if published else None,
        image_url=_image(item),
        price=_lowest_price(item, currency),
        currency=currency,
        published=published,
        kind=text(item, "product_type"),
        tags=tuple(tag for part in text(item, "tags").split(",") if (tag := part.strip())),
        vendor=text(item, "vendor"),
        available=available,
    )
    # A webhook tells neither the address nor the currency; without the shop they stay unknown.
    thin = store is None and "currency" not in item.data
    reason = "the body holds no address and no currency" if thin else ""
    if available is None and not reason:
        reason = "the body does not say whether its pieces are counted"
    wishes = (Wish(Noun.PRODUCT, own, reason),) if reason else ()
    return Reading(products=(product,), wishes=wishes, stamp=version)


def _available(item: Body) -> bool | None:
    """Whether it can be bought now; None where no piece is left and the body does not say whether pieces are
    counted at all: of what is not counted none is ever left."""
    if item.data.get("tracks_inventory") is not None:
        return not flag(item, "tracks_inventory") or (number(item, "total_inventory") or 0) > 0
    sells_on = any(
        text(one, "inventory_policy").lower() == "continue" or (number(one, "inventory_quantity") or 0) > 0
        for one in children(item, "variants")
    )
    return sells_on or None


def _url(item: Body, store: Store | None) -> str | None:
    """Webhooks name no address, only the last part of it."""
    handle = maybe_text(item, "handle")
    if store is None or handle is None:
        return None
    return f"{(store.front_url or store.base_url).rstrip('/')}/products/{quote(handle, safe='')}"


def _image(item: Body) -> str | None:
    single = child(item, "image")
    pictures = (*((single,) if single else ()), *children(item, "images"))
    return next((found for picture in pictures if (found := link(picture, "src"))), None)


def _lowest_price(item: Body, currency: str) -> int | None:
    prices = (amount(variant, "price", currency) for variant in children(item, "variants"))
    return min((price for price in prices if price is not None), default=None)
