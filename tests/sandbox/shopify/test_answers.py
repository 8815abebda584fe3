"""The Admin API tells the same story as the webhooks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.sandbox.shopify.running import Api, Body, Receiver, Store

ORDER = """
query($id: ID!) { order(id: $id) {
  id name email createdAt displayFinancialStatus displayFulfillmentStatus cancelledAt cancelReason
  discountCodes tags customAttributes { key value }
  totalPriceSet { shopMoney { amount currencyCode } }
  totalTaxSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
  shippingAddress { name city countryCodeV2 }
  customer { id defaultEmailAddress { emailAddress marketingState marketingOptInLevel } }
  lineItems(first: 10) { nodes { id sku quantity currentQuantity title
    originalUnitPriceSet { shopMoney { amount } }
    discountAllocations { allocatedAmountSet { shopMoney { amount } } }
    product { title onlineStoreUrl featuredMedia { preview { image { url } } } }
    variant { id sku price selectedOptions { name value } } } }
  fulfillments(first: 10) { id name status displayStatus deliveredAt estimatedDeliveryAt
    trackingInfo(first: 1) { company number url }
    fulfillmentLineItems(first: 10) { nodes { quantity lineItem { id } } }
    events(first: 10) { nodes { status message happenedAt estimatedDeliveryAt } } }
  refunds { id totalRefundedSet { shopMoney { amount } }
    refundLineItems(first: 10) { nodes { quantity lineItem { id } subtotalSet { shopMoney { amount } } } } }
} }
"""


def test_an_order_in_full(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/updated")
    placed = store.order("HP-FERRY-250", "HP-GRINDER", discount_code="WELCOME10", accepts_marketing=True,
                         gift_note="Enjoy")  # fmt: skip
    act = f"/sandbox/orders/{placed['id']}"
    first = [{"line_id": placed["line_ids"][0], "quantity": 1}]
    store.post(f"{act}/ship", {"lines": first, "carrier": "USPS", "tracking_number": "9400100"})
    store.post(f"{act}/delay")
    store.post(f"{act}/deliver")
    store.post(f"{act}/refund", {"lines": first})
    store.settle()
    told = max((one.body for one in receiver.got), key=lambda body: len(body["refunds"]))
    order = api.data(ORDER, id=told["admin_graphql_api_id"])["order"]

    assert order["name"] == told["name"]
    assert order["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert order["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    assert order["discountCodes"] == ["WELCOME10"]
    assert order["customAttributes"] == [{"key": "gift_message", "value": "Enjoy"}]
    assert order["totalPriceSet"]["shopMoney"] == {
        "amount": str(Decimal(told["total_price"]).normalize()), "currencyCode": "USD",
    }  # fmt: skip
    assert order["customer"]["defaultEmailAddress"] == {
        "emailAddress": "kim.vale@example.com",
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "SINGLE_OPT_IN",
    }
    _check_lines(order, told, store.address)
    (parcel,) = order["fulfillments"]
    assert (parcel["status"], parcel["displayStatus"]) == ("SUCCESS", "DELIVERED")
    assert parcel["trackingInfo"][0] == {
        "company": "USPS",
        "number": "9400100",
        "url": "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400100",
    }
    assert [event["status"] for event in parcel["events"]["nodes"]] == ["DELAYED", "DELIVERED"]
    assert parcel["deliveredAt"] == parcel["events"]["nodes"][1]["happenedAt"]
    assert parcel["estimatedDeliveryAt"] == parcel["events"]["nodes"][0]["estimatedDeliveryAt"]
    ferry = f"gid://shopify/LineItem/{placed['line_ids'][0]}"
    assert parcel["fulfillmentLineItems"]["nodes"] == [{"quantity": 1, "lineItem": {"id": ferry}}]
    (refund,) = order["refunds"]
    (back,) = refund["refundLineItems"]["nodes"]
    assert back["lineItem"]["id"] == ferry
    assert Decimal(back["subtotalSet"]["shopMoney"]["amount"]) == Decimal("13.05")


def _check_lines(order: Any, told: Body, address: str) -> None:
    lines = order["lineItems"]["nodes"]
    assert [line["id"] for line in lines] == [line["admin_graphql_api_id"] for line in told["line_items"]]
    ferry, grinder = lines
    assert (ferry["quantity"], ferry["currentQuantity"]) == (1, 0)
    assert ferry["variant"]["price"] == "14.50"
    assert ferry["variant"]["selectedOptions"] == [{"name": "Size", "value": "250 g"}]
    assert ferry["discountAllocations"][0]["allocatedAmountSet"]["shopMoney"]["amount"] == "1.45"
    assert ferry["product"]["onlineStoreUrl"] == f"{address}/product/early-ferry"
    assert (
        ferry["product"]["featuredMedia"]["preview"]["image"]["url"] == f"{address}/pictures/early-ferry.png"
    )
    assert grinder["originalUnitPriceSet"]["shopMoney"]["amount"] == "119.0"


def test_a_parcel_and_a_refund_are_found_by_their_own_number(store: Store, api: Api) -> None:
    placed = store.order()
    parcel = store.post(f"/sandbox/orders/{placed['id']}/ship")["parcel_id"]
    refund = store.post(f"/sandbox/orders/{placed['id']}/refund")["refund_id"]
    found = api.data(
        "query($p: ID!, $r: ID!) { fulfillment(id: $p) { order { id } } refund(id: $r) { order { id } } }",
        p=f"gid://shopify/Fulfillment/{parcel}",
        r=f"gid://shopify/Refund/{refund}",
    )
    owner = {"order": {"id": f"gid://shopify/Order/{placed['id']}"}}
    assert found == {"fulfillment": owner, "refund": owner}


def test_products_carry_their_timing(api: Api) -> None:
    found = api.data(
        "{ products(first: 50) { nodes { title tags priceRangeV2 {"
        " minVariantPrice { amount } maxVariantPrice { amount } } } } }"
    )
    nodes = found["products"]["nodes"]
    by_title = {node["title"]: node for node in nodes}
    assert len(by_title) == 10
    assert "timing:fast" in by_title["Early Ferry House Blend"]["tags"]
    assert "timing:complex" in by_title["Quarry Hand Grinder"]["tags"]
    assert by_title["Early Ferry House Blend"]["priceRangeV2"] == {
        "minVariantPrice": {"amount": "14.5"},
        "maxVariantPrice": {"amount": "49.0"},
    }


def test_subscriptions_are_made_listed_and_removed(api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create", "app/uninstalled")
    create = (
        "mutation($uri: String!) { webhookSubscriptionCreate(topic: ORDERS_CREATE,"
        " webhookSubscription: {uri: $uri}) { webhookSubscription { id } userErrors { field message } } }"
    )
    again = api.data(create, uri=receiver.address)["webhookSubscriptionCreate"]
    assert again["webhookSubscription"] is None
    assert "already been taken" in again["userErrors"][0]["message"]
    plain = api.data(create, uri="http://shop.example/hook")["webhookSubscriptionCreate"]
    assert "https" in plain["userErrors"][0]["message"]
    nodes = api.data(
        "{ webhookSubscriptions(first: 10) { nodes { id topic uri format apiVersion { handle } } } }"
    )["webhookSubscriptions"]["nodes"]
    assert [node["topic"] for node in nodes] == ["ORDERS_CREATE", "APP_UNINSTALLED"]
    assert {node["uri"] for node in nodes} == {receiver.address}
    remove = (
        "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) {"
        " deletedWebhookSubscriptionId userErrors { message } } }"
    )
    gone = api.data(remove, id=nodes[0]["id"])["webhookSubscriptionDelete"]
    assert gone == {"deletedWebhookSubscriptionId": nodes[0]["id"], "userErrors": []}
    assert api.data(remove, id=nodes[0]["id"])["webhookSubscriptionDelete"]["userErrors"]
