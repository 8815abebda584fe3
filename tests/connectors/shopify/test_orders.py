"""What an order's words mean for us."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Noun, Reading
from connectors.shopify.normalise import normalise
from flows.commerce import Order, OrderState, Shipped
from flows.events import EventKind, events_that_hold
from flows.picture import OrderPicture
from tests.connectors.shopify import one_order

LINE = {
    "id": 1,
    "title": "Mug",
    "price": "9.00",
    "quantity": 2,
    "current_quantity": 2,
    "requires_shipping": True,
}
BARE: dict[str, Any] = {
    "id": 5,
    "created_at": "2026-11-20T09:00:00Z",
    "updated_at": "2026-11-20T09:00:00Z",
    "currency": "USD",
    "total_price": "18.00",
    "financial_status": "paid",
    "line_items": [LINE],
    "refunds": [],
}


def _reading(**changed: Any) -> Reading:
    return normalise("orders/updated", {**BARE, **changed})


def _order(**changed: Any) -> Order:
    return _reading(**changed).orders[0]


@pytest.mark.parametrize(
    ("financial", "accepted", "paid", "refunded"),
    [
        ("authorized", True, False, False),
        ("pending", True, False, False),
        ("partially_paid", True, False, False),
        ("paid", True, True, False),
        ("partially_refunded", True, True, False),
        ("refunded", True, True, True),
        ("voided", False, False, False),
        ("expired", False, False, False),
        ("something new", True, False, False),
        (None, True, False, False),
    ],
)
def test_financial_status(financial: str | None, accepted: bool, paid: bool, refunded: bool) -> None:
    order = _order(financial_status=financial)
    assert (order.accepted_at is not None, order.paid_at is not None, order.fully_refunded) == (
        accepted,
        paid,
        refunded,
    )


def test_a_cancelled_order_was_accepted_once() -> None:
    order = _order(financial_status="voided", cancelled_at="2026-11-21T09:00:00Z")
    assert order.state is OrderState.CANCELLED
    assert order.accepted_at == order.placed_at
    assert order.cancelled_at is not None


@pytest.mark.parametrize(
    ("word", "shipped"),
    [
        (None, Shipped.NONE),
        ("fulfilled", Shipped.ALL),
        ("partial", Shipped.PART),
        ("restocked", Shipped.NONE),
        ("unknown", Shipped.NONE),
    ],
)
def test_how_much_has_left(word: str | None, shipped: Shipped) -> None:
    assert _order(fulfillment_status=word).shipped is shipped


def test_placed_is_when_it_was_processed() -> None:
    assert (
        _order(processed_at="2026-11-19T23:00:00-05:00").placed_at.isoformat() == "2026-11-20T04:00:00+00:00"
    )
    assert _order().placed_at.isoformat() == "2026-11-20T09:00:00+00:00"


def test_an_order_without_any_date_is_read_from_the_store() -> None:
    reading = _reading(created_at=None, updated_at=None)
    assert (reading.orders, [wish.noun for wish in reading.wishes]) == ((), [Noun.ORDER])
    assert reading.wishes[0].id == "5"


@pytest.mark.parametrize(
    ("name", "order_number", "shown"),
    [
        ("#1042", 1042, "1042"),
        ("EN1042-X", 1042, "EN1042-X"),
        (None, 1042, "1042"),
        (None, None, "5"),
        ("#", 7, "7"),
    ],
)
def test_the_number_is_as_the_merchant_writes_it(
    name: str | None, order_number: int | None, shown: str
) -> None:
    assert _order(name=name, order_number=order_number).number == shown


def test_the_address_for_mails_is_the_orders_own() -> None:
    buyer = {"id": 1, "email": "account@example.com"}
    assert (
        _order(email="a@example.com", contact_email="b@example.com", customer=buyer).email == "a@example.com"
    )
    assert _order(email="", contact_email="b@example.com", customer=buyer).email == "b@example.com"
    assert _order(customer=buyer).email == "account@example.com"
    assert _order().email is None


def test_the_name_may_stand_on_the_address_only() -> None:
    place = {"first_name": "Ines", "last_name": "Okafor"}
    assert _order(customer={"id": 1, "first_name": None}, shipping_address=place).first_name == "Ines"
    assert _order(billing_address=place).last_name == "Okafor"


def _lines(*, refunds: Any, cancelled_at: str | None = None, **line: Any) -> list[tuple[int, int]]:
    order = _order(refunds=refunds, cancelled_at=cancelled_at, line_items=[{**LINE, **line}])
    return [(item.quantity, item.total) for item in order.lines]


def _refunded(quantity: int) -> list[dict[str, Any]]:
    line = {"line_item_id": 1, "quantity": quantity, "subtotal": "9.00"}
    return [{"id": 9, "created_at": "2026-11-21T09:00:00Z", "refund_line_items": [line], "transactions": []}]


def test_edits_change_the_quantity_and_refunds_do_not() -> None:
    assert _lines(refunds=[], current_quantity=2) == [(2, 1800)]
    assert _lines(refunds=[], current_quantity=1) == [(1, 900)]
    assert _lines(refunds=_refunded(1), current_quantity=1) == [(2, 1800)]
    assert _lines(refunds=_refunded(1), current_quantity=0) == [(1, 900)]
    assert _lines(refunds=_refunded(2), current_quantity=0) == [(2, 1800)]
    assert _lines(refunds=None, current_quantity=0) == [(2, 1800)]
    assert _lines(refunds=[], current_quantity=None) == [(2, 1800)]


def test_a_line_that_was_edited_away_is_gone() -> None:
    assert _lines(refunds=[], current_quantity=0) == []
    assert _order(refunds=[], line_items=[{**LINE, "current_quantity": 0}]).lines_gone
    assert not _order(refunds=[], line_items=[LINE]).lines_gone


def test_a_cancelled_order_keeps_its_lines() -> None:
    assert _lines(refunds=[], current_quantity=0, cancelled_at="2026-11-21T09:00:00Z") == [(2, 1800)]


def test_discounts_are_those_of_the_line_and_its_share_of_the_order() -> None:
    shares = [{"amount": "1.00"}, {"amount_set": {"shop_money": {"amount": "0.50"}}, "amount": "9.99"}]
    assert _lines(refunds=[], discount_allocations=shares) == [(2, 1650)]
    assert _lines(refunds=[], discount_allocations=None, total_discount="2.00") == [(2, 1600)]


@pytest.mark.parametrize(
    ("currency", "total", "minor"),
    [
        ("USD", "18.00", 1800),
        ("JPY", "1800", 1800),
        ("JPY", "1800.00", 1800),
        ("KWD", "1.234", 1234),
        ("ZZZ", "1.23", 123),
        ("USD", 18, 1800),
        ("USD", 17.99, 1799),
        ("USD", "-5.00", -500),
        ("USD", "0.00", 0),
        ("USD", "0.005", 1),
        ("USD", None, 0),
        ("USD", "", 0),
    ],
)
def test_money_is_whole_minor_units(currency: str, total: Any, minor: int) -> None:
    order = _order(currency=currency, total_price=total)
    assert (order.currency, order.total) == (currency, minor)


def test_a_missing_currency_is_found_beside_the_total() -> None:
    pair = {"shop_money": {"amount": "18", "currency_code": "JPY"}}
    assert _order(currency=None, total_price_set=pair).currency == "JPY"
    assert _order(currency=None).currency == "XXX"
    assert _order(currency="dollars").currency == "XXX"


@pytest.mark.parametrize(
    "changed",
    [
        {"tags": "vip, Gift"},
        {"tags": "gift-order"},
        {"note_attributes": [{"name": "gift_message", "value": "Happy birthday"}]},
        {"note_attributes": [{"name": "Gift note", "value": "x"}]},
        {"note_attributes": [{"name": "is_gift", "value": "true"}]},
        {"note_attributes": [{"name": "This is a gift", "value": True}]},
        {"line_items": [{**LINE, "properties": [{"name": "_gift_wrap", "value": "Yes"}]}]},
    ],
)
def test_gifts_are_seen(changed: dict[str, Any]) -> None:
    assert _order(**changed).is_gift


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"tags": "gifted, no-gift"},
        {"note_attributes": [{"name": "gift_message", "value": ""}]},
        {"note_attributes": [{"name": "is_gift", "value": "false"}]},
        {"note_attributes": [{"name": "gift", "value": False}]},
        {"note_attributes": [{"name": "gift", "value": None}]},
        {"note_attributes": [{"name": "gift_card_code", "value": "ABC"}]},
        {"note_attributes": [{"name": "Giftig", "value": "ja"}]},
        {"line_items": [{**LINE, "gift_card": True}]},
        {"payment_gateway_names": ["gift_card"]},
    ],
)
def test_other_orders_are_no_gifts(changed: dict[str, Any]) -> None:
    assert not _order(**changed).is_gift


def test_only_web_addresses_become_links() -> None:
    assert _order(order_status_url="https://x.example/1").status_url == "https://x.example/1"
    for bad in ("javascript:alert(1)", "data:text/html,x", "//x.example", "https://x.exa\nmple/", "x", 5):
        assert _order(order_status_url=bad).status_url is None


def test_a_download_is_no_parcel() -> None:
    line = {**LINE, "requires_shipping": False}
    parcel = {**one_order.webhook_parcel(0), "line_items": [line]}
    assert normalise("fulfillments/create", parcel) == Reading(ignored="nothing_ships")
    assert _reading(fulfillments=[parcel]).parcels == ()
    mixed = {**parcel, "line_items": [line, {**LINE, "id": 2}]}
    assert len(_reading(fulfillments=[mixed]).parcels) == 1


def test_a_refund_in_the_buyers_currency_is_read_from_the_store() -> None:
    """Only the store knows what it is in the shop's currency; until then the goods are counted."""
    refund = one_order.webhook_refund()
    refund["transactions"] = [{"kind": "refund", "status": "success", "amount": "7.70", "currency": "EUR"}]
    alone = normalise("refunds/create", refund)
    inside = _reading(refunds=[refund])
    for reading in (alone, inside):
        assert reading.refunds[0].amount == 840
        assert [wish.noun for wish in reading.wishes] == [Noun.ORDER]
    assert [wish.id for wish in alone.wishes + inside.wishes] == ["5001", "5"]


def test_an_exchange_is_pieces_given_back_and_a_line_more() -> None:
    """As an order tells it once the exchange is done: no money went back, and something else goes out."""
    body = one_order.webhook_order()
    first = body["line_items"][0]
    other = {**first, "id": 7004, "admin_graphql_api_id": None, "quantity": 1, "current_quantity": 1}
    body["line_items"].append(other | {"title": "Evening blend", "discount_allocations": []})
    given_back = {
        **one_order.webhook_refund()["refund_line_items"][0],
        "line_item_id": 7001,
        "line_item": None,
    }
    swapped = {"id": 9002, "created_at": "2026-11-21T11:30:00-06:00", "refund_line_items": [given_back]}
    body["refunds"].append(swapped)
    reading = normalise("orders/updated", body)
    order = reading.orders[0]
    assert (order.lines[0].id, order.lines[0].quantity) == ("7001", 2)
    assert (order.lines[-1].id, order.lines[-1].quantity, order.lines[-1].total) == ("7004", 1, 1800)
    assert [(refund.id, refund.amount) for refund in reading.refunds] == [("9001", 840), ("9002", 0)]
    picture = OrderPicture(order, reading.parcels, refunds=reading.refunds)
    assert picture.refunded_quantities() == {"7002": 1, "7001": 1}
    assert [line.id for line in picture.kept_lines()] == ["7001", "7002", "7003", "7004"]
    assert EventKind.ORDER_REFUNDED not in {event.kind for event in events_that_hold(picture)}
