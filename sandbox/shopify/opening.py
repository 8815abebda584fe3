"""Opens a shop: its profile, its shelves, and for the main shop its past."""

from __future__ import annotations

import re
from datetime import timedelta

from sandbox.clock import Clock
from sandbox.document_store import DocumentStore
from sandbox.shopify.bodies.products import new_product
from sandbox.shopify.bodies.profile import profile_body
from sandbox.shopify.catalogue import CATALOGUE
from sandbox.shopify.history import live_through_history
from sandbox.shopify.shop import Shop
from sandbox.store import Refusal

MAIN_DOMAIN = "hollow-pine.myshopify.com"
_MAIN_NAME = "Hollow Pine Coffee"
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def open_shop(documents: DocumentStore, clock: Clock, domain: str, address: str) -> Shop:
    """A shop that is open already is only handed over. Raises Refusal 400 for a domain that cannot be."""
    if not _DOMAIN.fullmatch(domain):
        raise Refusal(400, f"{domain!r} is not a name under myshopify.com")
    shop = Shop(domain, address, documents, clock)
    with documents.transaction():
        if shop.read("shop", "profile") is None:
            _furnish(shop)
            documents.put("opened", domain, {"domain": domain})
    return shop


def opened_shop(documents: DocumentStore, clock: Clock, domain: str, address: str) -> Shop | None:
    """None if there is no such shop."""
    shop = Shop(domain, address, documents, clock)
    return None if documents.get("opened", domain) is None else shop


def _furnish(shop: Shop) -> None:
    founded = shop.clock.now() - timedelta(days=400)
    main = shop.domain == MAIN_DOMAIN
    profile = profile_body(
        id=61_204_778_000 + shop.documents.next_number("shop"),
        name=_MAIN_NAME if main else shop.handle.replace("-", " ").title(),
        domain=shop.domain,
        created_at=founded.isoformat(timespec="seconds"),
    )
    shop.write("shop", profile, "profile")
    profile["created_at"] = profile["updated_at"] = shop.local(founded)
    shop.write("shop", profile, "profile")
    for seed in CATALOGUE:
        at = shop.local(founded + timedelta(days=14))
        product = new_product(shop, seed, f"{shop.address}/pictures/{seed.slug}.png", at)
        shop.write("product", product)
        for wanted, variant in zip(seed.variants, product["variants"], strict=True):
            shelf = {"product_id": product["id"], "variant_id": variant["id"], "grams": wanted.grams}
            shop.write("shelf", shelf, wanted.sku)
    if main:
        live_through_history(shop)
