"""Codes that the app makes in a WooCommerce shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import (
    NotThere,
    StoreRefused,
)
from connectors.writes import DiscountKind, Written
from tests.sandbox.woocommerce.writes.writing import (
    EMAIL,
    ENDS,
    Shop,
    a_code,
)


def test_a_code_is_made_once_in_small_letters_and_ends_when_it_shall(shop: Shop) -> None:
    code = a_code(email="Kim.Vale@Example.com", minimum=2000)
    made = shop.write(code)
    assert not made.already and shop.write(code) == Written(made.reference, already=True)
    kept = shop.coupon(code.code)
    assert (kept["code"], kept["id"]) == (code.code.lower(), int(made.reference))
    assert datetime.fromisoformat(kept["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS
    assert (kept["amount"], kept["discount_type"], kept["minimum_amount"]) == ("15.00", "percent", "20.00")
    assert (kept["usage_limit"], kept["usage_limit_per_user"], kept["individual_use"]) == (1, 1, True)
    assert kept["email_restrictions"] == [EMAIL]


def test_a_code_takes_its_part_off_once_and_for_nobody_else(shop: Shop) -> None:
    code = a_code(email=EMAIL)
    shop.write(code)
    lines = [{"sku": "LK-ORBIT", "quantity": 1}]

    def buy(email: str) -> int:
        asked = {"email": email, "lines": lines, "discount_code": code.code}
        return shop.store.call("POST", "/sandbox/orders", json=asked).status_code

    assert [buy("mia@example.com"), buy(EMAIL), buy(EMAIL)] == [400, 200, 400]
    (order,) = [one for one in shop.store.read("orders", per_page=100) if one["coupon_lines"]
                and one["coupon_lines"][0]["code"] == code.code.lower()]  # fmt: skip
    assert float(order["discount_total"]) + float(order["discount_tax"]) == pytest.approx(19.35)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"discount": DiscountKind.AMOUNT, "value": 550}, ("fixed_cart", "5.50", False)),
        ({"discount": DiscountKind.FREE_SHIPPING, "value": 0}, ("fixed_cart", "0.00", True)),
        ({"usage_limit": None, "once_per_customer": False, "combines": True}, ("percent", "15.00", False)),
    ],
)
def test_kinds_of_codes(shop: Shop, changes: dict[str, Any], kept: tuple[str, str, bool]) -> None:
    code = a_code(**changes)
    shop.write(code)
    found = shop.coupon(code.code)
    assert (found["discount_type"], found["amount"], found["free_shipping"]) == kept
    assert (found["usage_limit"] is None) == (code.usage_limit is None)
    assert (found["usage_limit_per_user"] is None) != code.once_per_customer
    assert found["individual_use"] != code.combines
    assert shop.write(code).already


def test_a_code_for_an_account_is_for_its_address(shop: Shop) -> None:
    account = shop.store.read("customers", email="jonna.brandt@example.com")[0]["id"]
    code = a_code(customer_id=str(account))
    shop.write(code)
    assert shop.coupon(code.code)["email_restrictions"] == ["jonna.brandt@example.com"]
    for nobody in ("999999", "1 OR 1=1"):
        with pytest.raises(NotThere):
            shop.write(a_code(customer_id=nobody))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "UTC", "no such zone", "America/St_Johns"])
def test_a_code_ends_when_it_shall_whatever_zone_we_think_the_shop_is_in(shop: Shop, zone: str) -> None:
    code = a_code()
    shop.write(code, timezone=zone)
    assert datetime.fromisoformat(shop.coupon(code.code)["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS


def test_a_code_in_a_shop_of_tokyo(shop: Shop) -> None:
    shop.quirk(tokyo=True)
    code = a_code()
    shop.write(code, timezone="Asia/Tokyo")
    kept = shop.coupon(code.code)
    assert datetime.fromisoformat(kept["date_expires_gmt"]).replace(tzinfo=UTC) == ENDS
    assert kept["date_expires"] != kept["date_expires_gmt"]


def test_a_code_that_the_shop_would_keep_for_ever_is_taken_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "connectors.woocommerce.writes.discount._on_the_wall", lambda moment, zone: ""
    )  # as if it did not understand
    code = a_code()
    with pytest.raises(StoreRefused, match="end when it should"):
        shop.write(code)
    assert shop.store.read("coupons", code=code.code.lower()) == []


def test_a_code_without_an_end_stays_without(shop: Shop) -> None:
    code = a_code(ends_at=None)
    shop.write(code)
    assert shop.coupon(code.code)["date_expires_gmt"] is None


@pytest.mark.parametrize(
    "changes",
    [{"title": "Another"}, {"value": 20}, {"discount": DiscountKind.AMOUNT}, {"email": EMAIL},
     {"discount": DiscountKind.FREE_SHIPPING}],
)  # fmt: skip
def test_a_code_of_somebody_else_is_left_alone(shop: Shop, changes: dict[str, Any]) -> None:
    code = a_code()
    shop.write(code)
    with pytest.raises(StoreRefused, match="belongs to another"):
        shop.write(replace(code, **changes))
    assert shop.write(code).already


@pytest.mark.parametrize(
    "changes",
    [{"value": 0}, {"value": 101}, {"discount": DiscountKind.AMOUNT, "value": 0},
     {"discount": DiscountKind.AMOUNT, "currency": "USD"}],
)  # fmt: skip
def test_a_code_that_cannot_be_is_refused_before_any_call(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_code(**changes))
    assert shop.http.asked == []
