"""A merchant's own guide: for a product, a category or all; shown, refused, written by two, removed."""

from __future__ import annotations

from typing import Any

import pytest

from flows.commerce import Platform
from tests.app.desk import a_product
from tests.app.web.admin.hand import Hand, words_of
from tests.app.web.shopping import put

GUIDE = "/flows/first_use_guide/content/guide"
WORDS = {
    "title": "First light",
    "body": "Screw it in.\n- Switch on\n- Wait",
    "url": "https://lamps.example/how",
}


@pytest.fixture
def shop(hand: Hand) -> Hand:
    products = (
        a_product(id="p1", title="Lampshade 100% linen", kind="Lamps"),
        a_product(id="p2", title="Bulb", kind="lamps "),
        a_product(id="p3", title="Bulb, small", parent_id="p2"),
    )
    put(hand.site, Platform.WOOCOMMERCE, products=products)
    return hand


def stored(hand: Hand) -> list[tuple[Any, ...]]:
    rows = hand.rows("SELECT scope, scope_id, title, body, url, revision FROM contents ORDER BY 1, 2")
    return [tuple(row) for row in rows]


def test_a_guide_for_all_is_kept_and_told(shop: Hand) -> None:
    assert "Until you write a guide, orders pass by this flow" in words_of(shop.get("/flows/first_use_guide"))
    answer = shop.post(GUIDE, scope="shop", **WORDS)
    assert answer.status_code == 200
    assert "Kept: Guide for the whole shop." in words_of(answer)
    assert stored(shop) == [("shop", "", *WORDS.values(), 1)]
    page = words_of(shop.get("/flows/first_use_guide"))
    assert "Guide For the whole shop" in page and "Until you write" not in page
    assert 'value="First light"' in shop.get(f"{GUIDE}?scope=shop").text
    assert shop.changes()[-1][2] == "Guide for the whole shop was written."


def test_a_product_is_found_by_its_title_and_variations_are_not(shop: Hand) -> None:
    found = words_of(shop.get(f"{GUIDE}?q=BULB"))
    assert "Bulb" in found and "Bulb, small" not in found
    assert "No product has this in its title." in words_of(shop.get(f"{GUIDE}?q=%25_%25"))
    assert "Lampshade 100% linen" in words_of(shop.get(f"{GUIDE}?q=100%25"))
    shop.post(GUIDE, scope="product", id="p1", **WORDS)
    assert "Guide for Lampshade 100% linen" in words_of(shop.get(f"{GUIDE}?scope=product&id=p1"))


def test_a_category_is_one_in_whatever_letters(shop: Hand) -> None:
    assert shop.get(GUIDE).text.count("<option>") == 1
    shop.post(GUIDE, scope="category", id="Lamps", **WORDS)
    answer = shop.post(GUIDE, scope="category", id=" LAMPS ", body="Other words", revision="1")
    assert answer.status_code == 200
    assert [(row[1], row[3], row[5]) for row in stored(shop)] == [("lamps", "Other words", 2)]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "x" * 91, "At most 90 characters; this has 91."),
        ("body", "x" * 4001, "At most 4,000 characters; this has 4,001."),
        ("body", "x\n" * 60 + "x", "At most 60 lines; this has 61."),
        ("url", "http://lamps.example", "An address begins with https://"),
        ("url", "javascript:alert(1)", "An address begins with https://"),
        ("url", "https://" + "a" * 500, "An address begins with https://"),
        ("url", "https://", "An address begins with https://"),
    ],
)
def test_what_no_mail_can_carry_is_refused_and_kept_in_the_form(
    shop: Hand, field: str, value: str, told: str
) -> None:
    answer = shop.post(GUIDE, scope="shop", **{**WORDS, field: value})
    assert answer.status_code == 422
    assert told in words_of(answer)
    assert WORDS["title"] in answer.text or field == "title"
    assert stored(shop) == []


def test_nothing_at_all_is_refused_and_an_address_alone_is_enough(shop: Hand) -> None:
    assert shop.post(GUIDE, scope="shop", title="Empty").status_code == 422
    assert shop.post(GUIDE, scope="shop", url=WORDS["url"]).status_code == 200


def test_hostile_words_are_words(shop: Hand) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}{% for %}\x00\u202e\r\nBcc: x@evil.example"
    assert shop.post(GUIDE, scope="shop", title=hostile[:60], body=hostile).status_code == 200
    for page in (
        GUIDE,
        f"{GUIDE}?scope=shop",
        "/flows/first_use_guide",
        "/flows/first_use_guide/preview/guide",
    ):
        told = shop.get(page)
        assert told.status_code == 200
        assert "<script>alert(1)" not in told.text
        assert "\u202e" not in told.text


def test_stale_words_hear_both(shop: Hand) -> None:
    shop.post(GUIDE, scope="shop", **WORDS)
    answer = shop.post(GUIDE, scope="shop", body="Mine", revision="0")
    assert answer.status_code == 409
    assert "Somebody wrote: First light" in words_of(answer)
    assert shop.post(GUIDE, scope="shop", body="Mine", revision="1").status_code == 200
    assert shop.post(f"{GUIDE}/remove", scope="shop", revision="1").status_code == 409
    assert [row[3] for row in stored(shop)] == ["Mine"]


def test_removed_and_put_back(shop: Hand) -> None:
    shop.post(GUIDE, scope="shop", **WORDS)
    answer = shop.post(f"{GUIDE}/remove", scope="shop", revision="1")
    assert "Removed: Guide for the whole shop." in words_of(answer)
    assert "Put it back" in answer.text
    assert stored(shop) == []
    assert "It was gone already." in words_of(shop.post(f"{GUIDE}/remove", scope="shop", revision="1"))
    assert shop.post(GUIDE, scope="shop", **WORDS, revision="0").status_code == 200
    assert [one[2] for one in shop.changes()[-2:]] == [
        "Guide for the whole shop was removed.",
        "Guide for the whole shop was written.",
    ]


def test_a_second_save_of_the_same_changes_nothing(shop: Hand) -> None:
    shop.post(GUIDE, scope="shop", **WORDS)
    assert "Nothing was changed." in words_of(shop.post(GUIDE, scope="shop", **WORDS, revision="0"))
    assert stored(shop)[0][-1] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/flows/shipped/content/guide",
        "/flows/first_use_guide/content/care",
        "/flows/nothing/content/guide",
        f"{GUIDE}?scope=product&id=nothing",
        f"{GUIDE}?scope=planet&id=earth",
        f"{GUIDE}?scope=category&id=%20",
    ],
)
def test_what_is_not_there_is_not_found(shop: Hand, path: str) -> None:
    assert shop.get(path).status_code == 404


def test_a_product_of_another_shop_is_not_found(shop: Hand) -> None:
    assert shop.post(GUIDE, scope="product", id="p1", **WORDS).status_code == 200
    assert shop.get(f"{GUIDE}?scope=product&id=p1", Platform.SHOPIFY).status_code == 404


def test_a_shop_has_so_many_entries_and_no_more(shop: Hand) -> None:
    shop.rows(
        "INSERT INTO contents SELECT s.id, 'guide', 'category', 'c' || n, '', 'x', '', 1, s.connected_at"
        " FROM shops s CROSS JOIN generate_series(1, 500) n RETURNING 1"
    )
    answer = shop.post(GUIDE, scope="shop", **WORDS)
    assert answer.status_code == 422
    assert "A shop has 500 entries at most." in words_of(answer)
