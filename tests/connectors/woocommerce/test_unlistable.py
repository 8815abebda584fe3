"""An order over which the store breaks down whenever it lists it, for what it holds or whatever is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Noun, Page, StoreUnreachable
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.pace import SIZES
from tests.connectors.woocommerce.order_list import Answer, OrderList, order
from tests.connectors.woocommerce.scripted_shop import Call, Shop

CONNECTOR = WooCommerceConnector()
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
NEWEST = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
BROKEN: Answer = (500, b'{"code":"internal_server_error"}', {})


class Stumbling(OrderList):
    """Over these orders, also where only names are asked for if `always`."""

    bad: frozenset[int] = frozenset()
    always = False

    def answer(self, call: Call) -> Answer:
        given = super().answer(call)
        named = "billing" not in call.params["_fields"]
        shown = {int(one["id"]) for one in self.shown}
        return BROKEN if shown & self.bad and (self.always or not named) else given


class Steady(random.Random):
    """What is equal comes in the same order each time."""

    def shuffle(self, x: Any) -> None:
        pass


Read = Callable[[str | None], Page]


def read_all(read: Read) -> tuple[set[str], dict[str, str], list[str], int]:
    """Orders read, what is wished for and why, what was passed over, and how often it broke down in all."""
    known: set[str] = set()
    wished: dict[str, str] = {}
    unread: list[str] = []
    cursor, failures = None, 0
    for _ in range(500):
        try:
            page = read(cursor)
        except StoreUnreachable as error:
            assert error.cursor is not None and error.cursor != cursor
            cursor, failures = error.cursor, failures + 1
            continue
        known |= {one.id for one in page.reading.orders}
        wished |= {wish.id: wish.reason for wish in page.reading.wishes if wish.noun is Noun.ORDER}
        unread += page.unread
        if (cursor := page.cursor) is None:
            return known, wished, unread, failures
    raise AssertionError("it does not end")


@pytest.fixture(params=["changes", "history"])
def read(request: pytest.FixtureRequest, shop: Shop) -> Read:
    if request.param == "changes":
        return lambda cursor: CONNECTOR.changed_since(shop.store, SINCE, cursor)
    return lambda cursor: CONNECTOR.history(shop.store, cursor, SINCE)


@pytest.mark.parametrize("a_second", [1, 4])
@pytest.mark.parametrize("always", [False, True])
@pytest.mark.parametrize("bad", [{1, 2, 8}, {7, 12}])
def test_it_holds_up_no_other(
    shop: Shop, monkeypatch: Any, read: Read, bad: set[int], always: bool, a_second: int
) -> None:
    """First, last, in between, side by side; alone in its second or among others."""
    moments = (NEWEST + timedelta(seconds=number // a_second) for number in range(1, 13))
    chance = Steady() if always else random.Random(2)
    listed = Stumbling([order(number, at) for number, at in enumerate(moments, 1)], chance=chance)
    listed.bad, listed.always = frozenset(bad), always
    monkeypatch.setattr(shop, "answer", listed.answer)
    known, wished, unread, _ = read_all(read)
    good, others = {str(number) for number in range(1, 13) if number not in bad}, {str(one) for one in bad}
    # Of one second the store lists in any order: then another one may be asked for by itself too.
    assert known <= good <= known | set(wished) and (a_second > 1 or known == good)
    assert unread if always else not unread and others <= set(wished)
    assert all("cannot list it" in why and "500" in why for why in (*wished.values(), *unread))


def test_the_way_down_to_it_is_short(shop: Shop, monkeypatch: Any, read: Read) -> None:
    listed = Stumbling([order(1, NEWEST), order(2, NEWEST + timedelta(minutes=1))])
    listed.bad = frozenset({1})
    monkeypatch.setattr(shop, "answer", listed.answer)
    assert read_all(read)[3] == len(SIZES) - 1
