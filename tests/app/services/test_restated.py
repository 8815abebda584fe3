"""A shop tells a whole product with each piece that it sells: of many messages only the newest is read."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.services.ack import Door, accept
from app.services.intake import take_in
from app.services.row_reading import SUPERSEDED
from connectors.base import Connector, Reading, Store, Verified
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.webhooks import dedupe_key, restated
from flows.commerce import Platform
from tests.app.desk import KEYS, START, Desk, connect_shop
from tests.app.services.statements import counted
from tests.connectors.woocommerce.recordings import recorded, recording, signed_names
from tests.proof import Figure

TOPIC = "product.updated"


class Noting(WooCommerceConnector):
    """Counts what is read."""

    def __init__(self) -> None:
        self.read = 0

    def normalise(self, topic: str, payload: Any, store: Store | None = None) -> Reading:
        self.read += 1
        return super().normalise(topic, payload, store)


def product(number: int, second: int, stock: int = 1) -> bytes:
    """As large as real ones, which bear their description."""
    at = (START + timedelta(seconds=second)).isoformat()[:19]
    told = recording(TOPIC).payload | {"id": number, "name": f"Lamp, state {second}", "stock_quantity": stock}
    return json.dumps(told | {"date_modified_gmt": at, "description": "Linen. " * 300}).encode()


def arrive(desk: Desk, bodies: list[bytes], topic: str = TOPIC) -> None:
    door = Door(Platform.WOOCOMMERCE, domain="larkhus.example")
    for body in bodies:
        assert (
            accept(desk.database, door, Verified(topic, dedupe_key(topic, body)), body, desk.real) == "stored"
        )


def settle(desk: Desk, connector: Connector) -> float:
    """CPU seconds of taking in all that waits."""
    began = time.process_time()
    while take_in(desk.database, lambda _: connector, KEYS, desk.now, desk.real):
        pass
    return time.process_time() - began


def storm(products: int, messages: int, seed: int = 3) -> list[bytes]:
    chance = random.Random(seed)
    bodies = [product(number % products + 1, number // products, number) for number in range(messages)]
    chance.shuffle(bodies)
    return bodies


def test_five_hundred_messages_of_twenty_products(db: Database, desk: Desk, figure: Figure) -> None:
    arrive(desk, storm(20, 500))
    noting = Noting()
    with counted(db) as seen:
        cpu = settle(desk, noting)
    outcomes = Counter(row.outcome for row in desk.rows("SELECT outcome FROM inbox WHERE state = 'done'"))
    assert outcomes == {"processed": noting.read, SUPERSEDED: 500 - noting.read}
    assert noting.read <= 3 * 20, "each product once a batch of two hundred"
    names = [row.title for row in desk.rows("SELECT body->>'title' AS title FROM products ORDER BY id")]
    assert names == ["Lamp, state 24"] * 20, "the newest of each, whatever came first"
    writes = [one for one in seen if one.startswith("INSERT INTO products")]
    assert len(writes) == 3

    other = connect_shop(db, "else.example", on=False)
    apart = [product(number, 0, number) for number in range(1, 501)]
    door = Door(Platform.WOOCOMMERCE, domain="else.example")
    for body in apart:
        accept(db, door, Verified(TOPIC, dedupe_key(TOPIC, body)), body, START)
    each = Noting()
    with counted(db) as all_seen:
        cpu_each = settle(other, each)
    assert each.read == 500 and len(all_seen) == len(seen), "no statement more or less"
    figure("CPU of 500 products over that of 20", cpu_each / cpu)
    assert cpu_each / cpu > 1.5


def test_a_newest_that_cannot_be_read_lets_the_one_before_it_count(desk: Desk) -> None:
    bad = json.dumps(json.loads(product(1, 9)) | {"categories": 5}).encode()
    arrive(desk, [product(1, 1), bad, product(1, 3)])
    settle(desk, Noting())
    rows = desk.rows("SELECT state, outcome FROM inbox ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("done", SUPERSEDED),
        ("quarantined", "quarantined"),
        ("done", "processed"),
    ]
    assert desk.rows("SELECT body->>'title' AS title FROM products")[0].title == "Lamp, state 3"


def test_of_one_second_the_last_to_come_counts(desk: Desk) -> None:
    arrive(desk, [product(1, 5, 7), product(1, 5, 8)])
    settle(desk, Noting())
    assert [row.outcome for row in desk.rows("SELECT outcome FROM inbox ORDER BY id")] == [
        SUPERSEDED,
        "processed",
    ]


def test_each_shop_has_its_own_products(db: Database, desk: Desk) -> None:
    other = connect_shop(db, "else.example", on=False)
    body = product(1, 5)
    for domain in ("larkhus.example", "else.example"):
        door = Door(Platform.WOOCOMMERCE, domain=domain)
        accept(db, door, Verified(TOPIC, dedupe_key(TOPIC, body)), body, START)
    settle(desk, Noting())
    for one in (desk, other):
        assert one.rows("SELECT outcome FROM inbox")[0].outcome == "processed"


@pytest.mark.parametrize("name", signed_names())
def test_what_is_told_without_reading_is_what_is_read(name: str) -> None:
    for one in recorded(name):
        told = restated(one.topic, one.delivery.body)
        if told is None:
            assert one.topic not in ("product.created", "product.updated") or "id" not in one.payload
        else:
            assert told == (f"product {one.payload['id']}", one.payload["date_modified_gmt"])


def test_words_in_a_name_are_not_its_time() -> None:
    told = json.loads(product(1, 5))
    told = {"id": 1, "name": '"date_modified_gmt":"2030-01-01T00:00:00"', **told}
    told["name"] = '"date_modified_gmt":"2030-01-01T00:00:00"'
    found = restated(TOPIC, json.dumps(told).encode())
    assert found == ("product 1", told["date_modified_gmt"])
    assert restated("order.updated", product(1, 1)) is None
    assert datetime.fromisoformat(found[1]) < START.replace(tzinfo=None) + timedelta(minutes=1)
