"""Recorded resources are put in as they are, silently, and then answered like the store's own."""

from __future__ import annotations

from tests.sandbox.shopify.running import Api, Receiver, Store, sample

ORDER = (
    "query($id: ID!) { order(id: $id) { id name displayFinancialStatus updatedAt"
    " totalPriceSet { shopMoney { amount } } customer { id firstName createdAt }"
    " lineItems(first: 10) { nodes { id title product { id } variant { id } } }"
    " shippingLine { title } fulfillments(first: 5) { id events(first: 5) { nodes { status } } }"
    " refunds { id totalRefundedSet { shopMoney { amount } } } } }"
)


def test_a_recorded_order_is_answered_in_full(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "orders/create", "orders/updated", "customers/create")
    recorded = sample("orders/create")
    put = store.post("/sandbox/put", {"noun": "order", "body": recorded})
    # The plain id of the example is rounded; the exact number is in its global id.
    assert put == {"id": "820982911946154508"}
    order = api.data(ORDER, id="gid://shopify/Order/820982911946154508")["order"]
    assert order["name"] == "#9999"
    assert order["displayFinancialStatus"] == "VOIDED"
    assert order["updatedAt"] == "2022-01-01T00:00:00Z"
    assert order["totalPriceSet"]["shopMoney"]["amount"] == "404.95"
    assert order["customer"]["firstName"] == "John"
    assert len(order["lineItems"]["nodes"]) == 5
    assert order["lineItems"]["nodes"][0]["product"] is None
    store.settle()
    assert receiver.got == []


def test_parts_of_a_known_order_join_it(store: Store, api: Api) -> None:
    recorded = sample("orders/create") | {"id": 820982911946154508}
    store.post("/sandbox/put", {"noun": "order", "body": recorded})
    known = {"order_id": 820982911946154508}
    store.post("/sandbox/put", {"noun": "fulfillment", "body": sample("fulfillments/create") | known})
    store.post("/sandbox/put", {"noun": "refund", "body": sample("refunds/create") | known})
    event = sample("fulfillment_events/create") | known
    store.post("/sandbox/put", {"noun": "fulfillment_event", "body": event})
    store.post("/sandbox/put", {"noun": "fulfillment_event", "body": event})
    order = api.data(ORDER, id="gid://shopify/Order/820982911946154508")["order"]
    (parcel,) = order["fulfillments"]
    assert parcel["id"] == "gid://shopify/Fulfillment/123456"
    assert [event["status"] for event in parcel["events"]["nodes"]] == ["IN_TRANSIT"]
    (refund,) = order["refunds"]
    assert refund["totalRefundedSet"]["shopMoney"]["amount"] == "85.0"


def test_products_and_customers_are_put(store: Store, api: Api) -> None:
    assert store.post("/sandbox/put", {"noun": "product", "body": sample("products/create")})
    assert store.post("/sandbox/put", {"noun": "customer", "body": sample("customers/create")})
    found = api.data(
        '{ product(id: "gid://shopify/Product/788032119674292922") { title variants(first: 5) {'
        ' nodes { price } } } customer(id: "gid://shopify/Customer/706405506930370084") { displayName'
        " defaultEmailAddress { marketingState } } }"
    )
    assert found["product"]["title"] == "Example T-Shirt"
    assert [variant["price"] for variant in found["product"]["variants"]["nodes"]] == ["19.99", "19.99"]
    assert found["customer"]["displayName"] == "Bob Biller"
    assert found["customer"]["defaultEmailAddress"]["marketingState"] == "NOT_SUBSCRIBED"


def test_what_cannot_be_put_is_refused(store: Store) -> None:
    for body, status in (
        ({"noun": "order", "body": {}}, 400),
        ({"noun": "planet", "body": {"id": 1}}, 400),
        ({"noun": "order"}, 400),
        ({"noun": "fulfillment", "body": sample("fulfillments/create")}, 404),
    ):
        answer = store.call("POST", "/sandbox/put", json=body)
        assert answer.status_code == status, answer.text
