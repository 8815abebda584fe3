"""Nodes of the Admin API in the words of webhook bodies, so that one mapping reads both.

A field that no webhook has keeps a name of its own (`delivered_at`, `online_store_url`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.shopify.nodes import Words, dig, listed, renamed

_ADDRESS: Words = {
    "name": "name",
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "province": "province",
    "province_code": "provinceCode",
    "zip": "zip",
    "country": "country",
    "country_code": "countryCodeV2",
    "phone": "phone",
}
_CUSTOMER: Words = {
    "admin_graphql_api_id": "id",
    "first_name": "firstName",
    "last_name": "lastName",
    "locale": "locale",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "email": "defaultEmailAddress.emailAddress",
    "phone": "defaultPhoneNumber.phoneNumber",
}
_ORDER: Words = {
    "admin_graphql_api_id": "id",
    "name": "name",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "processed_at": "processedAt",
    "cancelled_at": "cancelledAt",
    "currency": "currencyCode",
    "email": "email",
    "phone": "phone",
    "note": "note",
    "test": "test",
    "source_name": "sourceName",
    "customer_locale": "customerLocale",
    "taxes_included": "taxesIncluded",
    "financial_status": "displayFinancialStatus",
    "payment_gateway_names": "paymentGatewayNames",
    "order_status_url": "statusPageUrl",
    "confirmation_number": "confirmationNumber",
    "total_price": "totalPriceSet.shopMoney.amount",
    "total_tax": "totalTaxSet.shopMoney.amount",
    "total_discounts": "totalDiscountsSet.shopMoney.amount",
    "total_tip_received": "totalTipReceivedSet.shopMoney.amount",
}
_ORDER_SETS: Words = {
    "total_shipping_price_set": "totalShippingPriceSet.shopMoney.amount",
    "original_total_additional_fees_set": "originalTotalAdditionalFeesSet.shopMoney.amount",
    "original_total_duties_set": "originalTotalDutiesSet.shopMoney.amount",
}
_LINE: Words = {
    "admin_graphql_api_id": "id",
    "title": "title",
    "name": "name",
    "quantity": "quantity",
    "current_quantity": "currentQuantity",
    "variant_title": "variantTitle",
    "sku": "sku",
    "requires_shipping": "requiresShipping",
    "gift_card": "isGiftCard",
    "price": "originalUnitPriceSet.shopMoney.amount",
    "product_id": "product.id",
    "variant_id": "variant.id",
}
_SHARE: Words = {"amount": "allocatedAmountSet.shopMoney.amount"}
_PARCEL: Words = {
    "admin_graphql_api_id": "id",
    "name": "name",
    "status": "status",
    "shipment_status": "displayStatus",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "delivered_at": "deliveredAt",
    "estimated_delivery_at": "estimatedDeliveryAt",
}
_SCAN: Words = {
    "admin_graphql_api_id": "id",
    "status": "status",
    "message": "message",
    "happened_at": "happenedAt",
    "estimated_delivery_at": "estimatedDeliveryAt",
    "city": "city",
    "province": "province",
    "country": "country",
}
_REFUND: Words = {
    "admin_graphql_api_id": "id",
    "created_at": "createdAt",
    "processed_at": "processedAt",
    "note": "note",
}
_REFUND_LINE: Words = {
    "line_item_id": "lineItem.id",
    "quantity": "quantity",
    "subtotal": "subtotalSet.shopMoney.amount",
}
_RETURN: Words = {
    "admin_graphql_api_id": "id",
    "name": "name",
    "status": "status",
    "decline": "decline",
}
_RETURN_LINE: Words = {
    "quantity": "quantity",
    "customer_note": "customerNote",
    "return_reason_note": "returnReasonNote",
}
_SHIPPED = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}


def order_body(node: Any) -> dict[str, Any]:
    sets = renamed(node, _ORDER_SETS)
    return {
        **renamed(node, _ORDER),
        **{key: {"shop_money": {"amount": amount}} for key, amount in sets.items()},
        "tags": ",".join(map(str, listed(node, "tags"))),
        "fulfillment_status": _SHIPPED.get(str(dig(node, "displayFulfillmentStatus"))),
        "discount_codes": [{"code": code} for code in listed(node, "discountCodes")],
        "note_attributes": _attributes(node),
        "shipping_lines": [{"title": dig(node, "shippingLine.title")}],
        "customer": _one(node, "customer", customer_body),
        "shipping_address": _one(node, "shippingAddress", address_body),
        "billing_address": _one(node, "billingAddress", address_body),
        "line_items": [_line(line) for line in listed(node, "lineItems.nodes")],
        "fulfillments": [_parcel(part) for part in listed(node, "fulfillments")],
        "refunds": [_refund(part) for part in listed(node, "refunds")],
    }


def scan_bodies(node: Any) -> list[dict[str, Any]]:
    """The scans of every parcel of an order."""
    return [
        {**renamed(scan, _SCAN), "fulfillment_id": dig(part, "id"), "order_id": dig(node, "id")}
        for part in listed(node, "fulfillments")
        for scan in listed(part, "events.nodes")
    ]


def return_bodies(node: Any) -> list[dict[str, Any]]:
    return [_return(part) for part in listed(node, "returns.nodes")]


def customer_body(node: Any) -> dict[str, Any]:
    return {**renamed(node, _CUSTOMER), "orders_count": _whole(dig(node, "numberOfOrders"))}


def address_body(node: Any) -> dict[str, Any]:
    return renamed(node, _ADDRESS)


def _line(line: Any) -> dict[str, Any]:
    found = renamed(line, _LINE)
    found["properties"] = _attributes(line)
    found["discount_allocations"] = [renamed(part, _SHARE) for part in listed(line, "discountAllocations")]
    return found


def _parcel(part: Any) -> dict[str, Any]:
    tracking = listed(part, "trackingInfo")
    ships = dig(part, "requiresShipping")
    lines = listed(part, "fulfillmentLineItems.nodes")
    return {
        **renamed(part, _PARCEL),
        "tracking_company": dig(next(iter(tracking), None), "company"),
        "tracking_numbers": [dig(one, "number") or "" for one in tracking],
        "tracking_urls": [dig(one, "url") or "" for one in tracking],
        "line_items": [
            {"id": dig(line, "lineItem.id"), "quantity": dig(line, "quantity"), "requires_shipping": ships}
            for line in lines
        ],
    }


def _refund(part: Any) -> dict[str, Any]:
    amount = dig(part, "totalRefundedSet.shopMoney.amount")
    return {
        **renamed(part, _REFUND),
        "transactions": [{"kind": "refund", "status": "success", "amount": amount}],
        "refund_line_items": [renamed(line, _REFUND_LINE) for line in listed(part, "refundLineItems.nodes")],
    }


def _return(part: Any) -> dict[str, Any]:
    return {
        **renamed(part, _RETURN),
        "exchange_line_items": listed(part, "exchangeLineItems.nodes"),
        "return_line_items": [
            {
                **renamed(line, _RETURN_LINE),
                "fulfillment_line_item": {"line_item_id": dig(line, "fulfillmentLineItem.lineItem.id")},
            }
            for line in listed(part, "returnLineItems.nodes")
        ],
    }


def _whole(value: Any) -> Any:
    """The schema writes its largest numbers as texts of digits."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value


def _attributes(node: Any) -> list[dict[str, Any]]:
    return [{"name": dig(one, "key"), "value": dig(one, "value")} for one in listed(node, "customAttributes")]


def _one(node: Any, key: str, read: Callable[[Any], dict[str, Any]]) -> dict[str, Any] | None:
    found = dig(node, key)
    return None if found is None else read(found)
