"""Reviews by those who did not buy, and the same review twice at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from flows.commerce import LineQuantity, OrderLine, Parcel, ParcelStatus, Platform, Product, Refund, Shipped
from tests.app.desk import START, an_order
from tests.app.web.conftest import Site
from tests.app.web.shopping import put
from tests.proof import Count
from tests.security.parties import Party, all_rows, changed, residents

BOTH = pytest.mark.parametrize("platform", list(Platform))


def order(number: str, *products: str, **changes: Any) -> Any:
    lines = tuple(OrderLine(f"l{p}", f"Lamp {p}", 1, 100, product_id=p) for p in products)
    return an_order(id=number, number=number, lines=lines, shipped=Shipped.ALL, **changes)


def sold(site: Site) -> dict[Platform, Party]:
    """Order 13 holds a and b, and b went back; order 14 of somebody else holds c. At each shop."""
    for platform in Platform:
        put(
            site,
            platform,
            orders=(order("13", "a", "b"), order("14", "c", email="eve@example.com")),
            refunds=(Refund("r1", "13", START, 100, (LineQuantity("lb", 1),)),),
            products=tuple(Product(p, f"Lamp {p}", START) for p in "abc"),
        )
    return residents(site)


def send(shop: Party, token: str, fields: Mapping[str, str], *, inside: bool) -> int:
    path = f"r/{token}"
    return shop.site.client.post(
        shop.forwarded(path) if inside else f"/{path}", data=dict(fields)
    ).status_code


STAR = {"stars-0": "1", "body-0": "Not mine"}
FORGED: list[tuple[str, dict[str, str], int]] = [
    ("a product of another order", {"product-0": "c"}, 400),
    ("a product that was given back", {"product-0": "b"}, 400),
    ("a product that does not exist", {"product-0": "zz"}, 400),
    ("a product beside a good one", {"product-0": "a", "product-1": "c", "stars-1": "5"}, 400),
    ("an empty product", {"product-0": ""}, 400),
    ("a product with a NUL", {"product-0": "c\x00"}, 400),
    ("a line's id for a product's", {"product-0": "la"}, 400),
    ("another order's id in hidden fields", {"product-0": "c", "order_id": "14", "order": "14"}, 400),
    ("another shop's id in hidden fields", {"product-0": "c", "shop_id": "1", "shop": "2"}, 400),
    ("verified by itself", {"product-0": "c", "verified": "true", "state": "published"}, 400),
    ("a sixth star", {"product-0": "a", "stars-0": "6"}, 422),
    ("no star", {"product-0": "a", "stars-0": "0"}, 422),
    ("minus one star", {"product-0": "a", "stars-0": "-1"}, 422),
    ("a star of another script", {"product-0": "a", "stars-0": "\u0665"}, 422),
    ("a place beyond the form", {"product-99": "c", "stars-99": "5"}, 422),
]


@BOTH
def test_what_was_not_bought_is_not_reviewed(site: Site, platform: Platform) -> None:
    shops = sold(site)
    shop, other = shops[platform], next(one for key, one in shops.items() if key is not platform)
    before = all_rows(*shops.values())
    token = shop.link("review", 1, "13")
    for name, fields, status in FORGED:
        for inside in (False, True):
            assert send(shop, token, {**STAR, **fields}, inside=inside) == status, (name, inside)
    wrong = {
        "an order that does not exist": shop.link("review", 1, "99"),
        "another purpose": shop.link("tracking", 1, "13"),
        "a click": shop.link("click", 1, "13"),
        "the order as a message": shop.link("review", "13", 1),
    }
    for name, forged in wrong.items():
        for inside in (False, True):
            assert send(shop, forged, {**STAR, "product-0": "a"}, inside=inside) == 404, (name, inside)
    theirs = other.link("review", 1, "13")
    assert send(shop, theirs, {**STAR, "product-0": "a"}, inside=True) == 404, "another shop's order"
    assert changed(before, all_rows(*shops.values())) == {}


@BOTH
def test_fields_of_a_form_choose_nothing_but_words_and_stars(site: Site, platform: Platform) -> None:
    """Who wrote, of what order, in which state: all that stands in the signed link or is ours to say."""
    shop = sold(site)[platform]
    forged = {
        "product-0": "a",
        "stars-0": "4",
        "message_id": "99",
        "order_id": "14",
        "state": "published",
        "verified": "false",
        "address_hash": "x",
        "shop_id": "99",
        "submitted_at": "2020-01-01",
    }
    assert send(shop, shop.link("review", 7, "13"), forged, inside=False) == 303
    (row,) = shop.sql("SELECT * FROM reviews")
    own = shop.site.runtime.keys.address_hash(shop.shop_id, "mia@example.com")
    assert (row.order_id, row.message_id, row.state, row.verified) == ("13", 7, "held", True)
    assert (row.address_hash, row.shop_id) == (own, shop.shop_id)


def test_a_message_of_another_order_opens_no_other_order(site: Site) -> None:
    """The order is in the link itself; the message tells only which mail it came from."""
    shop = sold(site)[Platform.WOOCOMMERCE]
    assert send(shop, shop.link("review", 999, "13"), {**STAR, "product-0": "c"}, inside=False) == 400
    assert shop.sql("SELECT * FROM reviews") == []


@BOTH
def test_sent_twice_at_once_it_counts_once(site: Site, platform: Platform, count: Count) -> None:
    """Two hands at the same moment, on a real database, again and again."""
    from app.services.switches import switch_on

    shop = residents(site)[platform]
    with shop.session() as session:
        switch_on(session, shop.shop_id, "review_request", START)
    app, rounds = site.client.application, count(4, 40)
    for number in map(str, range(100, 100 + rounds)):
        parcel = Parcel(
            f"t{number}", number, START, ParcelStatus.DELIVERED, delivered_at=site.runtime.clock.now()
        )
        now = site.runtime.clock.now()
        put(
            site,
            platform,
            orders=(order(number, "a", at=now, email=f"mia{number}@example.com"),),
            parcels=(parcel,),
        )
        address, gate = f"/r/{shop.link('review', 1, number)}", Barrier(2)

        def press(address: str = address, gate: Barrier = gate) -> int:
            with app.test_client() as hand:
                gate.wait(10)
                return hand.post(address, data={"product-0": "a", "stars-0": "4"}).status_code

        with ThreadPoolExecutor(2) as hands:
            told = [hands.submit(press), hands.submit(press)]
            assert [one.result(30) for one in told] == [303, 303]
    reviews = shop.sql("SELECT order_id FROM reviews")
    events = shop.sql("SELECT order_id FROM events WHERE kind = 'ReviewSubmitted'")
    ended = shop.sql("SELECT order_id FROM journeys WHERE end_reason = 'ReviewSubmitted'")
    assert len(reviews) == len(events) == len(ended) == rounds
    assert shop.sql("SELECT id FROM journeys WHERE status = 'active' AND flow_key = 'review_request'") == []


@BOTH
def test_ten_thousand_characters_are_told_beneath_the_field_and_kept(site: Site, platform: Platform) -> None:
    """With us and inside the store."""
    shop = sold(site)[platform]
    path, words = f"r/{shop.link('review', 1, '13')}", "Long & <b>bold</b> {{ 7 }} " * 400
    fields = {"product-0": "a", "stars-0": "5", "body-0": words[:10_000], "name": "M."}
    for address in (f"/{path}", shop.forwarded(path)):
        answer = site.client.post(address, data=fields)
        before, _, after = answer.get_data(as_text=True).partition("</textarea>")
        assert answer.status_code == 422
        assert before.count("&lt;b&gt;bold&lt;/b&gt;") == 10_000 // 27 + (10_000 % 27 >= 20)
        assert "characters too many" in after.partition("<textarea")[0], "beneath its field"
    assert shop.sql("SELECT * FROM reviews") == []
