"""What we ask every shop to tell us, and how much of it.

A list of fields keeps the rest out of the delivery: addresses of the browser, payment details, notes
on customers, descriptions of products and their hundred variants. It names every key that our readers
touch; without a list the whole body comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`fields`: what of the body shall come; empty: all of it. `needs`: the right without which the shop
    refuses to tell. `optional`: not every shop gives that right, so only those that gave it are asked."""

    name: str
    fields: tuple[str, ...] = ()
    needs: str = ""
    optional: bool = False


_ORDER = (
    "id",
    "admin_graphql_api_id",
    "created_at",
    "updated_at",
    "processed_at",
    "cancelled_at",
    "name",
    "order_number",
    "email",
    "contact_email",
    "phone",
    "customer",
    "customer_locale",
    "shipping_address",
    "billing_address",
    "currency",
    "total_price",
    "total_price_set",
    "total_tax",
    "taxes_included",
    "total_discounts",
    "total_tip_received",
    "total_shipping_price_set",
    "original_total_additional_fees_set",
    "original_total_duties_set",
    "financial_status",
    "fulfillment_status",
    "line_items",
    "shipping_lines",
    "discount_codes",
    "payment_gateway_names",
    "fulfillments",
    "refunds",
    "note",
    "note_attributes",
    "tags",
    "source_name",
    "test",
    "order_status_url",
    "confirmation_number",
)
_CUSTOMER = (
    "id",
    "admin_graphql_api_id",
    "created_at",
    "updated_at",
    "email",
    "first_name",
    "last_name",
    "phone",
    "locale",
    "orders_count",
)
_PRODUCT = (
    "id",
    "admin_graphql_api_id",
    "created_at",
    "updated_at",
    "published_at",
    "status",
    "title",
    "handle",
    "online_store_url",
    "currency",
    "product_type",
    "vendor",
    "tags",
    "image.src",
    "images.src",
    "variants.id",
    "variants.price",
    "variants.inventory_policy",
    "variants.inventory_quantity",
)
_SHOP = (
    "id",
    "admin_graphql_api_id",
    "myshopify_domain",
    "name",
    "domain",
    "url",
    "email",
    "customer_email",
    "currency",
    "iana_timezone",
    "primary_locale",
    "country",
    "country_code",
    "address1",
    "address2",
    "city",
    "province",
    "zip",
)
_ABOUT_ORDERS = "read_orders"
_ABOUT_PARCELS = "read_fulfillments"
_ABOUT_PEOPLE = "read_customers"
_ABOUT_PRODUCTS = "read_products"
_ABOUT_RETURNS = "read_returns"

TOPICS: tuple[Topic, ...] = (
    Topic("orders/create", _ORDER, _ABOUT_ORDERS),
    Topic("orders/updated", _ORDER, _ABOUT_ORDERS),
    Topic("orders/paid", _ORDER, _ABOUT_ORDERS),
    Topic("orders/fulfilled", _ORDER, _ABOUT_ORDERS),
    Topic("orders/partially_fulfilled", _ORDER, _ABOUT_ORDERS),
    Topic("orders/cancelled", _ORDER, _ABOUT_ORDERS),
    Topic("orders/edited", needs=_ABOUT_ORDERS),
    Topic("orders/delete", needs=_ABOUT_ORDERS),
    Topic("fulfillments/create", needs=_ABOUT_PARCELS),
    Topic("fulfillments/update", needs=_ABOUT_PARCELS),
    Topic("fulfillment_events/create", needs=_ABOUT_PARCELS),
    Topic("fulfillment_events/delete", needs=_ABOUT_PARCELS),
    Topic("refunds/create", needs=_ABOUT_ORDERS),
    Topic("returns/request", needs=_ABOUT_RETURNS),
    Topic("returns/approve", needs=_ABOUT_RETURNS),
    Topic("returns/decline", needs=_ABOUT_RETURNS),
    Topic("returns/cancel", needs=_ABOUT_RETURNS),
    Topic("returns/close", needs=_ABOUT_RETURNS),
    Topic("returns/update", needs=_ABOUT_RETURNS),
    Topic("customers/create", _CUSTOMER, _ABOUT_PEOPLE),
    Topic("customers/update", _CUSTOMER, _ABOUT_PEOPLE),
    Topic("customers/delete", needs=_ABOUT_PEOPLE),
    Topic("customers/merge", needs="read_customer_merge", optional=True),
    Topic("customers_email_marketing_consent/update", needs=_ABOUT_PEOPLE),
    Topic("products/create", _PRODUCT, _ABOUT_PRODUCTS),
    Topic("products/update", _PRODUCT, _ABOUT_PRODUCTS),
    Topic("products/delete", needs=_ABOUT_PRODUCTS),
    Topic("shop/update", _SHOP),
    # Their bodies describe the whole shop, and all that matters is which.
    Topic("app/uninstalled", ("id", "admin_graphql_api_id", "myshopify_domain")),
    Topic("app/scopes_update"),
    Topic("app_subscriptions/update"),
    Topic("bulk_operations/finish"),
)
BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}
