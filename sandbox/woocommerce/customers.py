"""Accounts of a shop. Guests have none: they live in their orders only."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sandbox.woocommerce.announcements import announce
from sandbox.woocommerce.shop import Shop

Customer = dict[str, Any]
_STREET = ("company", "address_1", "address_2", "city", "postcode", "country", "state")


def make(shop: Shop, email: str, first_name: str, last_name: str, now: datetime) -> Customer:
    """An account is told as created and as updated, both at once."""
    id = shop.number("customer")
    names = {"first_name": first_name, "last_name": last_name}
    empty = dict.fromkeys(_STREET, "")
    digest = hashlib.sha256(email.encode()).hexdigest()
    customer: Customer = {
        "id": id, **shop.stamps("date_created", now), **shop.stamps("date_modified", now), "email": email,
        **names, "role": "customer", "username": email.partition("@")[0],
        "billing": {**names, **empty, "email": email, "phone": ""},
        "shipping": {"first_name": "", "last_name": "", **empty, "phone": ""},
        "is_paying_customer": False,
        "avatar_url": f"https://secure.gravatar.com/avatar/{digest}?s=96&d=mm&r=g",
        "meta_data": [], "_links": shop.links("customers", id),
    }  # fmt: skip
    with shop.documents.transaction():
        shop.write("customer", id, customer)
        announce(shop, "customer.updated", id)
        announce(shop, "customer.created", id)
    return customer


def with_email(shop: Shop, email: str) -> int | None:
    """The account's id."""
    wanted = email.lower()
    found = (one["id"] for one in shop.every("customer") if str(one["email"]).lower() == wanted)
    return next((int(id) for id in found), None)


def change(shop: Shop, customer: Customer, wanted: dict[str, Any], now: datetime) -> None:
    with shop.documents.transaction():
        for name in ("email", "first_name", "last_name"):
            if name in wanted:
                customer[name] = str(wanted[name])
        for part in ("billing", "shipping"):
            if isinstance(wanted.get(part), dict):
                customer[part] |= {key: str(value) for key, value in wanted[part].items()}
        customer |= shop.stamps("date_modified", now)
        shop.write("customer", customer["id"], customer)
        announce(shop, "customer.updated", customer["id"])


def delete(shop: Shop, customer: Customer) -> None:
    """Orders of a deleted account become a guest's, with their addresses kept."""
    with shop.documents.transaction():
        shop.forget("customer", customer["id"])
        for order in shop.every("order"):
            if order["customer_id"] == customer["id"]:
                order["customer_id"] = 0
                order["_links"].pop("customer", None)
                shop.write("order", order["id"], order)
        announce(shop, "customer.deleted", customer["id"])
