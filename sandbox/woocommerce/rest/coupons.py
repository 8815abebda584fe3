"""/wc/v3/coupons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sandbox.woocommerce import coupons
from sandbox.woocommerce.rest.answers import COLLECTION, ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_ORDERINGS = {"date": "date_created_gmt", "modified": "date_modified_gmt", "id": "id", "title": "code"}


def coupon_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_coupons", __name__)

    @routes.get("/coupons")
    def listing() -> Response:
        shop, code = shop_of(), request.args.get("code")
        found = [one for one in shop.every("coupon") if code is None or one["code"] == code.lower()]
        return page(shop, "coupons", found, _ORDERINGS)

    @routes.post("/coupons")
    def make() -> Response:
        shop, wanted = shop_of(), sent()
        code = str(wanted.get("code") or "").strip().lower()
        if not code:
            raise RestError(400, "woocommerce_rest_empty_coupon_code", "The coupon code cannot be empty.")
        with shop.documents.transaction():
            if coupons.is_taken(shop, code):
                taken = "woocommerce_rest_coupon_code_already_exists"
                raise RestError(400, taken, "The coupon code already exists")
            coupon = coupons.blank(shop, shop.new_id("coupon"), code, shop.now())
            _edit(shop, coupon, wanted)
            coupons.save(shop, coupon, shop.now(), "created")
        return answer(shop, coupon, COLLECTION, 201)

    @routes.get("/coupons/<int:coupon_id>")
    def one(coupon_id: int) -> Response:
        shop = shop_of()
        return answer(shop, _found(shop, coupon_id), ITEM)

    @routes.route("/coupons/<int:coupon_id>", methods=["PUT", "POST", "PATCH"])
    def change(coupon_id: int) -> Response:
        shop = shop_of()
        coupon = _found(shop, coupon_id)
        _edit(shop, coupon, sent())
        coupons.save(shop, coupon, shop.now(), "updated")
        return answer(shop, coupon, ITEM)

    @routes.delete("/coupons/<int:coupon_id>")
    def delete(coupon_id: int) -> Response:
        shop = shop_of()
        coupon = _found(shop, coupon_id)
        if request.args.get("force", "").lower() not in ("true", "1"):
            raise RestError(501, "woocommerce_rest_trash_not_supported", "Coupons do not support trashing.")
        shop.forget("coupon", coupon_id)  # the real platform tells nobody
        return answer(shop, coupon, ITEM)

    return routes


def _found(shop: Shop, coupon_id: int) -> coupons.Body:
    coupon = shop.read("coupon", coupon_id)
    if coupon is None:
        raise RestError(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
    return coupon


def _edit(shop: Shop, coupon: coupons.Body, wanted: dict[str, Any]) -> None:
    try:
        coupons.edit(shop, coupon, wanted)
    except (ValueError, TypeError) as error:
        raise bad_parameter("discount_type", f"discount_type or a number cannot be: {error}") from error
