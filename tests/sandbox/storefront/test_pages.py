"""A shopper and a merchant with a browser without scripts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from sandbox.clock import Clock
from tests.sandbox.woocommerce.running import Store

BUYER = {"sku": "LK-SHADE-40", "quantity": "2", "name": "Ida van Dam", "email": "ida@example.com"}


def _page(store: Store, path: str) -> str:
    answer = store.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.text


def _buy(store: Store, **changed: str) -> Any:
    return store.call("POST", "/product/linen-lampshade", data=BUYER | changed)


def _buttons(page: str, number: str) -> list[str]:
    """What the merchant bar offers for one order."""
    forms = re.findall(r'<form method="post" action="/merchant".*?</form>', page, re.DOTALL)
    (form,) = [one for one in forms if f"<strong>{number}</strong>" in one]
    return re.findall(r'name="do" value="([^"]+)"', form)


def _press(store: Store, number: str, what: str, referer: str = "") -> Any:
    data = {"order": number, "do": what}
    return store.call(
        "POST", "/merchant", data=data, headers={"Referer": referer or f"{store.address}/orders"}
    )


def test_the_window_shows_every_product_once_with_its_price(quiet_store: Store) -> None:
    page = _page(quiet_store, "/")
    slugs = re.findall(r'class="card" href="/product/([^"]+)"', page)
    assert len(slugs) == len(set(slugs)) == 6
    assert "from €49.00" in page
    assert "€749.00" in page


def test_a_product_page_offers_its_variants_and_a_picture_that_is_there(quiet_store: Store) -> None:
    page = _page(quiet_store, "/product/linen-lampshade")
    assert re.findall(r'type="radio" name="sku" value="([^"]+)"', page) == ["LK-SHADE-30", "LK-SHADE-40"]
    (picture,) = re.findall(r'<img class="large" src="([^"]+)"', page)
    assert quiet_store.call("GET", picture.removeprefix(quiet_store.address)).status_code == 200
    assert quiet_store.call("GET", "/product/nothing").status_code == 404


def test_buying_ends_on_a_page_with_the_number(store: Store) -> None:
    answer = _buy(store, consent="1", gift_note="With love", discount_code="welcome10")
    assert answer.status_code == 303
    page = _page(store, answer.headers["Location"])
    (number,) = re.findall(r"Order (\d+)</p>", page)
    assert "ida@example.com" in page
    order = store.read(f"orders/{number}")
    assert (order["line_items"][0]["sku"], order["line_items"][0]["quantity"]) == ("LK-SHADE-40", 2)
    assert (order["billing"]["first_name"], order["billing"]["last_name"]) == ("Ida", "van Dam")
    kept = {entry["key"]: entry["value"] for entry in order["meta_data"]}
    assert (kept["_gift_message"], kept["_wc_other/larkhus/news"]) == ("With love", "1")
    assert [line["code"] for line in order["coupon_lines"]] == ["welcome10"]


def test_without_the_tick_there_is_no_consent(store: Store) -> None:
    _buy(store)
    number = store.get("/sandbox/orders")[0]["number"]
    kept = {entry["key"]: entry["value"] for entry in store.read(f"orders/{number}")["meta_data"]}
    assert kept["_wc_other/larkhus/news"] == "0"
    assert "_gift_message" not in kept


@pytest.mark.parametrize(
    "changed",
    [{"email": "nobody"}, {"quantity": "0"}, {"quantity": "100"}, {"quantity": "٣"}, {"sku": "X"},
     {"discount_code": "none"}, {"payment": "gold"}],
)  # fmt: skip
def test_what_cannot_be_bought_keeps_what_was_typed(quiet_store: Store, changed: dict[str, str]) -> None:
    before = len(quiet_store.get("/sandbox/orders"))
    answer = _buy(quiet_store, **changed)
    assert answer.status_code == 400
    assert "Not ordered yet." in answer.text
    assert 'value="Ida van Dam"' in answer.text
    assert len(quiet_store.get("/sandbox/orders")) == before


def test_names_are_text_only(store: Store) -> None:
    _buy(store, name="<b>Eve</b>", email='"><script>@example.com')
    page = _page(store, "/orders?said=<i>hello</i>")
    assert "<script>@" not in page
    assert "&lt;script&gt;@" in page
    assert "<i>hello" not in page


def test_the_bar_offers_what_makes_sense_now(store: Store) -> None:
    number = store.order("LK-SHADE-30", "LK-CANDLE-6", payment="bank_transfer")["number"]
    first = _buttons(_page(store, "/"), number)
    assert {"pay", "ship", "cancel", "refund", "trash"} <= set(first)
    assert not {"deliver", "delay", "restore"} & set(first)
    assert len([one for one in first if one.startswith("ship:")]) == 2
    _press(store, number, "pay")
    _press(store, number, first[-2])
    page = _buttons(_page(store, "/"), number)
    assert {"deliver", "delay"} <= set(page)
    assert "pay" not in page
    _press(store, number, "trash")
    assert _buttons(_page(store, "/"), number) == ["restore"]


def test_one_line_is_shipped_and_the_other_refunded(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    shade, candles = order["line_ids"]
    answer = _press(store, order["number"], f"ship:{shade}")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/orders")
    _press(store, order["number"], f"refund:{candles}")
    after = store.get(f"/sandbox/orders/{order['id']}")
    assert [(line["shipped"], line["refunded"]) for line in after["lines"]] == [(1, 0), (0, 1)]


def test_what_the_store_refuses_is_said_in_its_words(store: Store) -> None:
    number = store.order()["number"]
    answer = _press(store, number, "deliver")
    page = _page(store, answer.headers["Location"].split("#")[0])
    assert "Not done: nothing has been shipped yet" in unescape(page)
    delayed = _press(store, number, "delay")
    assert "knows+no+delay" in delayed.headers["Location"]


def test_a_press_never_leads_to_another_site(store: Store) -> None:
    number = store.order()["number"]
    answer = _press(store, number, "ship", referer="https://elsewhere.example//evil.example/x")
    assert answer.headers["Location"].startswith("/?")


def test_two_parcels_arrive_one_by_one(store: Store) -> None:
    order = store.order("LK-SHADE-30", "LK-CANDLE-6")
    for line in order["line_ids"]:
        _press(store, order["number"], f"ship:{line}")
    buttons = _buttons(_page(store, "/"), order["number"])
    parcels = [one for one in buttons if one.startswith("deliver:")]
    assert len(parcels) == 2
    for parcel in parcels:
        _press(store, order["number"], parcel)
    assert store.get(f"/sandbox/orders/{order['id']}")["status"] == "delivered"


def test_the_time_bar_shows_virtual_time_and_posts_to_the_app(store: Store) -> None:
    Clock(store.settings.clock_file).set_offset(86_400.0 * 400)
    page = _page(store, "/")
    year = Clock(store.settings.clock_file).now().year
    assert re.search(rf"<time>\w{{3}} \d+ \w{{3}} {year}, \d\d:\d\d UTC</time>", page)
    assert f'action="{store.settings.app_address}/dev/clock"' in page
    assert re.findall(r'name="advance" value="(\w+)"', page) == ["1h", "1d", "14d"]
    assert f'href="{store.settings.app_address}/dev/outbox"' in page


def test_the_style_sheet_is_served(quiet_store: Store) -> None:
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', _page(quiet_store, "/"))
    answer = quiet_store.call("GET", style)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
