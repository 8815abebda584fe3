"""What our plugin notes of the shop's own mails is read with the order, whatever else stands there; and one
that was held back is asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import NotThere, StoreError, StoreUnreachable
from connectors.woocommerce.shop_mails import HELD, MOST, WROTE, shop_held, shop_wrote
from connectors.woocommerce.trimmed import ORDER
from connectors.woocommerce.writing import write
from connectors.writes import ReleaseMail, Written
from flows.commerce import Order
from flows.plain import from_plain, to_plain
from flows.shop_mails import HeldMail
from tests.connectors.woocommerce.recorded_orders import read
from tests.connectors.woocommerce.scripted_shop import Shop

AT = datetime(2026, 12, 20, 10, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
MAILS = "POST /wp-json/wc-doorstep/v1/mails"
ASKED = ReleaseMail("812", "customer_processing_order", AT)


def test_both_are_read_with_the_order() -> None:
    notes = [
        {"id": 1, "key": HELD, "value": {"customer_completed_order": SECONDS}},
        {"id": 2, "key": WROTE, "value": {"customer_processing_order": SECONDS}},
    ]
    order = read("order.created.paid", meta_data=notes).orders[0]
    assert order.shop_held == (HeldMail("customer_completed_order", AT),)
    assert order.shop_wrote == ("customer_processing_order",)
    assert from_plain(Order, json.loads(json.dumps(to_plain(order)))) == order
    assert "meta_data" in ORDER, "it is asked for"


def test_an_order_without_them_has_none() -> None:
    order = read("order.created.paid", meta_data=[]).orders[0]
    assert (order.shop_held, order.shop_wrote) == ((), ())
    plain = {name: value for name, value in to_plain(order).items() if not name.startswith("shop_")}
    assert from_plain(Order, plain) == order, "as it was stored before"


@pytest.mark.parametrize(
    "value",
    [None, "", "[", [], ["customer_note"], 7, True, {"": SECONDS}, {"A": SECONDS}, {"a" * 65: SECONDS},
     {"a": "1"}, {"a": True}, {"a": None}, {"a": 0}, {"a": -SECONDS}, {"a": 10**40}, {"a": 1.5e9}],
)  # fmt: skip
def test_what_is_no_note_is_passed_over(value: Any) -> None:
    assert shop_held({HELD: value}) == () == shop_wrote({WROTE: value})


def test_text_of_json_and_no_more_than_so_many() -> None:
    many = {f"m{n:03}": SECONDS for n in range(200)}
    assert len(shop_wrote({WROTE: json.dumps(many)})) == MOST


@pytest.mark.parametrize(("sent", "already"), [(True, False), (False, True)])
def test_it_is_asked_for(shop: Shop, sent: bool, already: bool) -> None:
    shop.will(MAILS, {"sent": sent})
    assert write(shop.store, ASKED) == Written(already=already)
    (call,) = shop.calls
    assert call.body == {"order": "812", "mail": "customer_processing_order"}


@pytest.mark.parametrize(
    ("status", "answer", "problem"),
    [
        (404, {"code": "rest_no_route", "message": "No route", "data": {"status": 404}}, StoreError),
        (200, [], StoreUnreachable),
        (200, {"sent": "yes"}, StoreUnreachable),
        (503, {"code": "doorstep_busy", "message": "", "data": {"status": 503}}, StoreError),
    ],
)
def test_an_answer_that_is_none(shop: Shop, status: int, answer: Any, problem: type[StoreError]) -> None:
    shop.will(MAILS, answer, status)
    with pytest.raises(problem) as raised:
        write(shop.store, ASKED)
    assert raised.value.retry, "it is asked again"


def test_an_order_that_cannot_be(shop: Shop) -> None:
    with pytest.raises(NotThere):
        write(shop.store, ReleaseMail("../8", "customer_processing_order", AT))
    assert shop.calls == []
