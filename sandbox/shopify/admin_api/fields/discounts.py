"""Discount codes: made by an app, honoured at the checkout of this store."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, as_moment, global_id, plain
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.codes import find_code


def _create(name: str, kind: str) -> Any:
    def create(source: Any, asking: Asking, arguments: Arguments) -> Body:
        asking.needs("write_discounts")
        wanted, shop = arguments[name], asking.shop
        code = str(wanted.get("code") or "")
        if not code:
            return refused("Code can't be blank", "BLANK", [name, "code"])
        if not wanted.get("title") or not wanted.get("context") or not wanted.get("startsAt"):
            return refused("Title, context and start can't be blank", "BLANK", [name])
        if wanted.get("endsAt") and wanted["endsAt"] <= wanted["startsAt"]:
            words = "Ends at needs to be after starts_at"
            return refused(words, "END_DATE_BEFORE_START_DATE", [name, "endsAt"])
        with shop.documents.transaction():
            if find_code(shop, code) is not None:
                words = "Code must be unique. Please try a different code."
                return refused(words, "TAKEN", [name, "code"])
            discount = _body(asking, kind, code, wanted)
            shop.write("discount", discount, code.lower())
        return done(codeDiscountNode=discount)

    return create


def _body(asking: Asking, kind: str, code: str, wanted: Arguments) -> Body:
    id = asking.shop.new_id("discount")
    value = (wanted.get("customerGets") or {}).get("value") or {}
    amount = value.get("discountAmount")
    subtotal = (wanted.get("minimumRequirement") or {}).get("subtotal") or {}
    least = subtotal.get("greaterThanOrEqualToSubtotal")
    customers = (wanted["context"].get("customers") or {}).get("add")
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/DiscountCodeNode/{id}",
        "kind": kind,
        "title": wanted["title"],
        "code": code,
        "starts_at": wanted["startsAt"].isoformat(),
        "ends_at": wanted["endsAt"].isoformat() if wanted.get("endsAt") else None,
        "usage_limit": wanted.get("usageLimit"),
        "once": bool(wanted.get("appliesOncePerCustomer")),
        "percent": value.get("percentage"),
        "amount": str(amount["amount"]) if amount else None,
        "minimum": None if least is None else str(least),
        "customers": customers,
        "used_by": [],
    }


def _by_code(source: Any, asking: Asking, arguments: Arguments) -> Body | None:
    asking.needs("read_discounts")
    return find_code(asking.shop, arguments["code"])


_OF_ONE: Fields = {
    "title": plain("title"),
    "startsAt": lambda discount, asking, arguments: as_moment(discount["starts_at"]),
    "endsAt": lambda discount, asking, arguments: as_moment(discount["ends_at"]),
    "usageLimit": plain("usage_limit"),
    "appliesOncePerCustomer": plain("once"),
    "asyncUsageCount": lambda discount, asking, arguments: len(discount["used_by"]),
}
QUERIES: Fields = {"codeDiscountNodeByCode": _by_code}
MUTATIONS: Fields = {
    "discountCodeBasicCreate": _create("basicCodeDiscount", "DiscountCodeBasic"),
    "discountCodeFreeShippingCreate": _create("freeShippingCodeDiscount", "DiscountCodeFreeShipping"),
}
FIELDS: dict[str, Fields] = {
    "DiscountCodeNode": {
        "id": global_id("DiscountCodeNode"),
        "codeDiscount": lambda discount, asking, arguments: discount,
    },
    "DiscountCodeBasic": _OF_ONE,
    "DiscountCodeFreeShipping": _OF_ONE,
}
