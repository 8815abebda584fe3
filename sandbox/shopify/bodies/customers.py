"""Customers and their consent, as the customers/* topics carry them."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.bodies.addresses import Place, book_address
from sandbox.shopify.shop import Shop


def new_customer(
    shop: Shop, email: str, first_name: str, last_name: str, place: Place, at: str
) -> dict[str, Any]:
    id = shop.new_id("customer")
    home = book_address(place, first_name, last_name, shop.new_id("address"), id)
    return {
        "id": id,
        "created_at": at,
        "updated_at": at,
        "first_name": first_name,
        "last_name": last_name,
        "state": "disabled",
        "note": None,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "email": email,
        "phone": None,
        "currency": shop.currency(),
        "addresses": [home],
        "tax_exemptions": [],
        "admin_graphql_api_id": f"gid://shopify/Customer/{id}",
        "default_address": home,
    }


def customer_on_order(customer: dict[str, Any]) -> dict[str, Any]:
    """An order carries its customer without the address book."""
    return {key: value for key, value in customer.items() if key != "addresses"}


def consent_body(
    customer: dict[str, Any], state: str, at: str | None, level: str = "single_opt_in"
) -> dict[str, Any]:
    """`state`: subscribed, not_subscribed, unsubscribed, pending. `level`: how they agreed, if so."""
    return {
        "customer_id": customer["id"],
        "email_address": customer["email"],
        "email_marketing_consent": {
            "state": state,
            "opt_in_level": level if state == "subscribed" else None,
            "consent_updated_at": at,
        },
    }


def customer_with_email(shop: Shop, email: str) -> dict[str, Any] | None:
    wanted = email.lower()
    number = shop.read("customer_by_email", wanted)
    return None if number is None else shop.read("customer", number["id"])


def keep_customer(shop: Shop, customer: dict[str, Any]) -> None:
    shop.write("customer", customer)
    if customer["email"]:
        number = customer["admin_graphql_api_id"].rsplit("/", 1)[-1]
        shop.write("customer_by_email", {"id": number}, customer["email"].lower())
