"""Answers that are JSON and make no sense: a write ends in an error of the store's kind, never in another.

The odd parts are put where the query asked for something, so that they are met as deep as a reader goes.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, parse

from connectors import writes
from connectors.base import Store, StoreError
from connectors.shopify.writing import VERBS, write
from connectors.writes import DiscountKind, Write, Written
from flows.commerce import Address, ConsentState, LineQuantity, Platform
from tests.proof import Count
from wire.http import Answer, HttpClient

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 1.5, "", "x", "REQUESTED", "gid://shopify/Order/1", "2026-11-21T00:00:00Z",
    "{", '{"before": 1}', [], [None], [[]], {}, {"nodes": None}, {"nodes": [None, 5, {}]}, {"message": 5},
)  # fmt: skip
# What lets a reader go on, by the name of the field.
GOOD: dict[str, Any] = {
    "id": "gid://shopify/Thing/1", "emailAddress": "a@example.com", "marketingState": "SUBSCRIBED",
    "cancelledAt": None, "quantity": 1, "currentQuantity": 1, "handle": "other", "deleted": False,
    "currencyCode": "USD", "amount": "1.0", "event": "ADJUSTMENT", "hasNextPage": False, "key": "rating",
    "__typename": "StoreCreditAccountCreditTransaction", "value": '{"before": "x", "tries": 1}',
}  # fmt: skip
ONE_OF_EACH: tuple[Write, ...] = (
    writes.CreateDiscount("C", "T", DiscountKind.PERCENT, 10, "USD", NOW),
    writes.SetConsent("1", "a@example.com", ConsentState.UNSUBSCRIBED, NOW),
    writes.SetRating("1", 4.0, 1),
    writes.CancelOrder("1", writes.CancelReason.OTHER, refund=False),
    writes.ChangeAddress("1", Address("A B", "", "Street 1", "", "Town", "", "1", "US")),
    writes.EditOrder("1", (LineQuantity("1", 2),), (LineQuantity("9", 1),)),
    writes.AskReturn("1", (LineQuantity("1", 1),)),
    writes.GrantCredit("1", 100, "USD", "k"),
    writes.PointTracking("1", "c", "n", "https://x.example/"),
)


@dataclass(frozen=True, slots=True)
class Odd(HttpClient):
    """A store that answers each query in its own shape, with odd parts in it."""

    dice: random.Random = field(default_factory=random.Random)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        (asked,) = [
            part
            for part in parse(json.loads(rest["body"])["query"]).definitions
            if isinstance(part, OperationDefinitionNode)
        ]
        data = self._object(asked.selection_set)
        return Answer(200, {}, json.dumps({"data": data}).encode())

    def _object(self, chosen: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in chosen.selections:
            if isinstance(part, InlineFragmentNode):
                found |= self._object(part.selection_set)
            elif isinstance(part, FieldNode):
                found[(part.alias or part.name).value] = self._value(part)
        return found

    def _value(self, part: FieldNode) -> Any:
        name = part.name.value
        if self.dice.random() < 0.1:
            return self.dice.choice(ODD)
        if name.endswith("rrors"):
            return [] if self.dice.random() < 0.8 else [{"message": "no", "code": "TAKEN"}]
        if part.selection_set is None:
            return GOOD.get(name, self.dice.choice(ODD))
        inside = [self._object(part.selection_set) for _ in range(self.dice.randint(1, 2))]
        return inside if name == "nodes" else self._object(part.selection_set)


@pytest.mark.parametrize("what", ONE_OF_EACH, ids=lambda what: what.kind)
def test_a_write_that_is_answered_oddly_ends_in_a_store_error(what: Write, count: Count) -> None:
    store = Store(
        Platform.SHOPIFY, "hollow-pine.myshopify.com", "https://hollow-pine.myshopify.com", HttpClient(),
        currency="USD", secrets={"access_token": "t"}, scopes=VERBS[type(what)].scopes,
    )  # fmt: skip
    ends: dict[str, int] = {}
    for seed in range(count(100, 5_000)):
        odd = Odd(pause=lambda seconds: None, dice=random.Random(f"{what.kind} {seed}"))
        try:
            assert isinstance(write(replace(store, http=odd), what), Written)
            end = "Written"
        except StoreError as error:
            end = type(error).__name__
        ends[end] = ends.get(end, 0) + 1
    print(f"{what.kind}: {ends}")
    assert ends.keys() >= {"Written", "Complaint", "StoreUnreachable"}


def test_every_verb_is_tried() -> None:
    assert {type(what) for what in ONE_OF_EACH} == set(VERBS)
