"""Answers of the Admin API in our words: the same values that the webhooks of the same thing give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.base import Reading, Store
from connectors.fields import read_instant
from connectors.shopify.fields import body
from connectors.shopify.nodes import Words, dig, listed, renamed
from connectors.shopify.orders import order_reading
from connectors.shopify.parcels import parcel_event
from connectors.shopify.people import consent_reading, customer_reading
from connectors.shopify.products import product_reading
from connectors.shopify.profiles import shop_profile
from connectors.shopify.returns import order_return
from connectors.shopify.translate import (
    address_body,
    customer_body,
    order_body,
    return_bodies,
    scan_bodies,
)
from flows.commerce import Consent, Order, Return, ShopProfile

_PRODUCT: Words = {
    "admin_graphql_api_id": "id",
    "title": "title",
    "handle": "handle",
    "status": "status",
    "product_type": "productType",
    "vendor": "vendor",
    "tracks_inventory": "tracksInventory",
    "total_inventory": "totalInventory",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "published_at": "publishedAt",
    "online_store_url": "onlineStoreUrl",
    "currency": "priceRangeV2.minVariantPrice.currencyCode",
}
_SHOP: Words = {
    "admin_graphql_api_id": "id",
    "name": "name",
    "email": "email",
    "customer_email": "contactEmail",
    "currency": "currencyCode",
    "iana_timezone": "ianaTimezone",
    "myshopify_domain": "myshopifyDomain",
    "url": "primaryDomain.url",
    "primary_locale": "primaryDomain.localization.defaultLocale",
    "for_tests": "plan.partnerDevelopment",
}
_CONSENT: Words = {
    "state": "defaultEmailAddress.marketingState",
    "opt_in_level": "defaultEmailAddress.marketingOptInLevel",
    "consent_updated_at": "defaultEmailAddress.marketingUpdatedAt",
}


def order(node: Any, store: Store) -> Reading:
    """An order whose lists are complete, with its parcels, scans, refunds and returns, and, other than a
    webhook of an order, the consent of its customer's address. Raises Malformed."""
    reading = order_reading(body(order_body(node), "order"), store)
    shipped = {parcel.id for parcel in reading.parcels}
    scans = (parcel_event(body(scan, "order.fulfillments.events")) for scan in scan_bodies(node))
    return Reading(
        orders=reading.orders,
        parcels=reading.parcels,
        parcel_events=tuple(scan for scan in scans if scan.parcel_id in shipped),
        refunds=reading.refunds,
        returns=_returns(node, reading.orders),
        consents=_consents(dig(node, "customer")),
        stamp=reading.stamp,
    )


def _returns(node: Any, orders: tuple[Order, ...]) -> tuple[Return, ...]:
    """Of the one order in `orders`, as old as it is: a return bears no time of its last change."""
    return tuple(
        order_return(body(found, "order.returns"), order.id, order.version)
        for order in orders
        for found in return_bodies(node)
    )


def product(node: Any, store: Store) -> Reading:
    """Raises Malformed."""
    translated = {
        **renamed(node, _PRODUCT),
        "tags": ",".join(map(str, listed(node, "tags"))),
        "image": {"src": dig(node, "featuredMedia.preview.image.url")},
        "variants": [{"price": dig(node, "priceRangeV2.minVariantPrice.amount")}],
    }
    return product_reading(body(translated, "product"), store)


def customer(node: Any, counted_at: Any = None) -> Reading:
    """The customer and, other than a webhook of a customer, the consent of the address. `counted_at`: of
    when its number of orders is, where that is not the customer's own last change."""
    known = customer_reading(body(customer_body(node), "customer"))
    if (at := read_instant(counted_at)) is not None:
        known = replace(known, customers=tuple(replace(one, counted_at=at) for one in known.customers))
    return Reading(customers=known.customers, consents=_consents(node), stamp=known.stamp)


def _consents(customer: Any) -> tuple[Consent, ...]:
    """What the customer's own address agreed to; nothing where the answer does not tell it."""
    if dig(customer, "defaultEmailAddress.marketingState") is None:
        return ()
    consent = {
        "customer_id": dig(customer, "id"),
        "email_address": dig(customer, "defaultEmailAddress.emailAddress"),
        "email_marketing_consent": renamed(customer, _CONSENT),
    }
    return consent_reading(body(consent, "customer")).consents


def profile(node: Any, store: Store) -> ShopProfile:
    """Raises Malformed."""
    translated = {**address_body(dig(node, "shopAddress")), **renamed(node, _SHOP)}
    return shop_profile(body(translated, "shop"), store)
