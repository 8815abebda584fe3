"""Answers that are JSON and make no sense: a write ends in an error of the store's kind, never in another."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import writes
from connectors.base import ShipmentWords, Store, StoreError
from connectors.woocommerce.writing import VERBS, write
from connectors.writes import DiscountKind, ReviewPlace, Write, Written
from flows.commerce import Address, Platform
from tests.proof import Count
from wire.http import Answer, HttpClient

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, float("nan"), "", "x", "1", "processing", "{",
    "0000-00-00T00:00:00", "2026-11-21T00:00:00", "9999-12-31T23:59:59", "<p>&#xd800;</p>", "\ud800",
    [], [None], [[]], {}, {"0": {}}, {"code": "x"}, [{"id": 1}], [{"id": True}, 5, None],
)  # fmt: skip
# What lets a reader go on, by the name of the field.
GOOD: dict[str, Any] = {
    "id": 7, "code": "c", "description": "T", "discount_type": "percent", "amount": "10.00",
    "free_shipping": False, "email_restrictions": ["a@example.com"], "email": "a@example.com",
    "date_expires_gmt": "2026-12-21T00:00:00", "status": "processing", "shipping": {"first_name": "B"},
    "product_id": 1, "reviewer_email": "a@example.com", "review": "<p>Fine</p>", "note": "A note",
    "date_completed_gmt": None, "sent": True,
    "meta_data": [{"id": 1, "key": "_fulfillment_status", "value": "no_fulfillments"}],
}  # fmt: skip
TAKEN = ("woocommerce_rest_coupon_code_already_exists", "woocommerce_rest_comment_duplicate", "other")
ONE_OF_EACH: tuple[Write, ...] = (
    writes.CreateDiscount(
        "C", "T", DiscountKind.PERCENT, 10, "EUR", NOW, datetime(2026, 12, 21, tzinfo=UTC), customer_id="5"
    ),
    writes.PostReview("1", "1", 5, "Fine", "Kim", "a@example.com"),
    writes.PostReview("1", "1", 5, "Fine", "Kim", "a@example.com", ReviewPlace.REMOVED, "7"),
    writes.NoteOrder("1", "A note", "k"),
    writes.CancelOrder("1", writes.CancelReason.OTHER, refund=False, note="why"),
    writes.ReleaseMail("1", "customer_completed_order", NOW),
    writes.ChangeAddress("1", Address("A B", "", "Street 1", "", "Town", "", "1", "US")),
)


@dataclass(frozen=True, slots=True)
class Odd(HttpClient):
    """A store that answers roughly in the form that was asked for, with odd parts in it."""

    dice: random.Random = field(default_factory=random.Random)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        chance = self.dice.random()
        if chance < 0.05:
            return self._as(200, self.dice.choice(ODD))
        if chance < 0.2 and method != "GET":
            body = {"code": self.dice.choice(TAKEN), "message": "no", "data": {"status": 400}}
            return self._as(self.dice.choice((400, 403, 404, 409, 500)), body)
        path = url.partition("?")[0]
        listed = method == "GET" and path.endswith(("/coupons", "/reviews", "/notes"))
        thing = [self._thing(rest) for _ in range(self.dice.randint(0, 2))] if listed else self._thing(rest)
        return self._as(200, thing)

    def _thing(self, rest: dict[str, Any]) -> dict[str, Any]:
        """What was sent comes back, as from a store that took it."""
        sent = json.loads(rest.get("body") or b"{}")
        whole = {**GOOD, **{name: value for name, value in sent.items() if name != "date_expires"}}
        return {
            name: self.dice.choice(ODD) if self.dice.random() < 0.04 else value
            for name, value in whole.items()
            if self.dice.random() > 0.02
        }

    def _as(self, status: int, body: Any) -> Answer:
        headers = self.dice.choice(({}, {"x-wp-totalpages": "1"}, {"x-wp-totalpages": "9"}))
        return Answer(status, headers, json.dumps(body).encode())


@pytest.mark.parametrize("what", ONE_OF_EACH, ids=lambda what: f"{what.kind} {getattr(what, 'place', '')}")
def test_a_write_that_is_answered_oddly_ends_in_a_store_error(what: Write, count: Count) -> None:
    store = Store(
        Platform.WOOCOMMERCE, "larkhus.example", "https://larkhus.example", HttpClient(), currency="EUR",
        timezone="Europe/Berlin", words=ShipmentWords({"processing": "nothing"}),
    )  # fmt: skip
    ends: dict[str, int] = {}
    for seed in range(count(300, 5_000)):
        odd = Odd(pause=lambda seconds: None, dice=random.Random(f"{what.kind} {seed}"))
        try:
            assert isinstance(write(replace(store, http=odd), what), Written)
            end = "Written"
        except StoreError as error:
            end = type(error).__name__
        ends[end] = ends.get(end, 0) + 1
    print(f"{what.kind}: {ends}")
    assert ends.keys() >= {"Written", "StoreUnreachable"}


def test_every_verb_is_tried() -> None:
    assert {type(what) for what in ONE_OF_EACH} == set(VERBS)
