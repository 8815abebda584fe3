"""Whole pages of a shop with the plugin in it: what is shown is shown once, and what is needed is loaded."""

from __future__ import annotations

import json
import re

import pytest

from tests.plugin.front_shop import FrontShop, StandIn

PARCEL = {
    "status": "processing",
    "ways": ["flat_rate"],
    "order_key": "wc_order_abc",
    "customer_id": 2,
    "created": 1,
}
LINK = re.compile(r'href="(https://shop\.example/apps/doorstep/o/\d+/[0-9a-f]{32})"')


@pytest.fixture
def shop(served: FrontShop, app: StandIn) -> FrontShop:
    app.asked.clear()
    served.connect()
    served.options(test_pages={})
    return served


def page(shop: FrontShop, content: str, **more: object) -> str:
    shop.options(test_pages={"here": {"ID": 5, "post_content": content, **more}})
    answer = shop.get("/here/")
    assert answer.status == 200
    return answer.text


def order(shop: FrontShop, number: int, **more: object) -> None:
    told = json.dumps({"id": number, "data": {**PARCEL, **more}}).encode()
    assert shop.ask("POST", "/test/order", told).status == 200


def test_after_a_purchase_the_link_is_there_once(shop: FrontShop) -> None:
    """The hook of the purchase, the one of the details and the row of actions all stand in this page."""
    order(shop, 41, customer_id=0)
    text = shop.get("/checkout/order-received/41/?key=wc_order_abc").text
    assert len(LINK.findall(text)) == text.count("Track") == 1
    assert "Track" not in shop.get("/checkout/order-received/41/?key=wc_order_abd").text
    assert "Track" not in shop.get("/checkout/order-received/41/?key[]=wc_order_abc").text


def test_on_the_page_of_an_order_the_link_is_there_once(shop: FrontShop) -> None:
    order(shop, 42)
    text = shop.get("/my-account/view-order/42/", Cookie=shop.cookie_of(2)).text
    assert len(LINK.findall(text)) == text.count("Track your order") == 1
    assert "Track your" not in shop.get("/my-account/view-order/42/", Cookie=shop.cookie_of(3)).text


def test_my_account_has_a_tab_with_the_orders(shop: FrontShop) -> None:
    order(shop, 43, created=5)
    cookie = shop.cookie_of(2)
    text = shop.get("/my-account/track-orders/", Cookie=cookie).text
    assert "<h1>Track orders</h1>" in text
    assert 'href="https://shop.example/my-account/track-orders/"' in text
    links = LINK.findall(text)
    assert any("/o/43/" in link for link in links)
    listed = shop.get("/my-account/orders/", Cookie=cookie).text
    assert set(links) == set(LINK.findall(listed))


def test_the_link_leads_to_doorstep_with_its_proof(shop: FrontShop, app: StandIn) -> None:
    order(shop, 44, customer_id=0)
    link = LINK.findall(shop.get("/checkout/order-received/44/?key=wc_order_abc").text)[0]
    app.says(302, "", {"Location": "/apps/doorstep/t/abc"})
    answer = shop.get(link.removeprefix("https://shop.example"))
    assert (answer.status, answer.header("Location")) == (302, "/apps/doorstep/t/abc")
    assert app.last.path == "/proxy/woocommerce" + link.removeprefix("https://shop.example/apps/doorstep")


def test_scripts_are_loaded_where_they_are_needed(shop: FrontShop) -> None:
    assert "doorstep" not in page(shop, "Just a page")
    form = page(shop, "[doorstep_tracking]")
    assert "<script" not in form
    assert form.count("front.css?ver=1.0.0") == 1
    stars = page(shop, '<!-- wp:doorstep/stars {"product":7} /-->')
    assert re.findall(r'<script src="([^"]*)"[^>]* defer ', stars) == [
        "https://app.example/static/widgets/stars.js?ver=1.0.0"
    ]
    both = page(shop, '[doorstep_reviews product="7"]')
    assert re.findall(r'<script src="[^"]*/(\w+)\.js', both) == ["stars", "reviews"]
    shop.connect(script=False)
    assert "<script" not in page(shop, '[doorstep_reviews product="7"][doorstep_stars product="7"]')


def test_without_a_connection_a_shop_is_as_it_was(shop: FrontShop, app: StandIn) -> None:
    order(shop, 45)
    shop.options(doorstep_state=None)
    cookie = shop.cookie_of(2)
    account = ("", "orders/", "view-order/45/", "track-orders/")
    paths = (*(f"/my-account/{path}" for path in account), "/checkout/order-received/45/?key=wc_order_abc")
    texts = [shop.get(path, Cookie=cookie).text for path in paths]
    blocks = '[doorstep_tracking][doorstep_reviews product="7"]<!-- wp:doorstep/stars {"product":7} /-->'
    for text in (page(shop, blocks), *texts):
        assert "doorstep" not in text.lower()
        assert "track your" not in text.lower()
    assert app.asked == []
