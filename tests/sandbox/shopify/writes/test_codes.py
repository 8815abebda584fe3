"""Codes of discounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.base import StoreRefused
from connectors.writes import DiscountKind, Written
from tests.sandbox.shopify.writes.writing import (
    EMAIL,
    NOW,
    Shop,
    a_code,
    customer_id,
)


def test_a_code_is_made_once_and_takes_its_part_off_at_the_checkout(shop: Shop) -> None:
    code = a_code()
    made = shop.write(code)
    assert made.reference.startswith("gid://shopify/DiscountCodeNode/") and not made.already
    assert shop.write(code) == Written(made.reference, already=True)
    placed = shop.order("HP-GRINDER", discount_code=code.code)
    order = shop.told("orders/updated")
    assert order["id"] == int(placed["id"])
    assert (order["total_discounts"], order["discount_codes"][0]["code"]) == ("17.85", code.code)
    refused = shop.store.call(
        "POST",
        "/sandbox/orders",
        json={"email": EMAIL, "lines": [{"sku": "HP-GRINDER", "quantity": 1}], "discount_code": code.code},
    )
    assert refused.status_code == 400  # used once, which was all


def test_a_code_whose_answer_was_lost_is_found_by_its_title(shop: Shop) -> None:
    code = a_code(code="LOST-1", discount=DiscountKind.AMOUNT, value=500, minimum=2000)
    shop.twice(code, "discountCodeBasicCreate")
    shop.order("HP-GRINDER", discount_code="LOST-1")
    assert shop.told("orders/updated")["total_discounts"] == "5.00"


def test_a_code_of_somebody_else_is_left_alone(shop: Shop) -> None:
    shop.write(a_code(code="SUMMER", title="Ours"))
    with pytest.raises(StoreRefused, match="belongs to another"):
        shop.write(a_code(code="SUMMER", title="Another title"))


def test_free_shipping_for_one_customer(shop: Shop) -> None:
    one = customer_id(shop)
    code = a_code(
        code="SHIPPED", discount=DiscountKind.FREE_SHIPPING, value=0, customer_id=one, combines=True
    )
    assert shop.twice(code, "discountCodeFreeShippingCreate").already
    shop.order(email=EMAIL, discount_code="SHIPPED")
    order = shop.told("orders/updated")
    assert (order["total_shipping_price_set"]["shop_money"]["amount"], order["total_discounts"]) == (
        "0.00",
        "0.00",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"email": EMAIL},  # known here by number alone
        {"value": 0},
        {"value": 101},
        {"discount": DiscountKind.AMOUNT, "currency": "EUR"},
        {"ends_at": NOW - timedelta(days=2)},
    ],
)
def test_a_code_that_cannot_be_is_refused(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_code(code="NEVER", **changes))
