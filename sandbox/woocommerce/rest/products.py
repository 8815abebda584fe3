"""/wc/v3/products and their variations."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, request

from sandbox.woocommerce import products, tax
from sandbox.woocommerce.rest.answers import COLLECTION, ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import asked_list, by_ids, by_time, page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_ORDERINGS = {"date": "date_created_gmt", "modified": "date_modified_gmt", "id": "id", "include": "id",
              "title": "name", "slug": "slug", "menu_order": "menu_order"}  # fmt: skip
# What the variations' own routes show of a variation.
_OF_VARIATION = (
    "id", "type", "date_created", "date_created_gmt", "date_modified", "date_modified_gmt", "description",
    "permalink", "sku", "global_unique_id", "price", "regular_price", "sale_price", "date_on_sale_from",
    "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt", "on_sale", "status", "purchasable",
    "virtual", "downloadable", "downloads", "download_limit", "download_expiry", "tax_status", "tax_class",
    "manage_stock", "stock_quantity", "stock_status", "backorders", "backorders_allowed", "backordered",
    "low_stock_amount", "weight", "dimensions", "shipping_class", "shipping_class_id", "attributes",
    "menu_order", "meta_data", "name", "parent_id", "_links",
)  # fmt: skip


def product_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_products", __name__)

    @routes.get("/products")
    def listing() -> Response:
        shop = shop_of()
        return page(shop, "products", _filtered(shop), _ORDERINGS)

    @routes.post("/products")
    def make() -> Response:
        shop, wanted, now = shop_of(), sent(), shop_of().now()
        name = str(wanted.get("name") or "Product")
        slug = str(wanted.get("slug") or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        product = products.blank(shop, shop.new_id("product"), name, slug, now)
        _edit(shop, product, wanted)
        products.add(shop, product)
        return answer(shop, product, COLLECTION, 201)

    @routes.get("/products/<int:product_id>")
    def one(product_id: int) -> Response:
        shop = shop_of()
        return answer(shop, _found(shop, product_id), ITEM)

    @routes.route("/products/<int:product_id>", methods=["PUT", "POST", "PATCH"])
    def edit(product_id: int) -> Response:
        shop = shop_of()
        product = _found(shop, product_id)
        _edit(shop, product, sent())
        products.change(shop, product, shop.now())
        return answer(shop, product, ITEM)

    @routes.delete("/products/<int:product_id>")
    def delete(product_id: int) -> Response:
        shop = shop_of()
        product = _found(shop, product_id)
        if request.args.get("force", "").lower() in ("true", "1"):
            shop.forget("product", product_id)
        else:
            products.trash(shop, product, shop.now())
        return answer(shop, product, ITEM)

    @routes.get("/products/<int:product_id>/variations")
    def variations(product_id: int) -> Response:
        shop = shop_of()
        children = [shop.read("product", id) for id in _found(shop, product_id)["variations"]]
        entries = [_as_variation(child) for child in children if child is not None]
        return page(shop, f"products/{product_id}/variations", entries, _ORDERINGS)

    return routes


def _found(shop: Shop, product_id: int) -> products.Product:
    product = shop.read("product", product_id)
    if product is None:
        raise RestError(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
    return product


def _filtered(shop: Shop) -> list[products.Product]:
    """Variations are found through their parents only, unless they are asked for by sku."""
    skus, slug, kind = asked_list("sku"), request.args.get("slug"), request.args.get("type")
    search, status = request.args.get("search", "").lower(), request.args.get("status", "any")
    kept = []
    for product in by_time(shop, by_ids(shop.every("product"))):
        hidden = product["type"] == "variation" and not skus
        fits_status = product["status"] == status or (status == "any" and product["status"] != "trash")
        fits_text = (slug in (None, product["slug"])) and search in product["name"].lower()
        fits_kind = kind in (None, product["type"]) and (not skus or product["sku"] in skus)
        if not hidden and fits_status and fits_text and fits_kind:
            kept.append(product)
    return kept


def _edit(shop: Shop, product: products.Product, wanted: dict[str, Any]) -> None:
    for name in ("name", "sku", "description", "short_description", "status"):
        if name in wanted:
            product[name] = str(wanted[name])
    for name in ("virtual", "downloadable"):
        if name in wanted:
            product[name] = bool(wanted[name])
    try:
        if "regular_price" in wanted:
            products.set_price(shop, product, tax.minor(wanted["regular_price"]))
        if wanted.get("stock_quantity") is not None:
            products.set_stock(product, int(wanted["stock_quantity"]))
    except ValueError as error:
        raise bad_parameter("regular_price", str(error)) from error


def _as_variation(product: products.Product) -> dict[str, Any]:
    picture = product["images"][0] if product["images"] else None
    return {name: product[name] for name in _OF_VARIATION} | {"image": picture}
