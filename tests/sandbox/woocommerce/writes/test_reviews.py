"""Reviews that the app puts into a WooCommerce shop's own list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.base import (
    NotThere,
    StoreRefused,
)
from connectors.writes import ReviewPlace, Written
from tests.sandbox.woocommerce.writes.writing import (
    EMAIL,
    Shop,
    a_review,
)


def test_a_review_is_posted_once_and_counts(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product)
    made = shop.write(review)
    assert not made.already and shop.write(review) == Written(made.reference, already=True)
    (kept,) = shop.reviews(product)
    assert (kept["status"], kept["rating"], kept["reviewer_email"]) == ("approved", 5, EMAIL)
    assert "\\" not in kept["review"] and "<" not in kept["review"]
    shop.write(a_review(product, stars=4, email="mia@example.com", name="", text="Fine"))
    assert shop.stars(product) == ("4.50", 2)
    assert shop.reviews(product)[0]["reviewer"] == "Anonymous"


@pytest.mark.parametrize(
    ("change", "left", "stars"),
    [
        ({"place": ReviewPlace.REMOVED}, {}, ("0.00", 0)),
        ({"stars": 3}, {"approved": 3}, ("3.00", 1)),
        ({"place": ReviewPlace.HELD}, {"hold": 5}, ("0.00", 0)),
    ],
)
def test_one_whose_words_the_merchant_mended_is_known_by_its_number(
    shop: Shop, change: dict[str, Any], left: dict[str, int], stars: tuple[str, int]
) -> None:
    """A misspelling put right, or a name taken out: it leaves the list all the same, and is posted no second
    time."""
    product = shop.product()
    review = a_review(product, text="Quite nise")
    made = shop.write(review)
    shop.mend_review(made.reference, "Quite nice")
    again = replace(review, reference=made.reference, **change)
    assert shop.write(again) == Written(made.reference)
    assert shop.write(again) == Written(made.reference, already=True)
    assert {one["status"]: one["rating"] for one in shop.reviews(product)} == left
    assert [one["review"] for one in shop.reviews(product, "trash")] == ([] if left else ["Quite nice"])
    assert shop.stars(product) == stars


def test_a_number_of_somebody_elses_review_or_of_another_product_proves_nothing(shop: Shop) -> None:
    """A shop that went back to an older copy of itself gives its numbers again."""
    product, other = shop.product(), shop.product()
    theirs = shop.write(a_review(product, email="mia@example.com", text="Theirs"))
    elsewhere = shop.write(a_review(other, text="Elsewhere"))
    for known in (theirs.reference, elsewhere.reference):
        gone = a_review(product, text="Ours", place=ReviewPlace.REMOVED, reference=known)
        assert shop.write(gone) == Written(already=True)
    assert [one["status"] for one in (*shop.reviews(product), *shop.reviews(other))] == ["approved"] * 2


def test_posted_straight_into_sight_it_would_be_in_no_average(shop: Shop) -> None:
    product = shop.product()
    body = {"product_id": product, "review": "Fine", "reviewer": "Kim", "reviewer_email": EMAIL, "rating": 5}
    assert shop.store.rest("POST", "products/reviews", json=body | {"status": "approved"}).status_code == 201
    assert shop.stars(product) == ("0.00", 0)
    again = shop.store.rest("POST", "products/reviews", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "woocommerce_rest_comment_duplicate")


def test_a_review_leaves_the_list_and_comes_back(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product)
    made = shop.write(review)
    for place, status in ((ReviewPlace.HELD, "hold"), (ReviewPlace.REMOVED, "trash")):
        for reference in ("", made.reference, "999999"):
            shop.write(replace(review, place=ReviewPlace.LISTED))
            gone = replace(review, place=place, reference=reference)
            assert shop.write(gone) == Written(made.reference)
            assert shop.write(gone) == Written(made.reference, already=True)
            assert [one["id"] for one in shop.reviews(product, status)] == [int(made.reference)]
            assert shop.stars(product) == ("0.00", 0)
    assert shop.write(review) == Written(made.reference)
    assert shop.stars(product) == ("5.00", 1)


def test_what_the_shop_calls_spam_stays_spam_and_its_own_keep_their_stars(shop: Shop) -> None:
    product = shop.product()
    review = a_review(product, text="Fine", name="Kim")
    body = {
        "product_id": product,
        "review": "Fine",
        "reviewer": "Kim",
        "reviewer_email": EMAIL,
        "rating": 1,
    }
    made = shop.store.rest("POST", "products/reviews", json=body | {"status": "hold"}).json()
    shop.store.rest("PUT", f"products/reviews/{made['id']}", json={"status": "spam"})
    with pytest.raises(StoreRefused, match="spam"):
        shop.write(review)
    assert shop.write(replace(review, place=ReviewPlace.REMOVED)) == Written(str(made["id"]), already=True)
    shop.store.rest("PUT", f"products/reviews/{made['id']}", json={"status": "approved"})
    assert shop.write(review) == Written(str(made["id"]), already=True)
    assert [one["rating"] for one in shop.reviews(product)] == [1]


def test_one_that_was_never_there_is_removed_already(shop: Shop) -> None:
    gone = a_review(shop.product(), place=ReviewPlace.REMOVED)
    assert shop.write(gone) == Written(already=True)


def test_the_same_words_of_another_address_are_not_ours(shop: Shop) -> None:
    """The shop takes one name for one person; we would take somebody else's review for ours."""
    product = shop.product()
    shop.write(a_review(product, name="Kim"))
    with pytest.raises(StoreRefused, match="somebody else"):
        shop.write(a_review(product, name="Kim", email="other@example.com"))


@pytest.mark.parametrize("changes", [{"stars": 0}, {"stars": 6}, {"text": " \n"}, {"email": "none"}])
def test_what_is_no_review_is_refused_before_any_call(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(StoreRefused):
        shop.write(a_review(1, **changes))
    assert shop.http.asked == []


def test_a_product_that_is_gone_takes_no_review(shop: Shop) -> None:
    for product in (999_999, "p1"):
        with pytest.raises(NotThere):
            shop.write(a_review(product))
