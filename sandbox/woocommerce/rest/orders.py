"""/wc/v3/orders: lists, one order, and the changes that a key may make."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sandbox.woocommerce import orders, refunds, tax
from sandbox.woocommerce.rest.answers import ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import asked_list, by_ids, by_time, page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.statuses import HIDDEN, settable

_ORDERINGS = {"date": "date_created_gmt", "modified": "date_modified_gmt", "id": "id", "include": "id",
              "title": "number", "slug": "number"}  # fmt: skip
_EDITABLE_TEXTS = ("customer_note", "payment_method", "payment_method_title", "transaction_id")


def order_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_orders", __name__)

    @routes.get("/orders")
    def listing() -> Response:
        shop = shop_of()
        return page(shop, "orders", _filtered(shop), _ORDERINGS)

    @routes.get("/orders/<int:order_id>")
    def one(order_id: int) -> Response:
        shop = shop_of()
        return answer(shop, found(shop, order_id), ITEM)

    @routes.route("/orders/<int:order_id>", methods=["PUT", "POST", "PATCH"])
    def edit(order_id: int) -> Response:
        shop = shop_of()
        with shop.documents.transaction():
            order = found(shop, order_id)
            _edit(shop, order, sent())
        return answer(shop, order, ITEM)

    @routes.delete("/orders/<int:order_id>")
    def delete(order_id: int) -> Response:
        shop = shop_of()
        order = found(shop, order_id)
        if request.args.get("force", "").lower() in ("true", "1"):
            shop.forget("order", order_id)  # the real platform tells nobody
        else:
            orders.trash(shop, order, shop.now())
        return answer(shop, order, ITEM)

    return routes


def found(shop: Shop, order_id: int) -> orders.Order:
    """Raises RestError 404."""
    order = shop.read("order", order_id)
    if order is None:
        raise RestError(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
    return order


def _filtered(shop: Shop) -> list[orders.Order]:
    entries = by_time(shop, by_ids(shop.every("order")))
    statuses = asked_list("status") or ["any"]
    known = ("any", "trash", *settable(shop.quirks()["custom_statuses"]))
    if unknown := [status for status in statuses if status not in known]:
        raise bad_parameter("status", f"status[0] is not one of {', '.join(known)}: {unknown}")
    if "any" in statuses:
        entries = [order for order in entries if order["status"] not in HIDDEN]
    else:
        entries = [order for order in entries if order["status"] in statuses]
    customer, search = request.args.get("customer"), request.args.get("search", "").lower()
    if customer is not None:
        if not customer.isdecimal():
            raise bad_parameter("customer", "customer is not of type integer.")
        entries = [order for order in entries if order["customer_id"] == int(customer)]
    return [order for order in entries if search in _searched(order)] if search else entries


def _searched(order: orders.Order) -> str:
    billing = order["billing"]
    names = [line["name"] for line in order["line_items"]]
    return " ".join(
        [order["number"], billing["email"], billing["first_name"], billing["last_name"], *names]
    ).lower()


def _edit(shop: Shop, order: orders.Order, wanted: dict[str, Any]) -> None:
    now = shop.now()
    status = wanted.get("status")
    known = settable(shop.quirks()["custom_statuses"])
    if status is not None and status not in known:
        raise bad_parameter("status", f"status is not one of {', '.join(known)}.")
    for part in ("billing", "shipping"):
        if isinstance(wanted.get(part), dict):
            order[part] |= {key: str(value) for key, value in wanted[part].items() if key in order[part]}
    for name in _EDITABLE_TEXTS:
        if name in wanted:
            order[name] = str(wanted[name])
    if "customer_id" in wanted:
        order["customer_id"] = int(wanted["customer_id"])
        order["_links"]["customer"] = [{"href": shop.api(f"customers/{order['customer_id']}")}]
    for entry in wanted.get("meta_data") or []:
        orders.set_meta(shop, order, entry["key"], entry["value"])
    if wanted.get("set_paid"):
        orders.set_status(shop, order, "processing", now)
    if status == "refunded" and order["status"] != "refunded":
        left = tax.minor(order["total"]) - refunds.refunded_minor(order)
        refunds.give(shop, order, left, (), "Order fully refunded.", now)
        return
    if status is not None:
        orders.set_status(shop, order, status, now)
    orders.change(shop, order, now)
