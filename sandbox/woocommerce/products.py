"""Products and variations in the platform's form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.tax import text

Product = dict[str, Any]

_SIGNS = {"EUR": "&euro;", "USD": "&#36;"}


def blank(shop: Shop, id: int, name: str, slug: str, now: datetime) -> Product:
    """A simple product without price, stock or picture."""
    return {
        "id": id, "name": name, "slug": slug, "permalink": f"{shop.home}/product/{slug}/",
        **shop.stamps("date_created", now), **shop.stamps("date_modified", now),
        "type": "simple", "status": "publish", "featured": False, "catalog_visibility": "visible",
        "description": "", "short_description": "", "sku": "",
        "price": "", "regular_price": "", "sale_price": "",
        "date_on_sale_from": None, "date_on_sale_from_gmt": None,
        "date_on_sale_to": None, "date_on_sale_to_gmt": None,
        "on_sale": False, "purchasable": True, "total_sales": 0, "virtual": False,
        "downloadable": False, "downloads": [], "download_limit": -1, "download_expiry": -1,
        "external_url": "", "button_text": "", "tax_status": "taxable", "tax_class": "",
        "manage_stock": False, "stock_quantity": None, "backorders": "no", "backorders_allowed": False,
        "backordered": False, "low_stock_amount": None, "sold_individually": False, "weight": "",
        "dimensions": {"length": "", "width": "", "height": ""}, "shipping_required": True,
        "shipping_taxable": True, "shipping_class": "", "shipping_class_id": 0,
        "reviews_allowed": True, "average_rating": "0.00", "rating_count": 0, "upsell_ids": [],
        "cross_sell_ids": [], "parent_id": 0, "purchase_note": "", "categories": [], "brands": [],
        "tags": [], "images": [], "attributes": [], "default_attributes": [], "variations": [],
        "grouped_products": [], "menu_order": 0, "price_html": "", "related_ids": [], "meta_data": [],
        "stock_status": "instock", "has_options": False, "post_password": "", "global_unique_id": "",
        "_links": shop.links("products", id),
    }  # fmt: skip


def set_price(shop: Shop, product: Product, minor: int) -> None:
    product["price"] = product["regular_price"] = text(minor)
    sign = _SIGNS.get(shop.currency, shop.currency)
    product["price_html"] = (
        '<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">'
        f"{sign}</span>{text(minor)}</bdi></span>"
    )


def set_stock(product: Product, pieces: int) -> None:
    product["manage_stock"] = True
    product["stock_quantity"] = pieces


def variation(shop: Shop, parent: Product, id: int, attribute: str, option: str, now: datetime) -> Product:
    """A variation as the product routes and webhooks show it: a product with a parent."""
    slug = f"{parent['slug']}-{option.lower().replace(' ', '-')}"
    product = blank(shop, id, f"{parent['name']} - {option}", slug, now)
    key = attribute.lower()
    return product | {
        "type": "variation",
        "permalink": f"{parent['permalink']}?attribute_{key}={quote(option)}",
        "total_sales": "0",
        "reviews_allowed": False,
        "parent_id": parent["id"],
        "images": list(parent["images"]),
        "attributes": [{"id": 0, "name": attribute, "slug": key, "option": option}],
        "_links": {**product["_links"], "up": [{"href": shop.api(f"products/{parent['id']}")}]},
    }


def make_variable(parent: Product, attribute: str, children: list[Product]) -> None:
    """The parent carries the choices; only its variations can be bought."""
    options = [child["attributes"][0]["option"] for child in children]
    parent |= {
        "type": "variable",
        "has_options": True,
        "variations": [child["id"] for child in children],
        "attributes": [
            {"id": 0, "name": attribute, "slug": attribute, "position": 0, "visible": True,
             "variation": True, "options": options},
        ],
    }  # fmt: skip


def image(shop: Shop, id: int, slug: str, name: str, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        **shop.stamps("date_created", now),
        **shop.stamps("date_modified", now),
        "src": f"{shop.home}/pictures/{slug}.png",
        "name": name,
        "alt": name,
    }


def add(shop: Shop, product: Product) -> None:
    with shop.documents.transaction():
        shop.write("product", product["id"], product)
        announce(shop, "product.created", product["id"])


def change(shop: Shop, product: Product, now: datetime) -> None:
    with shop.documents.transaction():
        product |= shop.stamps("date_modified", now)
        shop.write("product", product["id"], product)
        announce(shop, "product.updated", product["id"])


def trash(shop: Shop, product: Product, now: datetime) -> None:
    """The real platform calls a trashed product a deleted coupon too."""
    with shop.documents.transaction():
        product |= {"status": "trash", **shop.stamps("date_modified", now)}
        shop.write("product", product["id"], product)
        announce(shop, "product.deleted", product["id"])
        announce(shop, "coupon.deleted", product["id"])


def by_sku(shop: Shop, sku: str) -> Product | None:
    return next((product for product in sellable(shop) if product["sku"] == sku), None)


def sellable(shop: Shop) -> list[Product]:
    """Simple products and variations that are published."""
    return [
        product
        for product in shop.every("product")
        if product["type"] != "variable" and product["status"] == "publish" and product["sku"]
    ]
