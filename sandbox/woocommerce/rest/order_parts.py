"""What hangs below one order: refunds, notes, and the young fulfilments where they are switched on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sandbox.store import Refusal
from sandbox.woocommerce import orders, refunds, tax
from sandbox.woocommerce.rest.answers import COLLECTION, RestError, answer, no_route, sent
from sandbox.woocommerce.rest.listing import page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_ORDERINGS = {"date": "date_created_gmt", "id": "id"}
_PART = "GET, DELETE"


def order_part_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_order_parts", __name__, url_prefix="/orders/<int:order_id>")

    @routes.get("/refunds")
    def list_refunds(order_id: int) -> Response:
        shop = shop_of()
        entries = refunds.refunds_of(shop, _order(shop, order_id))
        return page(shop, f"orders/{order_id}/refunds", entries, _ORDERINGS)

    @routes.get("/refunds/<int:refund_id>")
    def one_refund(order_id: int, refund_id: int) -> Response:
        shop = shop_of()
        for refund in refunds.refunds_of(shop, _order(shop, order_id)):
            if refund["id"] == refund_id:
                return answer(shop, refund, _PART)
        raise RestError(404, "woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID.")

    @routes.post("/refunds")
    def make_refund(order_id: int) -> Response:
        shop = shop_of()
        with shop.documents.transaction():
            refund = _make_refund(shop, _order(shop, order_id), sent())
        return answer(shop, refund, COLLECTION, 201)

    @routes.get("/notes")
    def list_notes(order_id: int) -> Response:
        """`type`: any, customer, internal. The platform gives all of them at once, newest first."""
        shop = shop_of()
        kind = request.args.get("type", "any")
        notes = shop.every(f"note/{_order(shop, order_id)['id']}")[::-1]
        kept = [note for note in notes if kind == "any" or note["customer_note"] == (kind == "customer")]
        return answer(shop, kept, COLLECTION)

    @routes.post("/notes")
    def add_note(order_id: int) -> Response:
        shop, wanted = shop_of(), sent()
        order = _order(shop, order_id)
        to_customer = bool(wanted.get("customer_note"))
        note = orders.add_note(shop, order, str(wanted.get("note", "")), shop.now(), to_customer=to_customer)
        return answer(shop, note, COLLECTION, 201)

    @routes.get("/fulfillments")
    def list_fulfillments(order_id: int) -> Response:
        shop = _with_fulfillments(shop_of())
        entries = shop.every(f"fulfillment/{_order(shop, order_id)['id']}")
        return answer(shop, {"fulfillments": entries}, COLLECTION)

    @routes.get("/fulfillments/<int:fulfillment_id>")
    def one_fulfillment(order_id: int, fulfillment_id: int) -> Response:
        shop = _with_fulfillments(shop_of())
        entry = shop.read(f"fulfillment/{order_id}", fulfillment_id)
        if entry is None:
            raise RestError(404, "woocommerce_rest_fulfillment_invalid_id", "Invalid ID.")
        return answer(shop, {"fulfillment": entry}, "GET, POST, PUT, PATCH, DELETE")

    return routes


def _order(shop: Shop, order_id: int) -> orders.Order:
    order = shop.read("order", order_id)
    if order is None:
        raise RestError(404, "woocommerce_rest_invalid_order_id", "Invalid order ID.")
    return order


def _with_fulfillments(shop: Shop) -> Shop:
    """The routes are not there at all while the platform's feature is off."""
    if not shop.quirks()["fulfillments"]:
        raise no_route()
    return shop


def _make_refund(shop: Shop, order: orders.Order, wanted: dict[str, Any]) -> refunds.Refund:
    try:
        back = [_line_back(line) for line in wanted.get("line_items") or []]
        worth = sum(line.net + line.tax for line in back)
        amount = tax.minor(wanted["amount"]) if "amount" in wanted else worth
    except (ValueError, KeyError, TypeError) as error:
        raise _invalid() from error
    ids = {line["id"] for line in order["line_items"]}
    if amount <= 0 or any(line.line_id not in ids for line in back):
        raise _invalid()
    try:
        return refunds.give(shop, order, amount, back, str(wanted.get("reason", "")), shop.now())
    except Refusal as refusal:
        # The platform answers its own mistake here: a 500 whose `data` is a bare number.
        raise RestError(500, "woocommerce_rest_cannot_create_order_refund", refusal.message, 500) from refusal


def _line_back(line: dict[str, Any]) -> refunds.LineBack:
    of_tax = sum(tax.minor(entry["refund_total"]) for entry in line.get("refund_tax") or [])
    return refunds.LineBack(
        int(line["id"]), int(line.get("quantity", 0)), tax.minor(line["refund_total"]), of_tax
    )


def _invalid() -> RestError:
    message = "Refund amount must be greater than zero."
    return RestError(400, "woocommerce_rest_invalid_order_refund", message)
