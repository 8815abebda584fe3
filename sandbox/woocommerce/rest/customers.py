"""/wc/v3/customers."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sandbox.woocommerce import customers
from sandbox.woocommerce.rest.answers import COLLECTION, ITEM, RestError, answer, bad_parameter, sent
from sandbox.woocommerce.rest.listing import by_ids, page
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_ORDERINGS = {"name": "username", "id": "id", "include": "id", "registered_date": "date_created_gmt"}


def customer_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_customers", __name__)

    @routes.get("/customers")
    def listing() -> Response:
        shop = shop_of()
        email, search = request.args.get("email"), request.args.get("search", "").lower()
        entries = [
            customer
            for customer in by_ids(shop.every("customer"))
            if email in (None, customer["email"]) and search in f"{customer['email']} {customer['username']}"
        ]
        return page(shop, "customers", entries, _ORDERINGS)

    @routes.post("/customers")
    def make() -> Response:
        shop, wanted = shop_of(), sent()
        email = str(wanted.get("email", ""))
        if "@" not in email:
            raise bad_parameter("email", "Invalid email address.")
        if any(customer["email"] == email for customer in shop.every("customer")):
            raise RestError(400, "registration-error-email-exists", "An account is already registered.")
        first, last = str(wanted.get("first_name", "")), str(wanted.get("last_name", ""))
        customer = customers.make(shop, email, first, last, shop.now())
        return answer(shop, customer, COLLECTION, 201)

    @routes.get("/customers/<int:customer_id>")
    def one(customer_id: int) -> Response:
        shop = shop_of()
        return answer(shop, _found(shop, customer_id), ITEM)

    @routes.route("/customers/<int:customer_id>", methods=["PUT", "POST", "PATCH"])
    def edit(customer_id: int) -> Response:
        shop = shop_of()
        customer = _found(shop, customer_id)
        customers.change(shop, customer, sent(), shop.now())
        return answer(shop, customer, ITEM)

    @routes.delete("/customers/<int:customer_id>")
    def delete(customer_id: int) -> Response:
        shop = shop_of()
        customer = _found(shop, customer_id)
        if request.args.get("force", "").lower() not in ("true", "1"):
            message = "Customers do not support trashing."
            raise RestError(501, "woocommerce_rest_trash_not_supported", message)
        customers.delete(shop, customer)
        return answer(shop, customer, ITEM)

    return routes


def _found(shop: Shop, customer_id: int) -> customers.Customer:
    customer = shop.read("customer", customer_id)
    if customer is None:
        raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
    return customer
