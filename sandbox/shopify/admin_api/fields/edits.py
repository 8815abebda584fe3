"""Order edits: a session gathers changes, and the commit makes them at once."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, number_in, plain
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.bodies.lines import new_line
from sandbox.shopify.money import amount, minor, money_set
from sandbox.shopify.pricing import PricedLine
from sandbox.shopify.shop import Shop, number_of

_GONE = "Edit does not exist or was committed"


def _begin(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_order_edits")
    order = asking.shop.read("order", number_in(arguments["id"], "Order"))
    if order is None or order["cancelled_at"]:
        return refused("Order cannot be edited", field=["id"])
    id = asking.shop.new_id("edit")
    edit = {"id": id, "order": number_of(order), "lines": {}, "added": {}}
    asking.shop.write("edit", edit, str(id))
    return done(calculatedOrder=edit)


def _set_quantity(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_order_edits")
    edit = _edit(asking.shop, arguments["id"])
    if edit is None:
        return refused(_GONE, field=["id"])
    order = asking.shop.read("order", edit["order"]) or {"line_items": []}
    number = number_in(arguments["lineItemId"], "CalculatedLineItem")
    line = next((one for one in order["line_items"] if number_of(one) == number), None)
    if line is None:
        return refused("Line item does not exist", field=["lineItemId"])
    shipped = line["current_quantity"] - line["fulfillable_quantity"]
    if arguments["quantity"] < shipped:
        return refused(f"Quantity must be at least {shipped}: so many were fulfilled", field=["quantity"])
    edit["lines"][number] = arguments["quantity"]
    asking.shop.write("edit", edit, str(edit["id"]))
    return done(calculatedLineItem={"id": arguments["lineItemId"]}, calculatedOrder=edit)


def _add(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_order_edits")
    shop, edit = asking.shop, _edit(asking.shop, arguments["id"])
    if edit is None:
        return refused(_GONE, field=["id"])
    number = number_in(arguments["variantId"], "ProductVariant")
    order = shop.read("order", edit["order"]) or {"line_items": []}
    held = any(str(line["variant_id"]) == number and line["current_quantity"] for line in order["line_items"])
    if held and not arguments.get("allowDuplicates"):
        return refused("Variant is already on the order", field=["variantId"])
    if _variant(shop, number) is None or arguments["quantity"] < 1:
        return refused("Variant does not exist", field=["variantId"])
    edit["added"][number] = arguments["quantity"]
    shop.write("edit", edit, str(edit["id"]))
    line = {"id": f"gid://shopify/CalculatedLineItem/{edit['id']}{len(edit['added'])}"}
    return done(calculatedLineItem=line, calculatedOrder=edit)


def _commit(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_order_edits")
    shop, change = asking.shop, asking.change()
    with shop.documents.transaction():
        edit = _edit(shop, arguments["id"])
        order = shop.read("order", edit["order"]) if edit else None
        if edit is None or order is None:
            return refused(_GONE, field=["id"])
        deltas = _apply(shop, order, edit)
        shop.forget("edit", str(edit["id"]))
        change.keep_order(order, "orders/updated")
        change.tell(_message(order, edit, deltas, arguments.get("staffNote") or ""), "orders/edited")
    return done(order=order)


def _apply(shop: Shop, order: Body, edit: Body) -> dict[int, int]:
    """Line id -> pieces more or less."""
    deltas: dict[int, int] = {}
    for line in order["line_items"]:
        wanted = edit["lines"].get(number_of(line))
        if wanted is not None and wanted != line["current_quantity"]:
            delta = wanted - line["current_quantity"]
            deltas[line["id"]] = delta
            line["current_quantity"] = wanted
            line["fulfillable_quantity"] += delta
            line["quantity"] = max(line["quantity"], wanted)
            _move(order, delta * minor(line["price"]))
    for number, quantity in edit["added"].items():
        found = _variant(shop, number)
        if found is not None:
            product, variant = found
            line = new_line(shop, PricedLine(product, variant, 0, quantity))
            order["line_items"].append(line)
            deltas[line["id"]] = quantity
            _move(order, quantity * minor(line["price"]))
    return deltas


def _move(order: Body, cents: int) -> None:
    """The order's current figures; what it was placed for stays, unless it grew."""
    names = ["current_subtotal_price", "current_total_price"]
    names += ["subtotal_price", "total_price"] if cents > 0 else []
    for name in names:
        value = minor(order[name]) + cents
        order |= {name: amount(value), f"{name}_set": money_set(value, order["currency"])}


def _message(order: Body, edit: Body, deltas: dict[int, int], note: str) -> Body:
    added = [{"id": id, "delta": delta} for id, delta in deltas.items() if delta > 0]
    removed = [{"id": id, "delta": -delta} for id, delta in deltas.items() if delta < 0]
    return {
        "order_edit": {
            "id": edit["id"],
            "app_id": None,
            "created_at": order["updated_at"],
            "notify_customer": False,
            "order_id": order["id"],
            "staff_note": note,
            "user_id": None,
            "line_items": {"additions": added, "removals": removed},
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {"additions": [], "removals": []},
        }
    }


def _edit(shop: Shop, id: str) -> Body | None:
    return shop.read("edit", number_in(id, "CalculatedOrder"))


def _variant(shop: Shop, number: str) -> tuple[Body, Body] | None:
    for product in shop.all("product"):
        for variant in product["variants"]:
            if str(variant["id"]) == number:
                return product, variant
    return None


MUTATIONS: Fields = {
    "orderEditBegin": _begin,
    "orderEditSetQuantity": _set_quantity,
    "orderEditAddVariant": _add,
    "orderEditCommit": _commit,
}
FIELDS: dict[str, Fields] = {
    "CalculatedOrder": {"id": lambda edit, asking, arguments: f"gid://shopify/CalculatedOrder/{edit['id']}"},
    "CalculatedLineItem": {"id": plain("id")},
}
