"""A shopper and a merchant with a browser without scripts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from sandbox.clock import Clock
from tests.sandbox.woocommerce.running import Store


def _page(store: Store, path: str) -> str:
    answer = store.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.text


def _buttons(page: str, number: str) -> list[str]:
    """What the merchant bar offers for one order."""
    forms = re.findall(r'<form method="post" action="/merchant".*?</form>', page, re.DOTALL)
    (form,) = [one for one in forms if f"<strong>{number}</strong>" in one]
    return re.findall(r'name="do" value="([^"]+)"', form)


def _press(store: Store, number: str, what: str, referer: str = "") -> Any:
    data = {"order": number, "do": what}
    return store.call(
        "POST", "/merchant", data=data, headers={"Referer": referer or f"{store.address}/account"}
    )


def test_the_window_shows_every_product_once_with_its_price(quiet_store: Store) -> None:
    page = _page(quiet_store, "/")
    slugs = re.findall(r'class="card" href="/product/([^"]+)"', page)
    assert len(slugs) == len(set(slugs)) == 6
    assert "from €49.00" in page
    assert "€749.00" in page


def test_every_product_lies_in_one_part_of_the_shop(quiet_store: Store) -> None:
    window = _page(quiet_store, "/")
    parts = set(re.findall(r'href="(/category/[^"]+)"', window))
    assert len(parts) == 2
    card = r'class="card" href="/product/([^"]+)"'
    found = re.findall(card, "".join(_page(quiet_store, part) for part in parts))
    assert sorted(found) == sorted(re.findall(card, window))
    assert quiet_store.call("GET", "/category/nothing").status_code == 404


def test_a_product_page_offers_its_variants_and_a_picture_that_is_there(quiet_store: Store) -> None:
    page = _page(quiet_store, "/product/linen-lampshade")
    assert re.findall(r'type="radio" name="sku" value="([^"]+)"', page) == ["LK-SHADE-30", "LK-SHADE-40"]
    (picture,) = re.findall(r'<img class="large" src="([^"]+)"', page)
    assert quiet_store.call("GET", picture.removeprefix(quiet_store.address)).status_code == 200
    assert quiet_store.call("GET", "/product/nothing").status_code == 404


def test_the_widgets_are_asked_for_by_the_parents_id(quiet_store: Store) -> None:
    page = _page(quiet_store, "/product/linen-lampshade")
    parent = next(one for one in quiet_store.read("products") if one["slug"] == "linen-lampshade")
    widgets = re.findall(r'<doorstep-(stars|reviews) product="(\d+)" base="/apps/doorstep">', page)
    assert widgets == [("stars", str(parent["id"])), ("reviews", str(parent["id"]))]
    assert f'<script defer src="{quiet_store.settings.app_address}/static/widgets/reviews.js">' in page


def test_every_picture_of_the_window_is_there(quiet_store: Store) -> None:
    for address in re.findall(r'<img src="([^"]+)"', _page(quiet_store, "/")):
        answer = quiet_store.call("GET", address.removeprefix(quiet_store.address))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png"), address


def test_what_a_page_says_is_text_only(quiet_store: Store) -> None:
    assert "<i>hello" not in _page(quiet_store, "/?said=<i>hello</i>")


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
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/account")
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
