"""Products, their variants and their pictures."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from sandbox.shopify.admin_api.asking import Fields, global_id, listed, moment, plain, shouted
from sandbox.shopify.admin_api.connections import in_order
from sandbox.shopify.admin_api.fields.metafields import metafield_of
from sandbox.shopify.admin_api.fields.money import money, price
from sandbox.shopify.money import minor
from sandbox.shopify.shop import number_of


def _page(product: dict[str, Any], asking: Any, arguments: Any) -> str | None:
    """Null while it is not on sale in the online store."""
    if not product["published_at"] or product["status"] != "active":
        return None
    return f"{asking.shop.address}/product/{product['handle']}"


def _words(product: dict[str, Any], asking: Any, arguments: dict[str, Any]) -> str:
    text = str(Markup(product["body_html"] or "").striptags())
    return text[: arguments.get("truncateAt")]


def _price_range(product: dict[str, Any], asking: Any, arguments: Any) -> dict[str, Any]:
    prices = [minor(variant["price"]) for variant in product["variants"]]
    currency = asking.shop.currency()
    return {"min": money(min(prices), currency), "max": money(max(prices), currency)}


def _variants(product: dict[str, Any]) -> list[dict[str, Any]]:
    return [variant | {"product": product} for variant in product["variants"]]


def _options(variant: dict[str, Any], asking: Any, arguments: Any) -> list[dict[str, Any]]:
    names = [option["name"] for option in variant["product"]["options"]]
    values = [variant[f"option{place}"] for place in (1, 2, 3)]
    return [{"name": name, "value": value} for name, value in zip(names, values, strict=False)]


def _picture(media: dict[str, Any]) -> dict[str, Any]:
    """The picture behind a media entry, as the source of an Image."""
    preview = media["preview_image"]
    return {
        "id": re.sub("MediaImage", "ImageSource", media["admin_graphql_api_id"]),
        "admin_graphql_api_id": re.sub("MediaImage", "ImageSource", media["admin_graphql_api_id"]),
        "alt": media["alt"],
        "src": preview["src"],
        "width": preview["width"],
        "height": preview["height"],
    }


FIELDS: dict[str, Fields] = {
    "Product": {
        "id": global_id("Product"),
        "legacyResourceId": lambda product, asking, arguments: int(number_of(product)),
        "title": plain("title"),
        "handle": plain("handle"),
        "status": shouted("status"),
        "productType": plain("product_type"),
        "vendor": plain("vendor"),
        "tags": listed("tags"),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
        "publishedAt": moment("published_at"),
        "onlineStoreUrl": _page,
        "description": _words,
        "descriptionHtml": lambda product, asking, arguments: product["body_html"] or "",
        "featuredMedia": lambda product, asking, arguments: product["media"][0] if product["media"] else None,
        "media": lambda product, asking, arguments: in_order(product["media"]),
        "priceRangeV2": _price_range,
        "variants": lambda product, asking, arguments: in_order(_variants(product)),
        "variantsCount": lambda product, asking, arguments: len(product["variants"]),
        "hasOnlyDefaultVariant": lambda product, asking, arguments: (
            [variant["title"] for variant in product["variants"]] == ["Default Title"]
        ),
        "metafield": metafield_of("Product"),
        "tracksInventory": lambda product, asking, arguments: True,
        "totalInventory": lambda product, asking, arguments: sum(
            variant["inventory_quantity"] for variant in product["variants"]
        ),
    },
    "ProductPriceRangeV2": {"minVariantPrice": plain("min"), "maxVariantPrice": plain("max")},
    "ProductVariant": {
        "id": global_id("ProductVariant"),
        "legacyResourceId": lambda variant, asking, arguments: int(number_of(variant)),
        "product": plain("product"),
        "title": plain("title"),
        "displayName": lambda variant, asking, arguments: (
            f"{variant['product']['title']} - {variant['title']}"
        ),
        "sku": plain("sku"),
        "barcode": plain("barcode"),
        "position": plain("position"),
        "price": price("price"),
        "compareAtPrice": price("compare_at_price"),
        "taxable": plain("taxable"),
        "inventoryQuantity": plain("inventory_quantity"),
        "selectedOptions": _options,
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
    },
    "SelectedOption": {"name": plain("name"), "value": plain("value")},
    "MediaImage": {
        "id": global_id("MediaImage"),
        "alt": plain("alt"),
        "mediaContentType": plain("media_content_type"),
        "status": plain("status"),
        "preview": lambda media, asking, arguments: media,
        "image": lambda media, asking, arguments: _picture(media),
    },
    "MediaPreviewImage": {
        "image": lambda media, asking, arguments: _picture(media),
        "status": lambda media, asking, arguments: media["preview_image"]["status"],
    },
    "Image": {
        "id": lambda image, asking, arguments: image["admin_graphql_api_id"],
        "altText": plain("alt"),
        "url": plain("src"),
        "width": plain("width"),
        "height": plain("height"),
    },
}
