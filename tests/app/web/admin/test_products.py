"""What products are, said by the merchant on a page, kept, and then followed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from flows.commerce import Platform
from tests.app.desk import START
from tests.app.predict.bought import bought, sold
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site

SAID = {"timing": "", "consumable": "", "durable": "", "digital": "", "lasts_days": "", "pack": ""}


@dataclass
class Shop(Counter):
    def stock(self) -> None:
        self.read(
            products=(
                sold("beans"),
                sold("dark", tags=("new",)),
                sold("lamp", "Lamp"),
                sold("odd", "Coffee & <tea> / 100%"),
                sold("small", "Coffee", parent_id="beans"),
            )
        )

    def one(self, scope: str = "product", key: str = "beans") -> tuple[int, str]:
        return self.get(f"/products/one?scope={scope}&key={key}")

    def save(
        self, scope: str = "product", key: str = "beans", seen: str = "", **said: str
    ) -> tuple[int, str]:
        return self.post("/products/one", scope=scope, key=key, seen=seen, **{**SAID, **said})

    def words(self) -> dict[str, Any]:
        rows = self.sql("SELECT * FROM product_words WHERE shop_id = :shop")
        return {f"{row.scope}:{row.key}": row for row in rows}


@pytest.fixture
def shop(site: Site) -> Shop:
    shop = Shop(site)
    shop.stock()
    return shop


def names(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<span class="grow pair"><b>(.*?)</b><span>(.*?)</span>', page)


def test_one_category_in_whatever_letters_it_is_written(shop: Shop) -> None:
    shop.read(products=tuple(sold(f"s{n}", kind) for n, kind in enumerate(("Süßes", " süßes", "SÜSSES"))))
    assert shop.get("/products")[1].count("key=s%C3%BCsses") == 1
    assert shop.one("category", "süsses")[0] == 200
    assert shop.save("category", "süsses", consumable="yes", lasts_days="90")[0] == 200
    assert all("90 days" in shop.one(key=f"s{n}")[1] for n in range(3))


def test_letters_that_no_name_has(shop: Shop) -> None:
    assert shop.get("/products?q=%00beans%00")[0] == 200
    assert shop.get("/products/one?scope=product&key=%00")[0] == 404
    assert shop.save(key="\0")[0] == 404


def test_types_and_products_with_what_they_are_taken_for(shop: Shop) -> None:
    status, page = shop.get("/products")
    assert status == 200
    assert names(page) == [
        ("Coffee", "Quick to try, gets used up in about 30 days"),
        ("Coffee &amp; &lt;tea&gt; / 100%", "Quick to try, gets used up in about 30 days"),
        ("Lamp", "Everyday to try, made to last"),
        ("Beans", "Quick to try, gets used up in about 30 days"),
        ("Dark", "Quick to try, gets used up in about 30 days"),
        ("Lamp", "Everyday to try, made to last"),
        ("Odd", "Quick to try, gets used up in about 30 days"),
    ], "no variations"
    assert "2 products" in page
    assert "/products" in shop.get("/settings")[1]


@pytest.mark.parametrize(
    ("asked", "found"), [("BEA", ["Beans"]), ("a", ["Beans", "Dark", "Lamp"]), ("%", [])]
)
def test_products_are_found_by_a_part_of_their_name(shop: Shop, asked: str, found: list[str]) -> None:
    page = shop.get(f"/products?q={asked.replace('%', '%25')}")[1]
    assert [name for name, _ in names(page)] == found
    assert ("No product is called that." in page) is (found == [])


def test_every_link_leads_to_its_product_or_type(shop: Shop) -> None:
    links = re.findall(r'class="row" href="[^"]*?(/products/one[^"]*?)"', shop.get("/products")[1])
    assert len(links) == 7
    for link in links:
        assert shop.get(link.replace("&amp;", "&"))[0] == 200, link


def test_what_is_said_is_kept_shown_and_counts_for_orders_from_then_on(shop: Shop) -> None:
    status, page = shop.save("category", "coffee", consumable="yes", lasts_days="90", timing="long")
    assert (status, "Saved." in page) == (200, True)
    assert "Long to try, gets used up in about 90 days" in shop.one()[1], "the product follows its type"
    seen = re.findall(r'name="seen" value="([^"]*)"', shop.one()[1])[0]
    shop.save(seen=seen, lasts_days="20", pack="0,5", timing="fast", durable="yes", digital="no")
    row = shop.words()["product:beans"]
    assert (row.timing, row.consumable, row.durable, row.digital) == ("fast", None, True, False)
    assert (row.lasts_days, row.pack) == (20, 50)
    page = shop.one()[1]
    assert 'value="0.5"' in page and 'value="fast" selected' in page
    assert "Said by you" in shop.get("/products?q=beans")[1]
    shop.open_flows()
    shop.read(orders=(bought(7, "ada", 0, "beans", since=START), bought(8, "bo", 0, "dark", since=START)))
    rows = shop.sql("SELECT order_id, at - :at AS after, source FROM estimates ORDER BY order_id", at=START)
    assert [(row.order_id, row.after.days, row.source) for row in rows] == [
        ("7", 25, "merchant"),
        ("8", 95, "merchant"),
    ]


def test_a_change_is_told_and_the_guess_comes_back(shop: Shop) -> None:
    shop.save(consumable="no")
    seen = shop.words()["product:beans"].changed_at.isoformat()
    status, page = shop.save(seen=seen)
    assert status == 200
    assert "gets used up in about 30 days" in page
    told = [
        row.words for row in shop.sql("SELECT words FROM admin_changes WHERE area = 'products' ORDER BY id")
    ]
    assert told == ["Beans: not: gets used up.", "Beans: guessed again."]
    assert "Guessed" in shop.get("/products?q=beans")[1]


def test_nothing_is_changed_where_it_was_so_already(shop: Shop) -> None:
    shop.save(lasts_days="20")
    assert "Nothing was changed." in shop.save(lasts_days="20")[1]
    assert len(shop.sql("SELECT FROM admin_changes WHERE area = 'products'")) == 1


def test_what_somebody_saved_meanwhile_is_not_written_over(shop: Shop) -> None:
    shop.save(lasts_days="20")
    status, page = shop.save(lasts_days="30")
    assert (status, 'value="30"' in page, "Somebody saved this meanwhile" in page) == (409, True, True)
    assert shop.words()["product:beans"].lasts_days == 20
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    assert shop.save(seen=seen, lasts_days="30")[0] == 200
    assert shop.words()["product:beans"].lasts_days == 30


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("timing", "soon"),
        ("consumable", "maybe"),
        ("digital", "1"),
        *(("lasts_days", days) for days in ("0", "731", "-3", "1.5", "ten", "٣", "99999999999")),
        *(("pack", pack) for pack in ("0", "-1", "1001", "NaN", "inf", "five", "1e9", "0.001")),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(shop: Shop, name: str, written: str) -> None:
    status, page = shop.save(**{name: written})
    assert (status, f'id="{name}-error"' in page) == (422, True)
    assert shop.words() == {}


def test_what_does_not_get_used_up_has_no_days(shop: Shop) -> None:
    assert shop.save(consumable="no", lasts_days="20")[0] == 422


@pytest.mark.parametrize(
    ("scope", "key"), [("product", "nothing"), ("category", "nothing"), ("shop", "beans"), ("", "")]
)
def test_what_is_not_there_is_not_found(shop: Shop, scope: str, key: str) -> None:
    assert shop.one(scope, key)[0] == 404
    assert shop.save(scope, key, lasts_days="9")[0] == 404


def test_another_shop_s_products_are_not_there(site: Site, shop: Shop) -> None:
    other = Shop(site, platform=Platform.SHOPIFY)
    assert other.one()[0] == 404
    assert other.save(lasts_days="9")[0] == 404
    assert "Beans" not in other.get("/products")[1]
