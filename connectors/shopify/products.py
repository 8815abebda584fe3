"""Products. Whether one is a download is not said here: an order's lines tell what ships."""

from __future__ import annotations

from urllib.parse import quote

from connectors.base import Noun, Reading, Store, Wish
from connectors.fields import amount
from connectors.shopify.fields import Body, child, children, instant, link, maybe_text, own_id, text
from connectors.shopify.money import currency_of, store_currency
from flows.commerce import Product


def product_reading(item: Body, store: Store | None) -> Reading:
    number = own_id(item)
    version = instant(item, "updated_at") or instant(item, "created_at")
    if version is None:
        return Reading(wishes=(Wish(Noun.PRODUCT, number, "the product came without dates"),))
    currency = currency_of(item, "currency") or store_currency(store)
    published = text(item, "status").lower() in ("", "active") and instant(item, "published_at") is not None
    product = Product(
        id=number,
        title=text(item, "title"),
        version=version,
        url=link(item, "online_store_url") or _url(item, store) if published else None,
        image_url=_image(item),
        price=_lowest_price(item, currency),
        currency=currency,
        published=published,
        kind=text(item, "product_type"),
        tags=tuple(tag for part in text(item, "tags").split(",") if (tag := part.strip())),
    )
    # A webhook tells neither the address nor the currency; without the shop they stay unknown.
    thin = store is None and "currency" not in item.data
    wishes = (Wish(Noun.PRODUCT, number, "the body holds no address and no currency"),) if thin else ()
    return Reading(products=(product,), wishes=wishes, stamp=version)


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
