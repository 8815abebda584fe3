"""A buyer places an order, pays for it, and says whether mail is welcome."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.actions.change import Change, find_order, write_order
from sandbox.shopify.actions.editing import note_consent
from sandbox.shopify.bodies.addresses import Place, place_at, place_for
from sandbox.shopify.bodies.customers import customer_with_email, keep_customer, new_customer
from sandbox.shopify.bodies.orders import new_order
from sandbox.shopify.codes import CodeValue, usable, use
from sandbox.shopify.money import amount
from sandbox.shopify.pricing import PricedLine, price_cart
from sandbox.shopify.shop import Shop, not_before
from sandbox.shopify.webhooks import order_message
from sandbox.store import OrderRequest, PlacedOrder, Refusal

_PAYMENTS = ("card", "bank_transfer")


def place_order(change: Change, wanted: OrderRequest) -> PlacedOrder:
    """Raises Refusal 400."""
    shop = change.shop
    if wanted.payment not in _PAYMENTS:
        raise Refusal(400, f"`payment` must be one of {', '.join(_PAYMENTS)}")
    place = place_at(wanted.address, wanted.email) if wanted.address else place_for(wanted.email)
    lines = _priced_lines(shop, wanted)
    made = _made_code(change, wanted, sum(line.full for line in lines))
    cart = price_cart(lines, wanted.discount_code, place.state_code, made)
    with shop.documents.transaction():
        customer = _customer(change, wanted, place) if wanted.email else None
        order = new_order(shop, wanted, cart, customer, place, change.now())
        write_order(shop, order)
        if made is not None:
            use(shop, made.code, wanted.email or "")
        paid = ("orders/paid",) if wanted.payment == "card" else ()
        change.tell(order_message(order), "orders/create", *paid, "orders/updated")
    line_ids = tuple(str(line["id"]) for line in order["line_items"])
    return PlacedOrder(str(order["id"]), order["name"], line_ids)


def pay(change: Change, order_id: str) -> dict[str, Any]:
    """The bank transfer has come in. Raises Refusal 409."""
    with change.shop.documents.transaction():
        order = find_order(change.shop, order_id)
        if order["financial_status"] != "pending" or order["cancelled_at"]:
            raise Refusal(409, "this order does not wait for money")
        order |= {"financial_status": "paid", "total_outstanding": amount(0)}
        change.keep_order(order, "orders/paid", "orders/updated")
    return {"financial_status": "paid"}


def _made_code(change: Change, wanted: OrderRequest, goods: int) -> CodeValue | None:
    """What the wanted code gives this buyer, where an app made it."""
    email = wanted.email or ""
    customer = customer_with_email(change.shop, email) if email else None
    gid = customer["admin_graphql_api_id"] if customer else ""
    code = wanted.discount_code
    return None if code is None else usable(change.shop, code, email, gid, goods, change.now())


def _priced_lines(shop: Shop, wanted: OrderRequest) -> tuple[PricedLine, ...]:
    lines = []
    for sku, quantity in wanted.lines:
        if quantity < 1:
            raise Refusal(400, f"{sku}: a quantity must be at least 1")
        shelf = shop.read("shelf", sku)
        product = None if shelf is None else shop.read("product", shelf["product_id"])
        if shelf is None or product is None:
            raise Refusal(400, f"unknown sku {sku!r}")
        variant = next(variant for variant in product["variants"] if variant["sku"] == sku)
        lines.append(PricedLine(product, variant, shelf["grams"], quantity))
    if not lines:
        raise Refusal(400, "an order needs at least one line")
    return tuple(lines)


def _customer(change: Change, wanted: OrderRequest, place: Place) -> dict[str, Any]:
    shop, email = change.shop, wanted.email or ""
    customer = customer_with_email(shop, email)
    if customer is None:
        at = shop.local(change.now())
        customer = new_customer(shop, email, wanted.first_name, wanted.last_name, place, at)
        topic = "customers/create"
    else:
        customer["updated_at"] = shop.local(not_before(customer["updated_at"], change.now()))
        topic = "customers/update"
    keep_customer(shop, customer)
    change.tell(customer, topic)
    note_consent(change, customer, wanted.accepts_marketing)
    return customer
