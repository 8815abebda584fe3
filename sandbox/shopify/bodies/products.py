"""Products as the products/* topics carry them."""

from __future__ import annotations

from typing import Any

from sandbox.drawing import SIDE
from sandbox.shopify.catalogue import ProductSeed, VariantSeed
from sandbox.shopify.money import amount
from sandbox.shopify.shop import Shop


def new_product(shop: Shop, seed: ProductSeed, picture_url: str, at: str) -> dict[str, Any]:
    id = shop.new_id("product")
    variants = [_variant(shop, id, seed, place) for place in range(1, len(seed.variants) + 1)]
    for variant in variants:
        variant |= {"created_at": at, "updated_at": at}
    image = _image(shop, id, seed, picture_url, at)
    return {
        "admin_graphql_api_id": f"gid://shopify/Product/{id}",
        "body_html": f"<p>{seed.description}</p>",
        "created_at": at,
        "handle": seed.slug,
        "id": id,
        "product_type": seed.kind,
        "published_at": at,
        "template_suffix": None,
        "title": seed.title,
        "updated_at": at,
        "vendor": shop.profile()["name"],
        "status": "active",
        "published_scope": "web",
        "tags": ", ".join(sorted(seed.tags)),
        "variants": variants,
        "options": [
            {
                "name": seed.option,
                "id": shop.new_id("option"),
                "product_id": id,
                "position": 1,
                "values": [variant.option for variant in seed.variants],
            }
        ],
        "images": [image],
        "image": image,
        "media": [_media(shop, id, seed, image, at)],
        "variant_gids": [
            {"admin_graphql_api_id": variant["admin_graphql_api_id"], "updated_at": at}
            for variant in variants
        ],
        "has_variants_that_requires_components": False,
        "category": None,
    }


def _variant(shop: Shop, product_id: int, seed: ProductSeed, place: int) -> dict[str, Any]:
    wanted: VariantSeed = seed.variants[place - 1]
    id = shop.new_id("variant")
    return {
        "admin_graphql_api_id": f"gid://shopify/ProductVariant/{id}",
        "barcode": None,
        "compare_at_price": None,
        "created_at": None,
        "id": id,
        "inventory_policy": "continue",
        "position": place,
        "price": amount(wanted.price),
        "product_id": product_id,
        "sku": wanted.sku,
        "taxable": True,
        "title": wanted.option,
        "updated_at": None,
        "option1": wanted.option,
        "option2": None,
        "option3": None,
        "image_id": None,
        "inventory_item_id": shop.new_id("inventory_item"),
        "inventory_quantity": 400,
        "old_inventory_quantity": 400,
    }


def _image(shop: Shop, product_id: int, seed: ProductSeed, url: str, at: str) -> dict[str, Any]:
    id = shop.new_id("image")
    return {
        "id": id,
        "alt": seed.title,
        "position": 1,
        "product_id": product_id,
        "created_at": at,
        "updated_at": at,
        "admin_graphql_api_id": f"gid://shopify/ProductImage/{id}",
        "width": SIDE,
        "height": SIDE,
        "src": url,
        "variant_ids": [],
    }


def _media(shop: Shop, product_id: int, seed: ProductSeed, image: dict[str, Any], at: str) -> dict[str, Any]:
    id = shop.new_id("media")
    return {
        "id": id,
        "position": 1,
        "product_id": product_id,
        "created_at": at,
        "updated_at": at,
        "alt": seed.title,
        "status": "READY",
        "media_content_type": "IMAGE",
        "preview_image": {
            "width": image["width"],
            "height": image["height"],
            "src": image["src"],
            "status": "READY",
        },
        "variant_ids": [],
        "admin_graphql_api_id": f"gid://shopify/MediaImage/{id}",
    }
