"""One order as a webhook tells it and as the Admin API answers it.

Three lines of which one was edited down and one is a download, two parcels (one of them in two pieces),
one part refunded, one exchanged.
"""

from __future__ import annotations

from typing import Any

from tests.connectors.shopify.graph import connection, first_of, money

ORDER, LINES = 5001, (7001, 7002, 7003)
PARCELS, REFUND, SCAN, RETURN = (8001, 8002), 9001, 8801, 9501

_PLACE = {
    "first_name": "Ines",
    "last_name": "Okafor",
    "name": "Ines Okafor",
    "company": None,
    "address1": "2140 West Fulton Street",
    "address2": "",
    "city": "Chicago",
    "province": "Illinois",
    "province_code": "IL",
    "zip": "60612",
    "country": "United States",
    "country_code": "US",
    "phone": None,
}


REACHED_AT = {
    "defaultEmailAddress": {
        "emailAddress": "ines@example.com",
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "marketingUpdatedAt": "2026-11-20T15:00:00Z",
    },
    "defaultPhoneNumber": {"phoneNumber": "+13125550100"},
}


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def _set(amount: str) -> dict[str, Any]:
    side = {"amount": amount, "currency_code": "USD"}
    return {"shop_money": side, "presentment_money": {"amount": "1.00", "currency_code": "EUR"}}


def webhook_order() -> dict[str, Any]:
    return {
        "id": ORDER,
        "admin_graphql_api_id": gid("Order", ORDER),
        "name": "#1042",
        "order_number": 1042,
        "created_at": "2026-11-20T09:00:00-06:00",
        "processed_at": "2026-11-20T08:59:58-06:00",
        "updated_at": "2026-11-21T11:30:00-06:00",
        "cancelled_at": None,
        "currency": "USD",
        "presentment_currency": "EUR",
        "email": "ines@example.com",
        "contact_email": "ines@example.com",
        "phone": None,
        "note": "Ring twice",
        "tags": "regular, vip",
        "test": False,
        "source_name": "web",
        "customer_locale": "en-US",
        "taxes_included": False,
        "financial_status": "partially_refunded",
        "fulfillment_status": "partial",
        "discount_codes": [{"code": "WELCOME10", "amount": "5.40", "type": "percentage"}],
        "payment_gateway_names": ["shopify_payments", "gift_card"],
        "order_status_url": "https://hollowpine.example/1/orders/abc/authenticate?key=def",
        "confirmation_number": "K9XQ2LW4T",
        "note_attributes": [{"name": "gift_message", "value": "Happy birthday"}],
        "customer": {
            "id": 6001,
            "admin_graphql_api_id": gid("Customer", 6001),
            "email": "ines@example.com",
            "first_name": "Ines",
            "last_name": "Okafor",
            "phone": "+13125550100",
        },
        "total_price": "56.00",
        "total_tax": "2.40",
        "total_discounts": "5.40",
        "total_tip_received": "0.00",
        "total_shipping_price_set": _set("5.00"),
        "original_total_additional_fees_set": None,
        "original_total_duties_set": _set("0.50"),
        "shipping_lines": [{"title": "Standard shipping", "price": "5.00", "is_removed": False}],
        "shipping_address": dict(_PLACE),
        "billing_address": dict(_PLACE),
        "line_items": [
            _line(LINES[0], "Morning blend", "18.00", 2, 1, discount="3.60", variant="250 g / Whole bean"),
            _line(LINES[1], "Mug", "9.00", 3, 2, discount="1.80", variant="Default Title"),
            {**_line(LINES[2], "Brewing guide", "5.00", 1, 1), "requires_shipping": False},
        ],
        "fulfillments": [
            {**webhook_parcel(0), "order_id": ORDER},
            {**webhook_parcel(1), "order_id": ORDER},
            {
                **webhook_parcel(1),
                "id": 8003,
                "admin_graphql_api_id": gid("Fulfillment", 8003),
                "line_items": [
                    {**_line(LINES[2], "Brewing guide", "5.00", 1, 1), "requires_shipping": False}
                ],
            },
        ],
        "refunds": [webhook_refund()],
    }


def _line(
    number: int,
    title: str,
    price: str,
    ordered: int,
    current: int,
    *,
    discount: str = "",
    variant: str | None = None,
) -> dict[str, Any]:
    shares = (
        [{"amount": discount, "amount_set": _set(discount), "discount_application_index": 0}]
        if discount
        else []
    )
    return {
        "id": number,
        "admin_graphql_api_id": gid("LineItem", number),
        "title": title,
        "name": f"{title} - {variant}",
        "price": price,
        "quantity": ordered,
        "current_quantity": current,
        "product_id": number + 100,
        "variant_id": number + 200,
        "variant_title": variant,
        "sku": f"SKU-{number}",
        "requires_shipping": True,
        "gift_card": False,
        "properties": [],
        "discount_allocations": shares,
    }


def webhook_parcel(at: int) -> dict[str, Any]:
    numbers = ("1Z999AA10123456784", "")[at]
    line = _line(LINES[at], "x", "1.00", 1, 1)
    return {
        "id": PARCELS[at],
        "admin_graphql_api_id": gid("Fulfillment", PARCELS[at]),
        "order_id": ORDER,
        "name": f"#1042.{at + 1}",
        "status": ("success", "pending")[at],
        "shipment_status": ("in_transit", None)[at],
        "created_at": f"2026-11-20T1{at}:00:00-06:00",
        "updated_at": f"2026-11-21T1{at}:00:00-06:00",
        "tracking_company": ("UPS", None)[at],
        "tracking_number": numbers or None,
        "tracking_numbers": [numbers, "1Z999AA10123456785"] if numbers else [],
        "tracking_url": "https://ups.example/track?n=1Z999AA10123456784" if numbers else None,
        "tracking_urls": [f"https://ups.example/track?n=1Z999AA1012345678{at}" for at in "45"]
        if numbers
        else [],
        "line_items": [{**line, "quantity": 1}],
    }


def webhook_scan() -> dict[str, Any]:
    return {
        "id": SCAN,
        "admin_graphql_api_id": gid("FulfillmentEvent", SCAN),
        "fulfillment_id": PARCELS[0],
        "order_id": ORDER,
        "status": "in_transit",
        "message": "Departed",
        "happened_at": "2026-11-21T04:00:00-06:00",
        "estimated_delivery_at": "2026-11-23T18:00:00-06:00",
        "city": "Cicero",
        "province": "IL",
        "country": "US",
    }


def webhook_refund() -> dict[str, Any]:
    return {
        "id": REFUND,
        "admin_graphql_api_id": gid("Refund", REFUND),
        "order_id": ORDER,
        "created_at": "2026-11-21T11:30:00-06:00",
        "processed_at": "2026-11-21T11:29:59-06:00",
        "note": "One mug broke",
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "8.40", "currency": "USD"},
            {"kind": "refund", "status": "failure", "amount": "8.40", "currency": "USD"},
            {"kind": "void", "status": "success", "amount": "1.00", "currency": "USD"},
        ],
        "refund_line_items": [
            {
                "line_item_id": LINES[1],
                "line_item": {"id": LINES[1], "admin_graphql_api_id": gid("LineItem", LINES[1])},
                "quantity": 1,
                "subtotal": 8.4,
                "subtotal_set": _set("8.40"),
                "total_tax": 0,
            }
        ],
    }


def webhook_return() -> dict[str, Any]:
    return {
        "id": RETURN,
        "admin_graphql_api_id": gid("Return", RETURN),
        "status": "open",
        "order": {"id": ORDER, "admin_graphql_api_id": gid("Order", ORDER)},
        "name": "#1042-R1",
        "total_return_line_items": 1,
        "return_line_items": [
            {
                "id": 9502,
                "fulfillment_line_item": {
                    "id": 9503,
                    "line_item": {"id": LINES[0], "admin_graphql_api_id": gid("LineItem", LINES[0])},
                },
                "quantity": 1,
                "return_reason": "unwanted",
                "return_reason_note": "",
                "customer_note": "Rather the whole beans",
            }
        ],
        "exchange_line_items": [{"id": 9504, "line_item": None}],
        "total_exchange_line_items": 1,
    }


def node() -> dict[str, Any]:
    """The same order as the Admin API holds it."""
    lines = [
        _line_node(LINES[0], "Morning blend", "18.00", 2, 1, discount="3.60", variant="250 g / Whole bean"),
        _line_node(LINES[1], "Mug", "9.00", 3, 2, discount="1.80", variant="Default Title"),
        {**_line_node(LINES[2], "Brewing guide", "5.00", 1, 1), "requiresShipping": False},
    ]
    guide = {**parcel_node(1), "id": gid("Fulfillment", 8003), "requiresShipping": False}
    return {
        "id": gid("Order", ORDER),
        "name": "#1042",
        "createdAt": "2026-11-20T15:00:00Z",
        "processedAt": "2026-11-20T14:59:58Z",
        "updatedAt": "2026-11-21T17:30:00Z",
        "currencyCode": "USD",
        "email": "ines@example.com",
        "note": "Ring twice",
        "tags": ["regular", "vip"],
        "test": False,
        "sourceName": "web",
        "customerLocale": "en-US",
        "taxesIncluded": False,
        "displayFinancialStatus": "PARTIALLY_REFUNDED",
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED",
        "discountCodes": ["WELCOME10"],
        "paymentGatewayNames": ["shopify_payments", "gift_card"],
        "statusPageUrl": "https://hollowpine.example/1/orders/abc/authenticate?key=def",
        "confirmationNumber": "K9XQ2LW4T",
        "customAttributes": [{"key": "gift_message", "value": "Happy birthday"}],
        "customer": {
            "id": gid("Customer", 6001),
            "firstName": "Ines",
            "lastName": "Okafor",
            **REACHED_AT,
        },
        "totalPriceSet": money("56.00"),
        "totalTaxSet": money("2.40"),
        "totalDiscountsSet": money("5.40"),
        "totalTipReceivedSet": money("0.0"),
        "totalShippingPriceSet": money("5.0"),
        "originalTotalDutiesSet": money("0.5"),
        "shippingLine": {"title": "Standard shipping"},
        "shippingAddress": _place_node(),
        "billingAddress": _place_node(),
        "lineItems": connection(lines),
        "fulfillments": first_of([parcel_node(0), parcel_node(1), guide]),
        "refunds": first_of([refund_node()]),
        "returns": connection([return_node()]),
    }


def _line_node(
    number: int,
    title: str,
    price: str,
    ordered: int,
    current: int,
    *,
    discount: str = "",
    variant: str | None = None,
) -> dict[str, Any]:
    return {
        "id": gid("LineItem", number),
        "title": title,
        "name": f"{title} - {variant}",
        "quantity": ordered,
        "currentQuantity": current,
        "variantTitle": variant,
        "sku": f"SKU-{number}",
        "requiresShipping": True,
        "isGiftCard": False,
        "originalUnitPriceSet": money(price),
        "discountAllocations": [{"allocatedAmountSet": money(discount)}] if discount else [],
        "product": {"id": gid("Product", number + 100)},
        "variant": {"id": gid("ProductVariant", number + 200)},
        "customAttributes": [],
    }


def parcel_node(at: int) -> dict[str, Any]:
    numbers = [f"1Z999AA1012345678{last}" for last in "45"] if at == 0 else []
    tracking = [
        {"company": "UPS", "number": number, "url": f"https://ups.example/track?n={number}"}
        for number in numbers
    ]
    return {
        "id": gid("Fulfillment", PARCELS[at]),
        "name": f"#1042.{at + 1}",
        "status": ("SUCCESS", "PENDING")[at],
        "displayStatus": ("IN_TRANSIT", "FULFILLED")[at],
        "createdAt": f"2026-11-20T1{at + 6}:00:00Z",
        "updatedAt": f"2026-11-21T1{at + 6}:00:00Z",
        "requiresShipping": True,
        "trackingInfo": tracking,
        "fulfillmentLineItems": connection([{"quantity": 1, "lineItem": {"id": gid("LineItem", LINES[at])}}]),
        "events": connection([_scan_node()] if at == 0 else []),
    }


def _scan_node() -> dict[str, Any]:
    return {
        "id": gid("FulfillmentEvent", SCAN),
        "status": "IN_TRANSIT",
        "message": "Departed",
        "happenedAt": "2026-11-21T10:00:00Z",
        "estimatedDeliveryAt": "2026-11-24T00:00:00Z",
        "city": "Cicero",
        "province": "IL",
        "country": "US",
    }


def refund_node() -> dict[str, Any]:
    line = {"quantity": 1, "lineItem": {"id": gid("LineItem", LINES[1])}, "subtotalSet": money("8.40")}
    return {
        "id": gid("Refund", REFUND),
        "createdAt": "2026-11-21T17:30:00Z",
        "processedAt": "2026-11-21T17:29:59Z",
        "note": "One mug broke",
        "totalRefundedSet": money("8.40"),
        "refundLineItems": connection([line]),
    }


def return_node() -> dict[str, Any]:
    return {
        "id": gid("Return", RETURN),
        "order": {"id": gid("Order", ORDER)},
        "name": "#1042-R1",
        "status": "OPEN",
        "exchangeLineItems": connection([{"id": gid("ExchangeLineItem", 9504)}]),
        "returnLineItems": connection(
            [
                {
                    "__typename": "ReturnLineItem",
                    "quantity": 1,
                    "customerNote": "Rather the whole beans",
                    "returnReasonNote": "",
                    "fulfillmentLineItem": {"lineItem": {"id": gid("LineItem", LINES[0])}},
                }
            ]
        ),
    }


def _place_node() -> dict[str, Any]:
    return {
        "firstName": "Ines",
        "lastName": "Okafor",
        "name": "Ines Okafor",
        "address1": "2140 West Fulton Street",
        "address2": "",
        "city": "Chicago",
        "province": "Illinois",
        "provinceCode": "IL",
        "zip": "60612",
        "country": "United States",
        "countryCodeV2": "US",
    }
