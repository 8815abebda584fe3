"""Orders of more products than the review page shows: whichever a mail asks for can be reviewed."""

from __future__ import annotations

import re

from app.web.review_form import MOST_PRODUCTS
from flows.commerce import OrderLine
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, link

LAST = f"q{MOST_PRODUCTS + 4}"


def bought_many(site: Site) -> str:
    """The address of the review page."""
    lines = [OrderLine(f"l{n}", f"Thing {n}", 1, 100, product_id=f"q{n}") for n in range(MOST_PRODUCTS + 5)]
    bought(site, lines=tuple(lines))
    return link(site, "review", 1, "13")


def shown(page: str) -> list[str]:
    return re.findall(r'name="product-\d+" value="(\w+)"', page)


def test_what_is_shown_can_be_sent(site: Site) -> None:
    address = bought_many(site)
    page = site.client.get(address, query_string={"product": LAST, "stars": "4"}).text
    assert shown(page) == [LAST, *(f"q{n}" for n in range(MOST_PRODUCTS - 1))]
    form = {f"product-{place}": product for place, product in enumerate(shown(page))}
    sent = site.client.post(address, data={**form, "stars-0": "4", "stars-3": "2"})
    assert sent.status_code == 303
    stored = site.rows("SELECT product_id, stars FROM reviews ORDER BY stars")
    assert [tuple(row) for row in stored] == [("q2", 2), (LAST, 4)]
    thanks = site.client.get(sent.headers["Location"]).text
    assert f"Thing {LAST[1:]}" in thanks


def test_a_form_that_comes_back_shows_what_was_typed(site: Site) -> None:
    address = bought_many(site)
    page = site.client.get(address, query_string={"product": LAST, "stars": "4"}).text
    form = {f"product-{place}": product for place, product in enumerate(shown(page))}
    back = site.client.post(address, data={**form, "stars-0": "4", "body-0": "x" * 6_000})
    assert back.status_code == 422
    assert shown(back.text) == shown(page) and "x" * 6_000 in back.text


def test_places_that_the_page_never_has_are_not_read(site: Site) -> None:
    address = bought_many(site)
    sent = {f"product-{MOST_PRODUCTS}": "q1", f"stars-{MOST_PRODUCTS}": "5"}
    assert site.client.post(address, data=sent).status_code == 422
    assert site.rows("SELECT * FROM reviews") == []
