"""The whole round: a review is published, its job dies after each of its calls, the shop shows it once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Database, open_database
from app.services.connection import WRITE_LEASE
from app.services.feature_switch import turn_on
from app.services.features import OWN_REVIEWS
from app.services.install import Attempt, connect
from app.services.moderation import keep_back, publish_chosen
from app.services.reviews import Submitted, Writer, submit_reviews
from app.services.store_writes import run_write
from app.services.stores import Stores
from connectors.base import Reading
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.app.desk import KEYS, Desk, an_order
from tests.sandbox.woocommerce.running import Store
from wire.http import Answer, HttpClient

NOW = datetime.now(UTC)
EMAIL = "kim.vale@example.com"


class Killed(BaseException):
    """The process dies."""


@dataclass(frozen=True, slots=True)
class Line(HttpClient):
    """Dies after the call at which `left` has come to nothing, before anybody hears the answer."""

    left: list[int] = field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Answer:
        answer = HttpClient.request(self, method, url, **rest)
        if self.left:
            self.left[0] -= 1
            if not self.left[0]:
                self.left.clear()
                raise Killed
        return answer


@pytest.fixture
def opened(database: Any) -> Iterator[Database]:
    held = open_database(database.app_url)
    yield held
    held.engine.dispose()


@pytest.mark.parametrize("cache", [0.0, 600.0], ids=["plain", "cached"])
def test_published_and_taken_down_through_every_death(store: Store, opened: Database, cache: float) -> None:
    http = Line({f"https://{MAIN_SHOP}": store.address}, pause=lambda seconds: None)
    attempt = Attempt(Platform.WOOCOMMERCE, MAIN_SHOP, f"https://{MAIN_SHOP}")
    key = dict(zip(("consumer_key", "consumer_secret"), store.key, strict=True))
    desk = Desk(opened, connect(opened, KEYS, attempt, key, NOW, NOW).shop_id, NOW, NOW)
    stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys("", "", None), opened)
    product = store.read("products", slug="orbit-table-lamp")[0]["id"]
    with opened.shops(desk.shop_id) as session:
        turn_on(session, desk.shop_id, OWN_REVIEWS, "Kim", NOW, NOW)

    def through_every_death() -> int:
        """How often the job died before it came through."""
        for point in range(1, 20):
            http.left[:] = [point]
            try:
                assert run_write(opened, stores, desk.real)
            except Killed:
                desk.real += WRITE_LEASE
                continue
            assert desk.rows("SELECT state FROM store_writes WHERE state <> 'done'") == []
            http.left.clear()
            return point - 1
        raise AssertionError("it never came through")

    def shown() -> dict[str, list[int]]:
        store.post("/sandbox/quirks", {"cache_seconds": 0.0})
        lists = {
            place: [one["rating"] for one in store.read("products/reviews", product=product, status=place)]
            for place in ("all", "trash", "spam")
        }
        store.post("/sandbox/quirks", {"cache_seconds": cache})
        return {place: found for place, found in lists.items() if found}

    def average() -> str:
        return str(store.read(f"products/{product}", **{"_": str(desk.real)})["average_rating"])

    def decide(down: bool = False) -> None:
        desk.now += timedelta(minutes=1)
        with opened.shops(desk.shop_id) as session:
            (one,) = [row.id for row in desk.rows("SELECT id FROM reviews")]
            if down:
                assert keep_back(session, desk.shop_id, one, "illegal", "Kim", desk.now, desk.now, desk.real)
            else:
                publish_chosen(session, desk.shop_id, [one], "Kim", desk.now, desk.now, desk.real)

    def write(stars: int, words: str) -> None:
        desk.now += timedelta(minutes=1)
        writer, sent = (
            Writer(desk.shop_id, "13", 1, EMAIL, "Kim", "en"),
            Submitted(str(product), stars, "", words),
        )
        submit_reviews(opened, KEYS, writer, [sent], desk.now, desk.real)

    store.post("/sandbox/quirks", {"cache_seconds": cache})
    desk.read(Reading(orders=(an_order(id="13", email=EMAIL, at=NOW),)))
    write(2, 'It\'s "dim"')
    decide()
    deaths = [through_every_death()]
    assert (shown(), average()) == ({"all": [2]}, "2.00")
    decide(down=True)
    deaths.append(through_every_death())
    assert (shown(), average()) == ({"trash": [2]}, "0.00")
    decide()
    deaths.append(through_every_death())
    assert (shown(), average()) == ({"all": [2]}, "2.00")
    write(4, 'It\'s "dim"')  # the same words, and other stars
    deaths.append(through_every_death())
    assert average() == "0.00"
    decide()
    deaths.append(through_every_death())
    assert (shown(), average()) == ({"all": [4]}, "4.00")
    print(f"died {deaths} times")
    assert all(deaths)
