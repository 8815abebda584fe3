"""Credit in the shop."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors import writes
from connectors.base import StoreUnreachable
from tests.sandbox.shopify.running import MAIN
from tests.sandbox.shopify.writes.writing import (
    DOOR,
    NOW,
    Losing,
    Shop,
    customer_id,
)
from wire.http import Answer

BALANCE = (
    "query($id: ID!) { customer(id: $id) { storeCreditAccounts(first: 9) { nodes { balance { amount } } } } }"
)


def balances(shop: Shop, one: str) -> list[str]:
    found = shop.read(BALANCE, id=f"gid://shopify/Customer/{one}")
    return [node["balance"]["amount"] for node in found["customer"]["storeCreditAccounts"]["nodes"]]


def test_credit_is_granted_once_for_each_key(shop: Shop) -> None:
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 1250, "USD", "reward:1", NOW + timedelta(days=90))
    shop.twice(grant, "storeCreditAccountCredit")
    assert balances(shop, one) == ["12.5"]
    assert not shop.write(replace(grant, key="reward:2")).already
    assert shop.write(replace(grant, key="reward:2")).already
    assert balances(shop, one) == ["25.0"]


def test_credit_whose_mark_was_set_alone_is_granted_after_all(shop: Shop) -> None:
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 300, "USD", "reward:3")
    shop.http.lost.append("metafieldsSet")
    with pytest.raises(StoreUnreachable):
        shop.write(grant)
    before = balances(shop, one)
    assert not shop.write(grant).already
    assert shop.write(grant).already
    assert float(balances(shop, one)[0]) == float(before[0]) + 3


def test_of_two_that_grant_the_same_at_once_one_is_turned_away(shop: Shop) -> None:
    """Both have read that there is no mark yet: the store lets the first one set it."""
    one = customer_id(shop)
    grant = writes.GrantCredit(one, 100, "USD", "reward:4")
    before = float(balances(shop, one)[0])

    class Late(Losing):
        def request(self, method: str, url: str, **rest: Any) -> Answer:
            if " metafieldsSet(" in json.loads(rest["body"])["query"]:
                shop.write(grant)
            return Losing.request(self, method, url, **rest)

    late = replace(shop.connected, http=Late({f"https://{MAIN}": shop.store.address}))
    with pytest.raises(StoreUnreachable, match="at this moment"):
        DOOR.write(late, grant)
    assert float(balances(shop, one)[0]) == before + 1
