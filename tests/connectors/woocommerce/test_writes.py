"""What a shop may answer a write with that the sandbox never would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import writes
from connectors.base import StoreBusy, StoreRefused, StoreUnreachable
from connectors.woocommerce.writing import write
from connectors.writes import DiscountKind, ReviewPlace, Written
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import Shop

NOW = datetime(2026, 11, 21, tzinfo=UTC)
REVIEW = writes.PostReview("10", "13", 5, "Great beans", "Mia Hart", "Mia.Hart@example.com")
LIST = "GET products/reviews"
# What Mia and somebody of no name wrote, word for word the same.
NOBODYS, MIAS = rest("reviews")["body"]
DUPLICATE = {"code": "woocommerce_rest_comment_duplicate", "message": "", "data": {"status": 409}}


def test_the_recorded_review_is_known_again(shop: Shop) -> None:
    shop.will(LIST, [NOBODYS, MIAS])
    assert write(shop.store, REVIEW) == Written("21", already=True)
    assert shop.asked() == [LIST]


def test_a_shop_that_ignores_filters_gives_nobody_elses_review(shop: Shop) -> None:
    others = [NOBODYS, {**MIAS, "product_id": 11}, {**MIAS, "review": "<p>Great beans!</p>"}]
    shop.will(LIST, others)
    shop.will("POST products/reviews", {**MIAS, "id": 30, "status": "hold"}, 201)
    shop.will("PUT products/reviews/30", {**MIAS, "id": 30})
    assert write(shop.store, REVIEW) == Written("30")
    assert [call.body["status"] for call in shop.calls if call.body] == ["hold", "approved"]


def test_an_old_list_beside_a_refusal_is_asked_again_later(shop: Shop) -> None:
    """A cache that nothing of ours gets past: the shop knows the review, its list does not."""
    shop.will(LIST, [])
    shop.will("POST products/reviews", DUPLICATE, 409)
    with pytest.raises(StoreUnreachable) as caught:
        write(shop.store, REVIEW)
    assert caught.value.retry and "Mia" not in str(caught.value)


def test_a_shop_that_takes_one_review_at_a_time_is_waited_for(shop: Shop) -> None:
    shop.will(LIST, [])
    shop.will("POST products/reviews", {"code": "woocommerce_rest_comment_flood"}, 400)
    with pytest.raises(StoreBusy) as caught:
        write(shop.store, REVIEW)
    assert caught.value.wait == 20.0


def test_a_review_that_is_not_moved_is_tried_again(shop: Shop) -> None:
    shop.will(LIST, [{**MIAS, "status": "hold"}])
    shop.will("PUT products/reviews/21", {**MIAS, "status": "hold"})
    with pytest.raises(StoreUnreachable, match="not moved"):
        write(shop.store, REVIEW)


def test_a_known_number_that_is_somebody_elses_is_not_touched(shop: Shop) -> None:
    shop.will("GET products/reviews/22", NOBODYS)
    shop.will(LIST, [NOBODYS])
    gone = replace(REVIEW, place=ReviewPlace.REMOVED, reference="22")
    assert write(shop.store, gone) == Written(already=True)
    assert not [call for call in shop.calls if call.method != "GET"]


def test_a_list_of_reviews_without_an_end_is_given_up(shop: Shop) -> None:
    shop.will(LIST, [NOBODYS], headers={"X-WP-TotalPages": "999"})
    with pytest.raises(StoreUnreachable, match="does not end"):
        write(shop.store, REVIEW)
    assert len(shop.calls) == 20


CODE = writes.CreateDiscount(
    "THANKS-9KQ2", "Journey: win-back", DiscountKind.PERCENT, 10, "EUR", NOW, email="mia.hart@example.com"
)
TAKEN = {"code": "woocommerce_rest_coupon_code_already_exists", "message": "", "data": {"status": 400}}
COUPON = rest("coupons_by_code")["body"][0]


def test_the_recorded_coupon_is_known_again(shop: Shop) -> None:
    shop.will("POST coupons", TAKEN, 400)
    shop.will("GET coupons", [COUPON])
    assert write(shop.store, CODE) == Written("11", already=True)
    assert shop.calls[1].params["code"] == "thanks-9kq2"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [("Kim\\'s &quot;lamp&quot; &amp; more", 'Kim\'s "lamp" & more'), ("A  note\n", "A note")],
)
def test_however_the_shop_has_set_our_words(shop: Shop, told: str, wanted: str) -> None:
    shop.will("POST coupons", TAKEN, 400)
    shop.will("GET coupons", [{**COUPON, "description": told}])
    assert write(shop.store, replace(CODE, title=wanted)).already


def test_a_filter_that_is_ignored_gives_nobody_elses_coupon(shop: Shop) -> None:
    shop.will("POST coupons", TAKEN, 400)
    shop.will("GET coupons", [{**COUPON, "id": 12, "code": "thanks-9kq"}, COUPON])
    assert write(shop.store, CODE) == Written("11", already=True)


@pytest.mark.parametrize("listed", [[], [{**COUPON, "code": "other"}]])
def test_a_coupon_that_is_taken_and_not_there_is_asked_for_later(shop: Shop, listed: list[Any]) -> None:
    shop.will("POST coupons", TAKEN, 400)
    shop.will("GET coupons", listed)
    with pytest.raises(StoreUnreachable) as caught:
        write(shop.store, CODE)
    assert caught.value.retry


def test_a_coupon_whose_end_an_hour_of_two_cannot_be_told_is_kept(shop: Shop) -> None:
    """Clocks go back: 02:30 comes twice, and the shop takes it for the other one."""
    ends = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    made = {**COUPON, "date_expires_gmt": "2026-10-25T01:30:00"}
    shop.will("POST coupons", made, 201)
    shop.will("PUT coupons/11", made)
    berlin = replace(shop.store, timezone="Europe/Berlin")
    assert write(berlin, replace(CODE, ends_at=ends)) == Written("11")
    assert [call.body["date_expires"] for call in shop.calls] == [
        "2026-10-25T02:30:00",
        "2026-10-25T01:30:00",
    ]


def test_a_cancel_that_is_answered_with_another_status_is_tried_again(shop: Shop) -> None:
    order = rest("order")["body"] | {"status": "processing", "meta_data": [], "date_completed_gmt": None}
    shop.will("GET orders/13", order)
    shop.will("PUT orders/13", order)
    with pytest.raises(StoreUnreachable, match="not cancelled"):
        write(shop.store, writes.CancelOrder("13", writes.CancelReason.OTHER, refund=False))


def test_a_basket_is_no_order_yet(shop: Shop) -> None:
    shop.will("GET orders/13", rest("order")["body"] | {"status": "checkout-draft"})
    with pytest.raises(Exception, match="not placed yet"):
        write(shop.store, writes.CancelOrder("13", writes.CancelReason.OTHER, refund=False))


def test_a_code_for_an_account_without_an_address_is_refused(shop: Shop) -> None:
    shop.will("GET customers/5", {"id": 5, "email": ""})
    with pytest.raises(StoreRefused, match="address"):
        write(shop.store, replace(CODE, email=None, customer_id="5"))
