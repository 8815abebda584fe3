"""The public list of reviews: page by page, cheap to ask for, and deaf to nonsense."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text as sql

from app.services.switches import switch_off, switch_on
from app.services.verdicts import publish
from flows.commerce import Platform
from tests.app.desk import an_order
from tests.app.services.statements import counted
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, put, send, shop_of

LIST = "/s/larkhus.example/reviews.json?product=p1"


def published(site: Site, count: int) -> None:
    for n in range(count):
        order = str(100 + n)
        put(site, Platform.WOOCOMMERCE, orders=(an_order_of(site, order),))
        stars = str(n % 5 + 1)
        assert send(site, order, product_0="p1", stars_0=stars, body_0=f"No {n}", name="").status_code == 303
    with site.runtime.database.shops(shop_of(site, Platform.WOOCOMMERCE)) as session:
        ids = [row.id for row in session.execute(sql("SELECT id FROM reviews"))]
        now = site.runtime.clock.now()
        publish(session, shop_of(site, Platform.WOOCOMMERCE), ids, "Ada", now, now)


def an_order_of(site: Site, number: str) -> Any:
    return an_order(id=number, number=number, at=site.runtime.clock.now())


def test_the_list_is_public_page_by_page(site: Site) -> None:
    published(site, 23)
    bought(site)
    send(site, product_0="p1", stars_0="1", body_0="Held")
    first = site.client.get(LIST)
    told = first.get_json()
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (told["count"], sum(told["distribution"].values())) == (23, 23)
    seen, after = [row["body"] for row in told["reviews"]], told["next"]
    while after:
        more = site.client.get(f"{LIST}&page={after}").get_json()
        seen, after = seen + [row["body"] for row in more["reviews"]], more["next"]
    assert seen == [f"No {n}" for n in reversed(range(23))]
    fours = site.client.get(f"{LIST}&stars=4").get_json()
    assert {row["stars"] for row in fours["reviews"]} == {4} and fours["count"] == 23
    assert told["reviews"][0]["name"] == "A buyer" and told["reviews"][0]["verified"] is True
    assert set(told["reviews"][0]) == {
        "id", "stars", "title", "body", "name", "language", "verified", "date", "day",
    }  # fmt: skip


def test_the_list_is_asked_for_again_cheaply(site: Site) -> None:
    published(site, 2)
    tag = site.client.get(LIST).headers["ETag"]
    again = site.client.get(LIST, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_whether_buyers_are_asked_is_told_as_it_is(site: Site) -> None:
    """The widget says that everybody is asked, and only while this is so."""
    shop, now = shop_of(site, Platform.WOOCOMMERCE), site.runtime.clock.now()
    published(site, 1)
    told = []
    for turn in (None, switch_on, switch_off):
        if turn:
            with site.runtime.database.shops(shop) as session:
                turn(session, shop, "review_request", now)
        answer = site.client.get(LIST)
        told.append((answer.get_json()["asked"], answer.headers["ETag"]))
    assert [asked for asked, _ in told] == [False, True, False]
    assert told[0][1] == told[2][1] != told[1][1], "an answer that is kept is asked for anew"


def test_the_list_costs_the_same_however_long(site: Site) -> None:
    counts = []
    for size in (0, 3, 12):
        published(site, size)
        with counted(site.runtime.database) as seen:
            site.client.get(LIST)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_the_list_speaks_the_page_s_language(site: Site) -> None:
    published(site, 1)
    told = site.client.get(f"{LIST}&lang=de").get_json()["reviews"][0]
    assert told["name"] == "Ohne Namen" and "." in told["day"]


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=99999999999999999-9",
        "page=1-1-1",
        "page=0-999999999999999999",
        "stars=9",
        "stars=x",
        "product=%00",
        "product=%ff",
        "lang=%00",
        "lang=../../etc",
    ],
)
def test_nonsense_is_asked_for_in_vain(site: Site, query: str) -> None:
    published(site, 1)
    assert site.client.get(f"/s/larkhus.example/reviews.json?{query}").status_code == 200


def test_an_unknown_shop_has_no_list(site: Site) -> None:
    answer = site.client.get("/s/nobody.example/reviews.json?product=p1")
    assert answer.status_code == 404 and answer.is_json
