"""The statuses of a shop, read by the daily look; a shop that does not tell them is as well as any other."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.db import Database
from app.services.shipment_statuses import keep_statuses
from app.services.stores import Stores
from connectors.base import Store
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from tests.app.desk import Desk
from wire.http import Answer, HttpClient

TOLD = [
    {"slug": "wc-processing", "name": "Processing", "total": 7},
    {"slug": "handed-over", "name": "Before", "total": "3"},
    {"slug": "handed-over", "name": "Handed &amp; over ", "total": 4},
    {"slug": "", "name": "Nobody", "total": 1},
    {"name": "Nobody"},
    None,
    "x",
    {"slug": 5, "name": None, "total": None},
    {"slug": "odd", "name": ["a"], "total": 10**30},
    {"slug": "minus", "name": "x" * 500, "total": -4},
]


@dataclass(frozen=True, slots=True)
class Saying(HttpClient):
    status: int = 200
    body: Any = field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        assert url.endswith("/wp-json/wc/v3/reports/orders/totals")
        return Answer(self.status, {}, json.dumps(self.body).encode())


def look(db: Database, desk: Desk, http: HttpClient, platform: Platform = Platform.WOOCOMMERCE) -> None:
    stores = Stores(connector_for, desk.keys, http, "https://doorstep.example", AppKeys("k", "s", None), db)
    keep_statuses(
        db, stores, desk.shop_id, Store(platform, "larkhus.example", "https://larkhus.example", http)
    )


def known(desk: Desk) -> list[Any]:
    return [row.known for row in desk.rows("SELECT known FROM shipment_words")]


def test_they_are_kept_as_the_shop_told_them(db: Database, desk: Desk) -> None:
    look(db, desk, Saying(body=TOLD))
    assert known(desk) == [
        [
            {"slug": "processing", "name": "Processing", "orders": 7},
            {"slug": "handed-over", "name": "Handed & over", "orders": 4},
            {"slug": "odd", "name": "odd", "orders": 0},
            {"slug": "minus", "name": "x" * 80, "orders": 0},
        ]
    ]


def test_a_look_leaves_what_the_merchant_said(db: Database, desk: Desk) -> None:
    desk.rows(
        "INSERT INTO shipment_words (shop_id, statuses, number_key, changed_at)"
        " VALUES (:shop, '{\"odd\": \"shipped\"}', 'n', :at) RETURNING 1",
        shop=desk.shop_id,
        at=desk.now,
    )
    look(db, desk, Saying(body=TOLD))
    (row,) = desk.rows("SELECT statuses, number_key, changed_at FROM shipment_words")
    assert (row.statuses, row.number_key, row.changed_at) == ({"odd": "shipped"}, "n", desk.now)


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, {"code": "woocommerce_rest_cannot_view"}), (401, {"code": "x"}), (404, {"code": "rest_no_route"}),
     (500, "<html>"), (200, {"code": "x"}), (200, "x"), (200, []), (200, [None, {}])],
)  # fmt: skip
def test_what_a_shop_does_not_tell_stays_as_it_was(db: Database, desk: Desk, status: int, body: Any) -> None:
    """And is no reason to think that it does not let us in."""
    look(db, desk, Saying(body=TOLD[:1]))
    before = known(desk)
    look(db, desk, Saying(status=status, body=body))
    assert known(desk) == before
    assert [row.state for row in desk.rows("SELECT state FROM shops WHERE id = :id", id=desk.shop_id)] == [
        "connected"
    ]


def test_a_platform_with_statuses_of_its_own_is_not_asked(db: Database, desk: Desk) -> None:
    look(db, desk, HttpClient(), Platform.SHOPIFY)
    assert known(desk) == []


def test_a_shop_that_left_meanwhile_is_told_nothing_of(db: Database, desk: Desk) -> None:
    desk.rows("UPDATE shops SET state = 'uninstalled' WHERE id = :id RETURNING 1", id=desk.shop_id)
    look(db, desk, Saying(body=TOLD))
    assert known(desk) == []
