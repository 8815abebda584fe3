"""What a merchant changes outside of orders: customers and their consent, products, the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.shopify.actions.change import Change
from sandbox.shopify.bodies.customers import consent_body, customer_with_email, keep_customer
from sandbox.shopify.bodies.products import new_product
from sandbox.shopify.catalogue import ProductSeed, VariantSeed
from sandbox.shopify.money import amount
from sandbox.shopify.shop import not_before, number_of
from sandbox.store import Refusal

CONSENT_STATES = ("subscribed", "not_subscribed", "unsubscribed", "pending")


def note_consent(change: Change, customer: dict[str, Any], accepts: bool) -> None:
    """A box at the checkout; one that is left empty takes no earlier consent back."""
    known = change.shop.read("consent", number_of(customer))
    state = known["email_marketing_consent"]["state"] if known else None
    if accepts and state != "subscribed":
        _keep_consent(change, customer, "subscribed")
    elif known is None:
        body = consent_body(customer, "not_subscribed", None)
        change.shop.write("consent", body, number_of(customer))


def set_consent(change: Change, email: str, state: str) -> dict[str, Any]:
    """Raises Refusal 400, 404."""
    if state not in CONSENT_STATES:
        raise Refusal(400, f"`state` must be one of {', '.join(CONSENT_STATES)}")
    _keep_consent(change, find_customer(change, email), state)
    return {"email": email, "state": state}


def edit_customer(change: Change, email: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Refusal 404."""
    customer = find_customer(change, email)
    customer |= {name: str(wanted[name]) for name in ("first_name", "last_name", "note") if name in wanted}
    _touch(change, customer)
    keep_customer(change.shop, customer)
    change.tell(customer, "customers/update")
    return customer


def delete_customer(change: Change, email: str) -> dict[str, Any]:
    """Raises Refusal 404."""
    customer = find_customer(change, email)
    change.shop.forget("customer", number_of(customer))
    change.shop.forget("customer_by_email", email.lower())
    kept = ("id", "tax_exemptions", "admin_graphql_api_id")
    change.tell({name: customer[name] for name in kept}, "customers/delete")
    return {"deleted": True}


def find_customer(change: Change, email: str) -> dict[str, Any]:
    customer = customer_with_email(change.shop, email)
    if customer is None:
        raise Refusal(404, f"no customer {email} in {change.shop.domain}")
    return customer


def add_product(change: Change, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A plain product without a picture: `sku`, `slug`, `title`, `price_minor`. Raises Refusal 400."""
    shop = change.shop
    try:
        variant = VariantSeed(str(wanted["sku"]), "Default Title", int(wanted["price_minor"]), 300)
        slug, title = str(wanted["slug"]), str(wanted["title"])
    except (KeyError, ValueError) as error:
        raise Refusal(400, f"a product needs sku, slug, title and price_minor: {error}") from error
    seed = ProductSeed(slug, title, "Other", (), title, "Title", (variant,), "", ("", ""))
    product = new_product(shop, seed, "", shop.local(change.now()))
    product |= {"images": [], "image": None, "media": []}
    shop.write("product", product)
    shelf = {"product_id": product["id"], "variant_id": product["variants"][0]["id"], "grams": variant.grams}
    shop.write("shelf", shelf, variant.sku)
    change.tell(product, "products/create")
    return product


def edit_product(change: Change, slug: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`title`, `tags` (comma text), `status`, `price_minor` (of all variants). Raises Refusal 404."""
    product = _find_product(change, slug)
    product |= {name: str(wanted[name]) for name in ("title", "tags", "status") if name in wanted}
    if "price_minor" in wanted:
        for variant in product["variants"]:
            variant["price"] = amount(int(wanted["price_minor"]))
    _touch(change, product)
    change.shop.write("product", product)
    change.tell(product, "products/update")
    return product


def delete_product(change: Change, slug: str) -> dict[str, Any]:
    """Raises Refusal 404."""
    product = _find_product(change, slug)
    change.shop.forget("product", number_of(product))
    change.tell({"id": product["id"]}, "products/delete")
    return {"deleted": True}


def edit_shop(change: Change, wanted: Mapping[str, Any]) -> dict[str, Any]:
    profile = change.shop.profile()
    profile |= {name: str(wanted[name]) for name in ("name", "email", "customer_email") if name in wanted}
    _touch(change, profile)
    change.shop.write("shop", profile, "profile")
    change.tell(profile, "shop/update")
    return profile


def _find_product(change: Change, slug: str) -> dict[str, Any]:
    for product in change.shop.all("product"):
        if product["handle"] == slug:
            return product
    raise Refusal(404, f"no product {slug} in {change.shop.domain}")


def _keep_consent(change: Change, customer: dict[str, Any], state: str) -> None:
    body = consent_body(customer, state, change.shop.local(change.now()))
    change.shop.write("consent", body, number_of(customer))
    change.tell(body, "customers_email_marketing_consent/update")


def _touch(change: Change, body: dict[str, Any]) -> None:
    body["updated_at"] = change.shop.local(not_before(body["updated_at"], change.now()))
