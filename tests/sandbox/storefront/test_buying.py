"""Basket, checkout, thank-you page and account, as a shopper goes through them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tests.sandbox.storefront.visiting import FORM, Visitor
from tests.sandbox.woocommerce.running import Store


@pytest.fixture
def visitor(store: Store) -> Visitor:
    return Visitor(store)


@pytest.fixture
def quiet_visitor(quiet_store: Store) -> Visitor:
    """With two pieces in the basket."""
    visitor = Visitor(quiet_store)
    visitor.post("/basket", sku="LK-SHADE-40", quantity="2")
    return visitor


def _newest(store: Store) -> Any:
    return store.read(f"orders/{store.get('/sandbox/orders')[0]['number']}")


def _meta(order: Any) -> dict[str, Any]:
    return {entry["key"]: entry["value"] for entry in order["meta_data"]}


def test_a_basket_holds_several_products_and_adds_up(visitor: Visitor) -> None:
    visitor.post("/basket", sku="LK-SHADE-40", quantity="1")
    answer = visitor.post("/basket", sku="LK-CANDLE-6", quantity="2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/basket")
    visitor.post("/basket", sku="LK-CANDLE-6", quantity="1")
    page = visitor.get("/basket").text
    assert "€122.00" in page  # 65 + 3 x 19
    assert "<dt>Shipping</dt><dd>Free</dd>" in page
    visitor.post("/basket/change", sku="LK-SHADE-40", quantity="1", remove="1")
    visitor.post("/basket/change", sku="LK-CANDLE-6", quantity="2")
    page = visitor.get("/basket").text
    assert "Alder Linen Lampshade" not in page
    assert "<dd>€42.90</dd>" in page  # 2 x 19 and 4.90 for the parcel


def test_buying_now_leads_to_the_checkout_at_once(visitor: Visitor) -> None:
    answer = visitor.post("/basket", sku="LK-ORBIT", quantity="1", then="checkout")
    assert answer.headers["Location"] == "/checkout"
    assert "Orbit Table Lamp" in visitor.get("/checkout").text


@pytest.mark.parametrize("quantity", ["0", "100", "-1", "1.5", "٣", ""])
def test_odd_numbers_of_pieces_are_refused(quiet_store: Store, quantity: str) -> None:
    visitor = Visitor(quiet_store)
    assert visitor.post("/basket", sku="LK-ORBIT", quantity=quantity).status_code == 400
    assert visitor.post("/basket", sku="X", quantity="1").status_code == 404
    assert visitor.cookies == {}


def test_a_basket_from_elsewhere_is_read_with_care(quiet_store: Store) -> None:
    visitor = Visitor(quiet_store, {"basket_larkhus": "LK-ORBIT*999|NOTHING*1|LK-CANDLE-6*2|*|x"})
    chosen = re.findall(r'<input type="hidden" name="sku" value="([^"]+)"', visitor.get("/basket").text)
    assert chosen == ["LK-CANDLE-6"]


def test_an_empty_basket_cannot_be_checked_out(quiet_store: Store) -> None:
    answer = Visitor(quiet_store).get("/checkout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/basket")


def test_the_checkout_orders_what_was_typed(store: Store, visitor: Visitor) -> None:
    visitor.post("/basket", sku="LK-SHADE-40", quantity="2")
    answer = visitor.check_out(consent="1", gift_note="With love", discount_code="welcome10")
    assert answer.status_code == 303, answer.text
    page = visitor.get(answer.headers["Location"]).text
    (number,) = re.findall(r"Order (\d+)</p>", page)
    assert "ida@example.com" in page
    order = store.read(f"orders/{number}")
    assert (order["line_items"][0]["sku"], order["line_items"][0]["quantity"]) == ("LK-SHADE-40", 2)
    sent_to = order["shipping"]
    assert (sent_to["first_name"], sent_to["last_name"]) == ("Ida", "van Dam")
    assert (sent_to["address_1"], sent_to["postcode"], sent_to["city"]) == ("Lindenweg 3", "14467", "Potsdam")
    assert (_meta(order)["_gift_message"], _meta(order)["_wc_other/larkhus/news"]) == ("With love", "1")
    assert [line["code"] for line in order["coupon_lines"]] == ["welcome10"]
    assert f"<dd>€{order['total']}</dd>" in page
    assert "Nothing is in it yet" in visitor.get("/basket").text


def test_without_the_tick_there_is_no_consent(store: Store, visitor: Visitor) -> None:
    visitor.post("/basket", sku="LK-CANDLE-6", quantity="1")
    visitor.check_out()
    meta = _meta(_newest(store))
    assert meta["_wc_other/larkhus/news"] == "0"
    assert "_gift_message" not in meta


def test_a_transfer_waits_for_the_money(store: Store, visitor: Visitor) -> None:
    visitor.post("/basket", sku="LK-CANDLE-6", quantity="1")
    page = visitor.get(visitor.check_out(payment="bank_transfer").headers["Location"]).text
    assert _newest(store)["status"] == "on-hold"
    assert "Waiting for your payment" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "nobody"), ("email", "a b@example.com"), ("first_name", " "), ("last_name", ""),
        ("street", ""), ("postcode", ""), ("city", ""), ("discount_code", "none"), ("payment", "gold"),
        ("gift_note", "x" * 1001),
    ],
)  # fmt: skip
def test_an_error_keeps_everything_and_stands_at_its_field(
    quiet_store: Store, quiet_visitor: Visitor, name: str, value: str
) -> None:
    before = len(quiet_store.get("/sandbox/orders"))
    given = {"consent": "1", "gift_note": "For you & <yours>", name: value}
    answer = quiet_visitor.check_out(**given)
    assert answer.status_code == 400
    page = answer.text
    assert "Not ordered yet." in page
    assert f'id="{name}-problem"' in page
    assert len(re.findall('class="error"', page)) == 1
    for field, kept in (FORM | given).items():
        if field in ("consent", "payment", "state", "gift_note"):
            continue
        (shown,) = re.findall(rf'id="{field}" name="{field}"[^>]* value="([^"]*)"', page)
        assert unescape(shown) == kept
    (note,) = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert unescape(note) == given["gift_note"]
    assert 'name="consent" value="1" checked' in page
    assert len(quiet_store.get("/sandbox/orders")) == before
    assert "Alder Linen Lampshade" in quiet_visitor.get("/basket").text, "the basket is kept"


def test_the_first_wrong_field_has_the_focus(quiet_visitor: Visitor) -> None:
    page = quiet_visitor.check_out(street="", email="x").text
    assert re.findall(r'id="(\w+)"[^>]* autofocus', page) == ["email"]


def test_names_are_text_only(store: Store, visitor: Visitor) -> None:
    visitor.post("/basket", sku="LK-CANDLE-6", quantity="1")
    placed = visitor.check_out(first_name="<b>Eve</b>", email='"><script>@example.com')
    for page in (visitor.get(placed.headers["Location"]).text, visitor.get("/account").text):
        assert "<script>@" not in page
        assert "<b>Eve" not in page
        assert "&lt;script&gt;@" in page


def test_the_account_shows_own_orders_with_a_way_to_track_them(store: Store, visitor: Visitor) -> None:
    theirs = store.order(email="somebody@example.com")["number"]
    visitor.post("/basket", sku="LK-CANDLE-6", quantity="1")
    visitor.check_out()
    mine = store.get("/sandbox/orders")[0]["number"]
    page = visitor.get("/account").text
    assert re.findall(r'href="/account/orders/(\d+)">Order', page) == [mine]
    (form,) = re.findall(r'<form method="post" action="/apps/doorstep/track">(.*?)</form>', page, re.DOTALL)
    fields = re.findall(r'name="(\w+)" value="([^"]+)"', form)
    assert fields == [("number", mine), ("proof", "ida@example.com")]
    assert f"Order {mine}" in visitor.get(f"/account/orders/{mine}").text
    assert visitor.get(f"/account/orders/{theirs}").status_code == 404
    visitor.post("/account/leave")
    assert visitor.get(f"/account/orders/{mine}").status_code == 404
    assert "Log in" in visitor.get("/account").text


def test_logging_in_takes_an_address(quiet_store: Store) -> None:
    visitor = Visitor(quiet_store)
    assert visitor.post("/account", email="nobody").status_code == 400
    assert visitor.post("/account", email="Priya.Nair@example.com").status_code == 303
    assert visitor.get("/account").text.count("Details<") == 2
