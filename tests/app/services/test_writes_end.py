"""A write of many calls ends before its lease does: nobody else does it meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from app.services import store_writes
from app.services.store_writes import owe, run_write
from connectors.base import Store
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.rest_api import read
from connectors.writes import NoteOrder, Write, Written
from tests.app.desk import START, Desk
from tests.app.services.plugin_standin import Plugin, plugin_standin


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


@dataclass
class ManyCalls(WooCommerceConnector):
    """Before each call but the first, minutes have passed."""

    clock: list[float] = field(default_factory=lambda: [0.0])
    took: float = 0.0

    def write(self, store: Store, what: Write) -> Written:
        for _ in range(4):
            read(store, "orders/7")
            self.clock[0] += self.took
        return Written("1")


@pytest.mark.parametrize(
    ("took", "calls", "state"), [(20.0, 4, "done"), (40.0, 2, "open"), (200.0, 1, "open")]
)
def test_no_call_begins_that_could_outlast_the_lease(
    desk: Desk, plugin: Plugin, monkeypatch: pytest.MonkeyPatch, took: float, calls: int, state: str
) -> None:
    plugin.orders = {"7": {"id": 7}}
    many = ManyCalls(took=took)
    monkeypatch.setattr(store_writes, "monotonic", lambda: many.clock[0])
    with desk.database.shops(desk.shop_id) as session:
        owe(session, desk.shop_id, {"k": NoteOrder("7", "x", "k")}, START)
    stores = replace(plugin.stores(desk), connector=lambda platform: many)
    assert run_write(desk.database, stores, START + timedelta(seconds=1))
    (row,) = desk.rows("SELECT state, error FROM store_writes")
    assert (len(plugin.asked), row.state) == (calls, state)
    assert ("took too long" in (row.error or "")) is (state == "open")
