"""Customers and the consent that belongs to their address."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Fields, as_moment, global_id, moment, plain, shouted
from sandbox.shopify.admin_api.fields import credits
from sandbox.shopify.shop import number_of


def _email(customer: dict[str, Any], asking: Any, arguments: Any) -> dict[str, Any] | None:
    if not customer["email"]:
        return None
    known = asking.shop.read("consent", number_of(customer))
    consent = known["email_marketing_consent"] if known else None
    return {
        "email": customer["email"],
        "state": consent["state"] if consent else "not_subscribed",
        "opt_in_level": consent["opt_in_level"] if consent else None,
        "at": consent["consent_updated_at"] if consent else None,
    }


def _orders(customer: dict[str, Any], asking: Any, arguments: Any) -> int:
    return sum(
        1
        for order in asking.shop.all("order")
        if order["customer"] and number_of(order["customer"]) == number_of(customer)
    )


FIELDS: dict[str, Fields] = {
    "Customer": {
        "id": global_id("Customer"),
        "legacyResourceId": lambda customer, asking, arguments: int(number_of(customer)),
        "firstName": plain("first_name"),
        "lastName": plain("last_name"),
        "displayName": lambda customer, asking, arguments: (
            f"{customer['first_name'] or ''} {customer['last_name'] or ''}".strip() or customer["email"] or ""
        ),
        "locale": lambda customer, asking, arguments: asking.shop.profile()["primary_locale"],
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
        "note": plain("note"),
        "state": shouted("state"),
        "verifiedEmail": plain("verified_email"),
        "taxExempt": plain("tax_exempt"),
        "numberOfOrders": _orders,
        "storeCreditAccounts": credits.of_customer,
        "defaultAddress": lambda customer, asking, arguments: _with_place(customer["default_address"]),
        "defaultEmailAddress": _email,
        "defaultPhoneNumber": lambda customer, asking, arguments: (
            {"number": customer["phone"]} if customer["phone"] else None
        ),
    },
    "CustomerEmailAddress": {
        "emailAddress": plain("email"),
        "marketingState": shouted("state"),
        "marketingOptInLevel": shouted("opt_in_level"),
        "marketingUpdatedAt": lambda email, asking, arguments: as_moment(email["at"]),
        "validFormat": lambda email, asking, arguments: "@" in email["email"],
    },
    "CustomerPhoneNumber": {"phoneNumber": plain("number")},
}


def _with_place(address: dict[str, Any] | None) -> dict[str, Any] | None:
    """An address book knows no coordinates."""
    return None if address is None else {"latitude": None, "longitude": None, **address}
