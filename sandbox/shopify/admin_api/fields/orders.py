"""Order and what hangs on it directly, read from its REST body."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Answer, Fields, global_id, listed, moment, plain, shouted
from sandbox.shopify.admin_api.connections import check_limit, in_order
from sandbox.shopify.admin_api.fields import returns
from sandbox.shopify.admin_api.fields.money import bag
from sandbox.shopify.admin_api.sources import LineOf, ParcelOf, RefundOf
from sandbox.shopify.bodies.refunds import refunded_amount
from sandbox.shopify.money import minor
from sandbox.shopify.shop import number_of

_FULFILLMENT = {
    None: "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}


def first_of(name: str, wrap: Any) -> Answer:
    """The parts under `name`, at most `first` of them."""

    def answer(order: dict[str, Any], asking: Any, arguments: dict[str, Any]) -> list[Any]:
        check_limit("first", arguments.get("first"))
        return [wrap(order, part) for part in order[name][: arguments.get("first")]]

    return answer


def _customer(order: dict[str, Any], asking: Any, arguments: Any) -> Any:
    asking.needs("read_customers")
    customer = order["customer"]
    return None if customer is None else asking.shop.read("customer", number_of(customer))


def _fulfillments(order: dict[str, Any], asking: Any, arguments: dict[str, Any]) -> list[Any]:
    if arguments.get("query"):
        raise ValueError("this store cannot search among fulfillments")
    asking.needs("read_orders", "read_fulfillments")
    parcels: list[Any] = first_of("fulfillments", ParcelOf)(order, asking, arguments)
    return parcels


def _refunded(order: dict[str, Any], asking: Any, arguments: Any) -> dict[str, Any]:
    return bag(sum(refunded_amount(refund) for refund in order["refunds"]), order["currency"])


def _pieces(order: dict[str, Any], asking: Any, arguments: Any) -> int:
    return sum(line["quantity"] for line in order["line_items"])


def _shipping_line(order: dict[str, Any], asking: Any, arguments: Any) -> Any:
    return next((line for line in order["shipping_lines"] if not line["is_removed"]), None)


FIELDS: dict[str, Fields] = {
    "Order": {
        "id": global_id("Order"),
        "legacyResourceId": lambda order, asking, arguments: int(number_of(order)),
        "name": plain("name"),
        "number": plain("order_number"),
        "confirmationNumber": plain("confirmation_number"),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
        "processedAt": moment("processed_at"),
        "cancelledAt": moment("cancelled_at"),
        "closedAt": moment("closed_at"),
        "closed": lambda order, asking, arguments: order["closed_at"] is not None,
        "cancelReason": shouted("cancel_reason"),
        "confirmed": plain("confirmed"),
        "currencyCode": plain("currency"),
        "presentmentCurrencyCode": plain("presentment_currency"),
        "email": plain("email"),
        "phone": plain("phone"),
        "note": plain("note"),
        "poNumber": plain("po_number"),
        "tags": listed("tags"),
        "test": plain("test"),
        "sourceName": plain("source_name"),
        "customerLocale": plain("customer_locale"),
        "customerAcceptsMarketing": plain("buyer_accepts_marketing"),
        "taxesIncluded": plain("taxes_included"),
        "taxExempt": plain("tax_exempt"),
        "displayFinancialStatus": shouted("financial_status"),
        "displayFulfillmentStatus": lambda order, asking, arguments: _FULFILLMENT[
            order["fulfillment_status"]
        ],
        "fullyPaid": lambda order, asking, arguments: minor(order["total_outstanding"]) <= 0,
        "unpaid": lambda order, asking, arguments: order["financial_status"] in ("pending", "authorized"),
        "discountCode": lambda order, asking, arguments: (
            order["discount_codes"][0]["code"] if order["discount_codes"] else None
        ),
        "discountCodes": lambda order, asking, arguments: [code["code"] for code in order["discount_codes"]],
        "paymentGatewayNames": plain("payment_gateway_names"),
        "statusPageUrl": plain("order_status_url"),
        "customAttributes": plain("note_attributes"),
        "customer": _customer,
        "subtotalLineItemsQuantity": _pieces,
        "currentSubtotalLineItemsQuantity": lambda order, asking, arguments: sum(
            line["current_quantity"] for line in order["line_items"]
        ),
        "subtotalPriceSet": plain("subtotal_price_set"),
        "totalPriceSet": plain("total_price_set"),
        "totalShippingPriceSet": plain("total_shipping_price_set"),
        "totalTaxSet": plain("total_tax_set"),
        "totalDiscountsSet": plain("total_discounts_set"),
        "totalTipReceivedSet": lambda order, asking, arguments: bag(
            minor(order["total_tip_received"]), order["currency"]
        ),
        "totalOutstandingSet": lambda order, asking, arguments: bag(
            minor(order["total_outstanding"]), order["currency"]
        ),
        "totalRefundedSet": _refunded,
        "originalTotalAdditionalFeesSet": plain("original_total_additional_fees_set"),
        "originalTotalDutiesSet": plain("original_total_duties_set"),
        "currentSubtotalPriceSet": plain("current_subtotal_price_set"),
        "currentTotalPriceSet": plain("current_total_price_set"),
        "currentTotalTaxSet": plain("current_total_tax_set"),
        "currentTotalDiscountsSet": plain("current_total_discounts_set"),
        "currentShippingPriceSet": plain("current_shipping_price_set"),
        "taxLines": plain("tax_lines"),
        "shippingLine": _shipping_line,
        "shippingLines": lambda order, asking, arguments: in_order(order["shipping_lines"]),
        "shippingAddress": plain("shipping_address"),
        "billingAddress": plain("billing_address"),
        "lineItems": lambda order, asking, arguments: in_order(
            [LineOf(order, line) for line in order["line_items"]]
        ),
        "fulfillments": _fulfillments,
        "fulfillmentsCount": lambda order, asking, arguments: len(order["fulfillments"]),
        "refunds": first_of("refunds", RefundOf),
        "returns": returns.of_order,
    },
    "ShippingLine": {
        "title": plain("title"),
        "code": plain("code"),
        "source": plain("source"),
        "phone": plain("phone"),
        "isRemoved": plain("is_removed"),
        "originalPriceSet": plain("price_set"),
        "discountedPriceSet": plain("discounted_price_set"),
        "taxLines": plain("tax_lines"),
    },
    "MailingAddress": {
        "name": plain("name"),
        "firstName": plain("first_name"),
        "lastName": plain("last_name"),
        "company": plain("company"),
        "address1": plain("address1"),
        "address2": plain("address2"),
        "city": plain("city"),
        "province": plain("province"),
        "provinceCode": plain("province_code"),
        "zip": plain("zip"),
        "country": plain("country"),
        "countryCodeV2": plain("country_code"),
        "phone": plain("phone"),
        "latitude": plain("latitude"),
        "longitude": plain("longitude"),
    },
}
