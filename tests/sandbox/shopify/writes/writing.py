"""A shop that is written into over HTTP, and a line on which answers are lost."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import writes
from connectors.base import Store as Connected
from connectors.base import StoreUnreachable
from connectors.shopify.connector import ShopifyConnector
from connectors.writes import DiscountKind, Write, Written
from flows.commerce import Address
from tests.sandbox.shopify.running import Api, Body, Receiver, Store
from wire.http import Answer, HttpClient, NoAnswer

DOOR = ShopifyConnector()
NOW = datetime.now(UTC).replace(microsecond=0)
SCOPES = (
    "read_orders,read_fulfillments,read_customers,read_products,read_returns,write_discounts,write_customers,"
    "write_products,write_orders,write_order_edits,write_returns,write_store_credit_account_transactions,"
    "read_store_credit_accounts,write_merchant_managed_fulfillment_orders"
)
TOPICS = (
    "orders/cancelled", "orders/edited", "orders/updated", "refunds/create", "fulfillments/update",
    "returns/request", "customers_email_marketing_consent/update", "products/update",
)  # fmt: skip
EMAIL = "kim.vale@example.com"
HOME = Address("Kim Vale", "", "9 Quay Street", "", "Portland", "OR", "97201", "US", "")


@dataclass(frozen=True, slots=True)
class Losing(HttpClient):
    """The first answers to the operations named here never arrive, although the store has done its part."""

    lost: list[str] = dataclasses.field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        answer = HttpClient.request(self, method, url, **rest)
        for name in self.lost:
            if f" {name}(" in json.loads(rest["body"] or b"{}").get("query", ""):
                self.lost.remove(name)
                raise NoAnswer("the line broke")
        return answer


@dataclass
class Shop:
    """The running store, the app's way in, and what was told to it."""

    store: Store
    api: Api
    receiver: Receiver
    connected: Connected
    http: Losing

    def write(self, what: Write) -> Written:
        return DOOR.write(self.connected, what)

    def twice(self, what: Write, mutation: str) -> Written:
        """The first answer is lost; the repeat must find what was done."""
        self.http.lost.append(mutation)
        with pytest.raises(StoreUnreachable):
            self.write(what)
        assert self.http.lost == []
        again = self.write(what)
        assert again.already
        return again

    def told(self, topic: str) -> Body:
        self.store.settle()
        return self.receiver.of(topic)[-1].body

    def order(self, *skus: str, **more: Any) -> Body:
        return self.store.order(*skus, **more)

    def read(self, query: str, **variables: Any) -> Any:
        return self.api.data(query, **variables)


def a_code(**changes: Any) -> writes.CreateDiscount:
    values: dict[str, Any] = {
        "code": "THANKS-4F2A",
        "title": "Thanks for your review of Early Ferry",
        "discount": DiscountKind.PERCENT,
        "value": 15,
        "currency": "USD",
        "starts_at": NOW - timedelta(days=1),
        "ends_at": NOW + timedelta(days=30),
    }
    return writes.CreateDiscount(**{**values, **changes})


def customer_id(shop: Shop) -> str:
    shop.order(email=EMAIL)
    found = shop.read('{ customers(first: 1, query: "email:kim.vale@example.com") { nodes { id } } }')
    return str(found["customers"]["nodes"][0]["id"]).rpartition("/")[2]
