"""A review is decided anew while the shop is being told of it: the shop's number of it is not lost, without
which other stars could not be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

from app.services.store_writes import run_write
from app.services.stores import Stores
from connectors.base import Store
from connectors.shopify.keys import AppKeys
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.writes import PostReview, Write, Written
from tests.app.desk import Desk
from tests.app.services.meanwhile import meanwhile
from tests.app.services.test_listed_reviews import buy, publish, switch, wrote
from wire.http import HttpClient

NUMBER = "41"


@dataclass
class Answering(WooCommerceConnector):
    """A shop that calls whatever it is given by one number. `first`: what happens before it answers."""

    first: Callable[[], None] = lambda: None
    got: list[PostReview] = field(default_factory=list)

    def write(self, store: Store, what: Write) -> Written:
        assert isinstance(what, PostReview)
        self.got.append(what)
        first, self.first = self.first, lambda: None
        first()
        return Written(NUMBER)

    def run(self, desk: Desk) -> bool:
        keys = AppKeys("", "")
        stores = Stores(lambda _: self, desk.keys, HttpClient(), "https://app.example", keys, desk.database)
        return run_write(desk.database, stores, desk.real)


def _published(desk: Desk, order: str) -> None:
    switch(desk, True)
    buy(desk, order)
    wrote(desk, order, product=f"p{order}")
    publish(desk, order)


def _stars_change(desk: Desk, order: str) -> None:
    wrote(desk, order, stars=3, product=f"p{order}")
    desk.real += timedelta(seconds=1)
    publish(desk, order)


def test_other_stars_are_asked_for_by_the_number_that_the_answer_brings(desk: Desk) -> None:
    _published(desk, "1")
    shop = Answering(first=lambda: _stars_change(desk, "1"))
    while shop.run(desk):
        pass
    assert [(one.stars, one.reference) for one in shop.got] == [(5, ""), (3, NUMBER)]
    publish(desk, "1")
    assert not shop.run(desk), "that is asked for already"


def test_a_write_at_any_statement_of_the_decision_leaves_its_number(desk: Desk) -> None:
    told = []
    for at in count(1):
        order = str(at)
        _published(desk, order)
        shop = Answering()
        with meanwhile(desk.database, at, partial(shop.run, desk)) as done:
            _stars_change(desk, order)
        if not done:
            break
        desk.real += timedelta(minutes=5)
        while shop.run(desk):
            pass
        assert shop.got[-1].stars == 3
        assert len(shop.got) == 1 or shop.got[-1].reference == NUMBER, f"at {at}"
        told.append(len(shop.got))
    assert {1, 2} <= set(told) and len(told) > 10
