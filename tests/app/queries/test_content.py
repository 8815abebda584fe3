"""What a merchant wrote counts where it is closest to what was kept, at the same cost for any batch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import Session
from app.queries.content import content_for, entries_of, load_contents
from app.queries.facts import load_fact_base, load_products
from app.queries.pictures import load_pictures
from app.queries.reviews import fewest_stars
from app.services.content import Place, put
from connectors.base import Reading
from flows.commerce import LineQuantity, OrderLine, Refund
from flows.content import Content
from tests.app.desk import KEYS, START, Desk, a_product, an_order, connect_shop
from tests.app.services.statements import counted
from tests.proof import Figure

LAMP = OrderLine("l1", "Lamp", 1, 4000, product_id="p1")
BULB = OrderLine("l2", "Bulb", 2, 4270, product_id="p2")
SHELF = OrderLine("l3", "Shelf", 1, 100, product_id="p3")


@pytest.fixture
def shop(desk: Desk) -> Desk:
    sold = (
        a_product(id="p1", title="Lamp", kind="Lamps"),
        a_product(id="p2", title="Bulb", kind=" LAMPS"),
        a_product(id="p3", title="Shelf", kind="Shelves"),
    )
    desk.read(Reading(orders=(an_order(lines=(LAMP, BULB)),), products=sold))
    return desk


def write(desk: Desk, scope: str, scope_id: str, body: str, slot: str = "guide") -> None:
    with desk.database.shops(desk.shop_id) as session:
        put(session, desk.shop_id, Place(slot, scope, scope_id), {"body": body}, 0, START)


def read(desk: Desk, order: str = "13") -> dict[str, Content]:
    with desk.database.shops(desk.shop_id) as session:
        facts = load_fact_base(session, [(desk.shop_id, order)], KEYS).facts(
            (desk.shop_id, order), "first_use_guide", None
        )
    return dict(facts.content)


def test_the_closest_words_count(shop: Desk) -> None:
    assert read(shop) == {}
    write(shop, "shop", "", "for all")
    assert read(shop)["guide"].text == "for all"
    write(shop, "category", "shelves", "for shelves")
    assert read(shop)["guide"].text == "for all"
    write(shop, "category", "lamps", "for lamps")
    assert read(shop)["guide"].text == "for lamps"
    write(shop, "product", "p2", "for the bulb")
    assert read(shop)["guide"] == Content("for the bulb", product_id="p2")
    write(shop, "product", "p1", "for the lamp")
    assert read(shop)["guide"].product_id == "p1", "the first of the order"


def test_each_slot_by_itself(shop: Desk) -> None:
    write(shop, "shop", "", "care for all", "care")
    write(shop, "product", "p2", "guide of the bulb")
    found = read(shop)
    assert {slot: one.text for slot, one in found.items()} == {
        "care": "care for all",
        "guide": "guide of the bulb",
    }


def test_what_went_back_has_no_say(shop: Desk) -> None:
    write(shop, "product", "p1", "for the lamp")
    write(shop, "product", "p2", "for the bulb")
    refund = Refund("r1", "13", START + timedelta(days=1), 4000, (LineQuantity("l1", 1, 4000),))
    shop.read(Reading(refunds=(refund,)))
    assert read(shop)["guide"].text == "for the bulb"


def test_another_shop_s_words_are_not_seen(shop: Desk) -> None:
    other = connect_shop(shop.database, "other.example")
    write(other, "shop", "", "of another shop")
    with shop.database.shops(shop.shop_id, other.shop_id) as session:
        written = load_contents(session, [shop.shop_id, other.shop_id], {})
        picture = load_pictures(session, [(shop.shop_id, "13")])[shop.shop_id, "13"]
    assert content_for(shop.shop_id, picture, {}, written) == {}
    assert content_for(other.shop_id, picture, {}, written)["guide"].text == "of another shop"


def test_one_statement_for_any_number(shop: Desk, figure: Figure) -> None:
    orders = tuple(an_order(id=str(n), number=str(n), lines=(LAMP, SHELF)) for n in range(500))
    shop.read(Reading(orders=orders))
    write(shop, "shop", "", "for all")
    costs = []
    for number in (1, 50, 500):
        keys = [(shop.shop_id, str(n)) for n in range(number)]
        with shop.database.shops(shop.shop_id) as session:
            products = load_products(session, {(shop.shop_id, "p1"), (shop.shop_id, "p3")})
            with counted(shop.database) as statements:
                load_contents(session, [shop.shop_id], products)
                fewest_stars(session, keys)
            costs.append(len(statements))
    figure("statements for content and stars", costs[0])
    assert costs == [2, 2, 2]


def test_entries_of_the_shop_then_categories_then_products_by_name(shop: Desk) -> None:
    for scope, scope_id in (("product", "p1"), ("product", "p2"), ("category", "lamps"), ("shop", "")):
        write(shop, scope, scope_id, "x")
    with shop.database.shops(shop.shop_id) as session:
        names = _names(session, shop.shop_id)
    assert names == [("shop", ""), ("category", "lamps"), ("product", "Bulb"), ("product", "Lamp")]


def _names(session: Session, shop_id: int) -> list[tuple[str, str]]:
    return [(one.scope, one.name) for one in entries_of(session, shop_id, ["guide"])]


def test_the_fewest_stars_of_an_order(shop: Desk) -> None:
    for number, (order, product, stars) in enumerate((("13", "p1", 5), ("13", "p2", 2), ("14", "p1", 4))):
        shop.rows(
            "INSERT INTO reviews (shop_id, order_id, product_id, address_hash, stars, title, body, name,"
            " language, state, verified, submitted_at, seen_public) VALUES (:shop, :order, :product, 'h',"
            " :stars, '', '', '', 'en', 'held', true, :at, false) RETURNING 1",
            shop=shop.shop_id,
            order=order,
            product=product,
            stars=stars,
            at=START + timedelta(hours=number),
        )
    keys = [(shop.shop_id, "13"), (shop.shop_id, "14"), (shop.shop_id, "15")]
    with shop.database.shops(shop.shop_id) as session:
        found = fewest_stars(session, keys)
    assert found == {(shop.shop_id, "13"): 2, (shop.shop_id, "14"): 4}
