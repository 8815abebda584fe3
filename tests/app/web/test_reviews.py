"""The review page: what a star leads to, what sending stores, and what may not be sent."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import text as sql

from app.services.switches import switch_on
from flows.commerce import LineQuantity, OrderLine, Platform, Refund
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, link, put, send, shop_of


def page(site: Site, **query: str) -> str:
    answer = site.client.get(link(site, "review", 1, "13"), query_string=query)
    assert answer.status_code == 200
    return answer.text


def stored(site: Site) -> list[Any]:
    return site.rows("SELECT * FROM reviews ORDER BY product_id")


def checked(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = re.findall(r'name="(stars-\d)" value="(\d)" checked', text)
    return found


def test_the_tapped_star_is_filled_in_for_its_product(site: Site) -> None:
    bought(site)
    text = page(site, product="p2", stars="4")
    assert checked(text) == [("stars-0", "4")], "its product comes first"
    assert text.index("Bulb") < text.index("Lampshade")
    assert "4 of 5, Good: taken from your mail." in text
    assert checked(page(site)) == []


@pytest.mark.parametrize(
    "query",
    [
        {"product": "p9", "stars": "5"},
        {"product": "p1", "stars": "6"},
        {"product": "p1", "stars": "0"},
        {"product": "p1", "stars": "⁵"},
        {"product": "<script>", "stars": "NaN"},
    ],
)
def test_a_star_that_cannot_be_fills_in_nothing(site: Site, query: dict[str, str]) -> None:
    bought(site)
    text = page(site, **query)
    assert checked(text) == [] and "<script>" not in text


def test_looking_stores_nothing(site: Site) -> None:
    bought(site)
    for _ in range(3):
        page(site, product="p1", stars="5")
        page(site, sent="1")
    assert stored(site) == []
    assert site.rows("SELECT * FROM events WHERE kind = 'ReviewSubmitted'") == []


def test_sending_stores_what_has_a_star(site: Site) -> None:
    bought(site)
    answer = send(
        site,
        product_0="p1",
        stars_0="4",
        title_0=" Warm  light ",
        body_0="Even.\r\nCalm.\x00",
        product_1="p2",
        body_1="No star",
        name="Mia B.",
    )
    assert answer.status_code == 303
    (row,) = stored(site)
    assert (row.product_id, row.stars, row.title, row.body) == ("p1", 4, "Warm light", "Even.\nCalm.")
    assert (row.state, row.verified, row.name, row.message_id, row.language) == (
        "held",
        True,
        "Mia B.",
        1,
        "en",
    )
    assert row.address_hash == site.runtime.keys.address_hash(row.shop_id, "mia@example.com")
    thanks = site.client.get(answer.headers["Location"]).text
    assert "Thank you. Your review is in." in thanks and "Warm light" in thanks
    assert "Waits for the shop" in thanks and "Bulb" not in thanks


def test_sending_ends_the_journey(site: Site) -> None:
    shop = shop_of(site, Platform.WOOCOMMERCE)
    with site.runtime.database.shops(shop) as session:
        session.execute(sql("UPDATE shops SET connected_at = '2020-01-01Z' WHERE id = :id"), {"id": shop})
        at = session.execute(sql("SELECT connected_at FROM shops WHERE id = :id"), {"id": shop}).scalar_one()
        switch_on(session, shop, "review_request", at)
    bought(site)
    journeys = "SELECT status, end_reason FROM journeys WHERE flow_key = 'review_request'"
    assert [row.status for row in site.rows(journeys)] == ["active"]
    send(site, product_0="p1", stars_0="1")
    assert [tuple(row) for row in site.rows(journeys)] == [("ended", "ReviewSubmitted")]


def test_sent_twice_it_is_stored_once(site: Site) -> None:
    bought(site)
    for _ in range(2):
        assert send(site, product_0="p1", stars_0="4", name="Mia").status_code == 303
    assert len(stored(site)) == 1
    assert len(site.rows("SELECT * FROM events WHERE kind = 'ReviewSubmitted'")) == 1


def test_what_was_sent_is_filled_in_again(site: Site) -> None:
    bought(site)
    send(site, product_0="p1", stars_0="2", title_0="So so", body_0="Hm", name="M.")
    text = page(site)
    assert checked(text) == [("stars-0", "2")] and "You reviewed it on" in text
    assert 'value="So so"' in text and "Hm</textarea>" in text and 'value="M."' in text
    assert checked(page(site, product="p1", stars="5")) == [("stars-0", "5")]
    assert stored(site)[0].stars == 2


def test_without_a_star_nothing_is_sent_and_everything_kept(site: Site) -> None:
    bought(site)
    answer = send(site, product_0="p1", body_0="Words <b>", name="M.")
    assert (answer.status_code, stored(site)) == (422, [])
    assert "Choose at least one star." in answer.text and "Words &lt;b&gt;</textarea>" in answer.text


def test_a_text_that_is_too_long_is_kept_and_told(site: Site) -> None:
    bought(site)
    fields = {"product_0": "p1", "stars_0": "5", "name": "M."}
    answer = send(site, **fields, body_0="x" * 10_000)
    assert (answer.status_code, stored(site)) == (422, [])
    assert "5,000 characters too many" in answer.text and "x" * 10_000 in answer.text
    assert checked(answer.text) == [("stars-0", "5")]
    assert send(site, **fields, body_0="x" * 5_000, title_0="t" * 121).status_code == 422
    assert send(site, **fields, body_0="x" * 5_000, title_0="t" * 120).status_code == 303


@pytest.mark.parametrize("product", ["p9", "", "p1'; --"])
def test_what_was_not_bought_is_refused(site: Site, product: str) -> None:
    bought(site)
    assert send(site, product_0=product, stars_0="5").status_code == 400
    assert stored(site) == []


def test_what_was_given_back_is_not_reviewed(site: Site) -> None:
    now = site.runtime.clock.now()
    bought(site, refunds=(Refund("r1", "13", now, 3270, (LineQuantity("l2", 1),)),))
    assert "Bulb" not in page(site)
    assert send(site, product_0="p2", stars_0="5").status_code == 400
    put(
        site,
        Platform.WOOCOMMERCE,
        refunds=(Refund("r2", "13", now, 5000, (LineQuantity("l1", 2),)),),
    )
    assert "There is nothing left in this order to review." in page(site)


def test_somebody_else_s_order_is_not_there(site: Site) -> None:
    bought(site, Platform.SHOPIFY)
    assert send(site, product_0="p1", stars_0="5").status_code == 404
    assert send(site, "99", product_0="p1", stars_0="5").status_code == 404
    token = site.runtime.keys.sign("tracking", [site.shopify.shop_id, 1, "13"])
    assert site.client.post(f"/r/{token}").status_code == 404
    assert stored(site) == []


def test_an_uninstalled_shop_takes_no_reviews(site: Site) -> None:
    bought(site)
    with site.runtime.database.nobody() as session:
        session.execute(sql("UPDATE shops SET state = 'uninstalled'"))
    assert send(site, product_0="p1", stars_0="5").status_code == 404


def test_at_most_twenty_products_are_shown(site: Site) -> None:
    lines = tuple(OrderLine(f"l{n}", f"Thing {n}", 1, 100, product_id=f"q{n}") for n in range(60))
    bought(site, lines=lines)
    text = page(site, product="q55", stars="3")
    assert text.count("<fieldset>") == 20 and checked(text) == [("stars-0", "3")]


def test_everybody_may_write_to_the_shop_as_well(site: Site) -> None:
    """Whatever the stars are, the page is the same but for the star itself."""
    bought(site)

    def told(text: str) -> str:
        return re.sub(r"nonce(-|=\")\w+| checked|\d of 5, [\w ]+: taken", "", text)

    pages = {told(page(site, product="p1", stars=str(n))) for n in range(1, 6)}
    assert len(pages) == 1
    with site.runtime.database.nobody() as session:
        session.execute(sql("UPDATE shops SET email = 'help@larkhus.example'"))
    assert "Is something wrong with it?" in page(site, product="p1", stars="5")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>\"'",
        "\u202eevil",
        "a\x00b",
        "{{7*7}}{%x%}",
        "\ud83d",
        "'; DROP TABLE reviews; --",
    ],
)
def test_hostile_words_are_only_words(site: Site, hostile: str) -> None:
    bought(site)
    raw = hostile.encode("utf-8", "surrogatepass")
    data = {"product-0": "p1", "stars-0": "5", "title-0": raw, "body-0": raw, "name": raw}
    assert site.client.post(link(site, "review", 1, "13"), data=data).status_code == 303
    for text in (page(site), page(site, sent="1")):
        assert "<script>alert" not in text and "\u202e" not in text and "\x00" not in text
        assert (
            "49"
            not in html.unescape(re.sub(r"<style.*?</style>", "", text, flags=re.S)).split("Lampshade")[-1]
        )
