from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Page, Reading, StoreUnreachable
from connectors.fields import body
from connectors.woocommerce import pace
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.orders import order_reading
from connectors.woocommerce.pace import CALM, QUICK, SIZES, SLOW, Pace
from connectors.woocommerce.past import Place
from connectors.woocommerce.trimmed import ORDER
from tests.connectors.woocommerce.order_list import Answer, OrderList, order
from tests.connectors.woocommerce.recordings import recording, rest, signed_names
from tests.connectors.woocommerce.scripted_shop import Call, Shop

CONNECTOR = WooCommerceConnector()
SINCE = datetime(2024, 11, 21, tzinfo=UTC)
NEWEST = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def read_all(
    shop: Shop, listed: OrderList, monkeypatch: Any, begin: str | None = None, most: int = 400
) -> tuple[list[str], list[Page]]:
    """Every page, each from a cursor that went through text; ids in the order in which they were read."""
    monkeypatch.setattr(shop, "answer", listed.answer)
    seen: list[str] = []
    read: list[Page] = []
    cursor = begin
    while True:
        page = CONNECTOR.history(shop.store, cursor, SINCE)
        read.append(page)
        seen += [one.id for one in page.reading.orders]
        cursor = page.cursor
        if cursor is None:
            return seen, read
        assert len(read) < most


@pytest.fixture
def fives(monkeypatch: Any) -> str:
    """Where a reading begins whose pages are of five."""
    monkeypatch.setattr(pace, "SIZES", (5,))
    return Place(pace=Pace(5, 5)).written()


def test_newest_first_once_each_and_no_deep_page(shop: Shop, monkeypatch: Any, fives: str) -> None:
    orders = [order(number, NEWEST - timedelta(hours=number)) for number in range(1, 33)]
    old = [order(90, SINCE - timedelta(days=1))]
    listed = OrderList(orders + old)
    seen, read = read_all(shop, listed, monkeypatch, fives)
    assert seen == [str(number) for number in range(1, 33)]
    assert {call.params["page"] for call in listed.calls} == {"1"}
    assert {call.params["after"] for call in listed.calls} == {"2024-11-21T00:00:00"}
    assert [page.total for page in read] == [32] * len(read)
    done = [page.done for page in read]
    assert done == sorted(done, key=lambda one: one or 0) and done[-1] == 32


@pytest.mark.parametrize("seed", range(12))
def test_what_comes_and_goes_meanwhile_loses_and_doubles_nothing(
    shop: Shop, monkeypatch: Any, fives: str, seed: int
) -> None:
    """Orders of the same second, too: up to fourteen of them, on pages of five."""
    chance = random.Random(seed)
    moments = [NEWEST - timedelta(seconds=chance.choice((0, 1, 1, 2, 3, 9))) for _ in range(40)]
    orders = [order(number, moment) for number, moment in enumerate(moments, start=1)]
    stays = {str(number) for number in range(1, 41)}
    listed = OrderList(orders, chance=chance)

    def something_happens(number: int) -> None:
        if number == 0:
            return
        listed.orders.append(order(1000 + number, NEWEST + timedelta(minutes=number)))
        gone = chance.choice(listed.orders)
        listed.orders.remove(gone)
        stays.discard(str(gone["id"]))

    listed.before_each = something_happens
    seen, read = read_all(shop, listed, monkeypatch, fives)
    assert stays <= set(seen), "nothing that is there all the time is lost"
    assert not [one for one in seen if int(one) >= 1000], "what is new comes by itself"
    assert len(seen) == len(set(seen)) == read[-1].done


@pytest.mark.parametrize("crowd", [4, 5, 6, 10, 14])
def test_a_second_of_more_orders_than_fit_on_a_page(
    shop: Shop, monkeypatch: Any, fives: str, crowd: int
) -> None:
    """Shops that moved here have days of which every order bears the same midnight."""
    moments = [NEWEST] * 3 + [NEWEST - timedelta(days=1)] * crowd + [NEWEST - timedelta(days=2)] * 3
    listed = OrderList([order(number, moment) for number, moment in enumerate(moments, start=1)])
    seen, read = read_all(shop, listed, monkeypatch, fives)
    assert set(seen) == {str(number) for number in range(1, crowd + 7)}
    assert read[-1].total == read[-1].done == len(seen) == len(set(seen))


def test_orders_deleted_out_of_a_crowded_second_let_no_other_slip_through(
    shop: Shop, monkeypatch: Any, fives: str
) -> None:
    """They were read, and those behind them move up into their places."""
    listed = OrderList([order(number, NEWEST) for number in range(1, 24)])

    def deleted(call: int) -> None:
        if call == 3:
            listed.orders = [one for one in listed.orders if one["id"] not in (1, 2, 3, 4)]

    listed.before_each = deleted
    seen, _ = read_all(shop, listed, monkeypatch, fives)
    assert {str(number) for number in range(5, 24)} <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_process_that_died_goes_on_where_its_page_was_stored(
    shop: Shop, monkeypatch: Any, fives: str
) -> None:
    """Each page twice, as if it had been read and not stored: all the same, and the same again."""
    moments = [NEWEST - timedelta(seconds=number // 7) for number in range(40)]
    listed = OrderList([order(number, moment) for number, moment in enumerate(moments, start=1)])
    monkeypatch.setattr(shop, "answer", listed.answer)
    cursor: str | None = fives
    seen: list[str] = []
    while True:
        CONNECTOR.history(shop.store, cursor, SINCE)
        page = CONNECTOR.history(shop.store, cursor, SINCE)
        seen += [one.id for one in page.reading.orders]
        if (cursor := page.cursor) is None:
            break
        assert len(cursor) < 400
    assert set(seen) == {str(number) for number in range(1, 41)}


def test_a_cursor_of_another_make_begins_anew(shop: Shop, monkeypatch: Any) -> None:
    listed = OrderList([order(1, NEWEST)])
    monkeypatch.setattr(shop, "answer", listed.answer)
    for cursor in ("4", "{}", '{"before": 5}', "null"):
        assert len(CONNECTOR.history(shop.store, cursor, SINCE).reading.orders) == 1


def test_a_store_that_does_not_keep_to_the_time_is_found_out(
    shop: Shop, monkeypatch: Any, fives: str
) -> None:
    listed = OrderList([order(number, NEWEST - timedelta(hours=number)) for number in range(1, 20)])

    every = OrderList(listed.orders)

    def unbounded(number: int, call: Call) -> Answer:
        params = {name: value for name, value in call.params.items() if name != "before"}
        return every.answer(replace(call, params=params))

    listed.instead = unbounded
    with pytest.raises(StoreUnreachable, match="does not keep to the time"):
        read_all(shop, listed, monkeypatch, fives)


def test_a_store_that_breaks_down_over_much_is_asked_for_less_and_less(shop: Shop, monkeypatch: Any) -> None:
    """It can do 25 at once."""
    orders = [order(number, NEWEST - timedelta(minutes=number)) for number in range(1, 121)]

    def breaks(number: int, call: Call) -> Answer | None:
        return (500, b'{"code":"internal_server_error"}', {}) if int(call.params["per_page"]) > 25 else None

    listed = OrderList(orders, instead=breaks)
    monkeypatch.setattr(shop, "answer", listed.answer)
    cursor: str | None = None
    seen: list[str] = []
    failures = 0
    while True:
        try:
            page = CONNECTOR.history(shop.store, cursor, SINCE)
        except StoreUnreachable as error:
            assert error.cursor is not None
            cursor, failures = error.cursor, failures + 1
            continue
        seen += [one.id for one in page.reading.orders]
        if (cursor := page.cursor) is None:
            break
    assert seen == [str(number) for number in range(1, 121)]
    assert [call.params["per_page"] for call in listed.calls] == ["100", "50", *["25"] * 5]
    assert failures == 2


def test_who_cannot_do_one_nor_name_it_cannot_do_it(shop: Shop) -> None:
    shop.will("GET orders", "<h1>Fatal error</h1>", 500)
    cursor: str | None = None
    sizes = []
    for _ in SIZES:
        with pytest.raises(StoreUnreachable) as caught:
            CONNECTOR.history(shop.store, cursor, SINCE)
        sizes.append(shop.calls[-1].params["per_page"])
        cursor = caught.value.cursor
    assert sizes == ["100", "50", "25", "10", "5", "1"] and cursor is None


def test_how_much_is_asked_for_follows_the_answers() -> None:
    slow = Pace().after(SLOW + 1)
    assert (slow.size, slow.most) == (50, 100)
    assert slow.after(SLOW + 1).after(SLOW + 1).after(SLOW + 1).size == 5
    assert slow.after(QUICK + 1).size == 50 and slow.after(QUICK - 1).size == 100
    broken = Pace(50, 50).after_breakdown()
    assert broken == Pace(25, 25)
    for _ in range(CALM - 1):
        broken = broken.after(0.1)
        assert broken.size == 25, "what broke it is not tried again at once"
    assert broken.after(0.1).size == 50


def test_the_store_rests_as_long_as_it_worked(shop: Shop, monkeypatch: Any) -> None:
    listed = OrderList([order(number, NEWEST - timedelta(hours=number)) for number in range(1, 202)])
    listed.before_each = lambda number: time.sleep(0.3 if number else 0.0)
    monkeypatch.setattr(shop, "answer", listed.answer)
    read: list[Page] = []
    while not read or read[-1].cursor:
        began = time.monotonic()
        read.append(CONNECTOR.history(shop.store, read[-1].cursor if read else None, SINCE))
        took = time.monotonic() - began
        assert read[-1].wait <= took, "however slow this machine is"
    assert read[0].wait > 0 and read[1].wait >= 0.3
    assert read[-1].wait == 0
    assert pace.rest(400) == pace.LONGEST_REST


def test_history_costs_one_call_for_a_page(shop: Shop) -> None:
    full = [recording("order.updated.full_refund").payload, recording("order.updated.fulfilled").payload]
    shop.will("GET orders", full, headers={"X-WP-Total": "2", "X-WP-TotalPages": "1"})
    page = CONNECTOR.history(shop.store, None, SINCE)
    assert (len(page.reading.orders), page.reading.wishes, page.cursor) == (2, (), None)
    assert shop.asked() == ["GET orders"]


def test_the_recorded_page(shop: Shop) -> None:
    told = rest("orders_page")
    totals = {name: told["headers"][name] for name in ("X-WP-Total", "X-WP-TotalPages")}
    shop.will("GET orders", told["body"], headers=totals)
    page = CONNECTOR.history(shop.store, None)
    assert len(page.reading.orders) == len(told["body"]) == page.done
    assert page.total == int(totals["X-WP-Total"]) and page.cursor is not None


def test_carts_are_no_past(shop: Shop) -> None:
    cart = recording("order.updated.checkout_draft").payload
    shop.will("GET orders", [cart], headers={"X-WP-Total": "1", "X-WP-TotalPages": "1"})
    page = CONNECTOR.history(shop.store, None, SINCE)
    assert (page.reading, page.done) == (Reading(), 1)


ORDERS = [
    name
    for name in signed_names()
    if name.startswith(("order.created", "order.updated", "order.restored"))
    and "date_created_gmt" in recording(name).payload
]


class Noting(dict[str, Any]):
    """An order that knows what was read of it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_reads_the_same_trimmed(name: str) -> None:
    whole = recording(name).payload
    trimmed = {key: whole[key] for key in ORDER if key in whole}
    assert _reading(trimmed) == _reading(whole)


def test_all_that_is_read_is_asked_for_and_no_more() -> None:
    read: set[str] = set()
    for name in ORDERS:
        for taxed in (False, True):
            noting = Noting(recording(name).payload | {"prices_include_tax": taxed})
            _reading(noting)
            read |= noting.read
    assert read == set(ORDER)
    secret = {"order_key", "payment_url", "customer_ip_address", "customer_user_agent"}
    assert not secret & set(ORDER)


def _reading(payload: Any) -> Reading:
    return order_reading(body(payload, "order"))
