"""A running store, the app's way into it that may die between two calls, and what came of a write there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from connectors import writes
from connectors.base import Store as Connected
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.writes import DiscountKind, Write, Written
from flows.commerce import Address
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.sandbox.woocommerce.running import Body, Store
from wire.http import Answer, HttpClient

DOOR = WooCommerceConnector()
NOW = datetime.now(UTC).replace(microsecond=0)
EMAIL = "kim.vale@example.com"
HOME = Address("Kim Vale", "", "Uferweg 9", "", "Kiel", "DE-SH", "24103", "DE", "+49 431 5550")
ENDS = NOW + timedelta(days=30)
_numbers = count(1)


class Killed(BaseException):
    """The process dies: nothing of ours runs any more."""


@dataclass(frozen=True, slots=True)
class Line(HttpClient):
    """Counts the calls. After as many as `left` the process dies, before the answer of the last has come."""

    left: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        answer = HttpClient.request(self, method, url, **rest)
        self.asked.append(f"{method} {url.partition('/wc/v3/')[2]}")
        if self.left:
            self.left[0] -= 1
            if self.left[0] == 0:
                self.left.clear()
                raise Killed
        return answer


@dataclass
class Shop:
    """The running store, the app's way in, and what came of it there."""

    store: Store
    connected: Connected
    http: Line

    def write(self, what: Write, **changes: Any) -> Written:
        return DOOR.write(replace(self.connected, **changes), what)

    def quirk(self, **quirks: Any) -> None:
        self.store.post("/sandbox/quirks", quirks)

    def coupon(self, code: str) -> Body:
        (found,) = self.store.read("coupons", code=code)
        return dict(found)

    def reviews(self, product: int, status: str = "all") -> list[Body]:
        return list(self.store.read("products/reviews", product=product, status=status, context="edit"))

    def mend_review(self, reference: str, words: str) -> None:
        """By the merchant, in the back office."""
        kept = self.store.stores.named(MAIN_SHOP)
        (review,) = [one for one in kept.every("review") if str(one["id"]) == reference]
        kept.write("review", review["id"], review | {"review": words})

    def notes(self, order: Body) -> list[Body]:
        return list(self.store.read(f"orders/{order['id']}/notes"))

    def mails(self) -> list[Body]:
        return self.store.stores.named(MAIN_SHOP).every("own_mail")

    def product(self) -> int:
        made = self.store.rest("POST", "products", json={"name": f"Lamp {next(_numbers)}"}).json()
        return int(made["id"])

    def stars(self, product: int) -> tuple[str, int]:
        found = self.store.read(f"products/{product}")
        return found["average_rating"], found["rating_count"]


def a_code(**changes: Any) -> writes.CreateDiscount:
    values: dict[str, Any] = {
        "code": f"THANKS-{next(_numbers)}",
        "title": 'Thanks for your review of Kim\'s "Alder & Ash" <b>lamp</b>',
        "discount": DiscountKind.PERCENT,
        "value": 15,
        "currency": "EUR",
        "starts_at": NOW - timedelta(days=1),
        "ends_at": ENDS,
    }
    return writes.CreateDiscount(**{**values, **changes})


def a_review(product: int | str, **changes: Any) -> writes.PostReview:
    values: dict[str, Any] = {
        "order_id": "1",
        "stars": 5,
        "text": 'I <3 this lamp & its "glow" \\o/\n\nIt\'s bright.',
        "name": 'Kim "K" Vale',
        "email": EMAIL,
    }
    return writes.PostReview(str(product), **{**values, **changes})


def a_cancel(order: Body, **changes: Any) -> writes.CancelOrder:
    return writes.CancelOrder(order["id"], writes.CancelReason.CUSTOMER, refund=False, **changes)
