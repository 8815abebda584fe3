"""A shop whose token died, told from the first refusal to the mail that leaves at last; the fake Shopify is
real, down to its rotation of tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.queries.waiting import whats_waiting
from app.services.ack import Door, accept
from app.services.exchange import by_id_token
from app.services.heal import run_poll
from app.services.intake import take_in
from app.services.look import look_due
from app.services.send import Sender, send_due
from app.services.stores import Stores
from app.services.switches import switch_on
from app.services.wake import wake_due
from connectors.base import Verified
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from sandbox.document_store import DocumentStore
from tests.app.desk import FIRST_FLOWS, KEYS, Desk
from tests.app.mail_server import Mailbox
from tests.app.sending import smtp_sender
from tests.sandbox.shopify import conftest as fake_shopify
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Store
from wire.http import HttpClient

schema, pictures, settings = fake_shopify.schema, fake_shopify.pictures, fake_shopify.settings
store = fake_shopify.store


@dataclass
class Shop:
    """The app's one shop, its fake store, and its mail server."""

    desk: Desk
    stores: Stores
    store: Store
    sender: Sender
    mailbox: Mailbox
    documents: DocumentStore

    def opens_the_app(self) -> bool:
        """The merchant comes by. Whether a token was exchanged for it."""
        id_token = self.store.get("/sandbox/id-token")["id_token"]
        found = by_id_token(self.stores.tokens(), MAIN, id_token, self.desk.now, self.desk.real)
        self.desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'orders' RETURNING noun")
        return found is not None

    def polls(self) -> None:
        """The orders are read, if they are due."""
        desk = self.desk
        while run_poll(desk.database, self.stores, desk.now, desk.real, lambda: False):
            pass

    def hears(self, order_id: str, topic: str = "orders/updated") -> None:
        """A webhook about an order, as the fake store would send it."""
        order = next(one for one in self.bodies() if str(one["id"]) == order_id)
        said = Verified(topic, f"{topic}-{order_id}-{order['updated_at']}", shop=MAIN)
        door = Door(Platform.SHOPIFY, domain=MAIN)
        accept(self.desk.database, door, said, json.dumps(order).encode(), self.desk.real)
        take_in(self.desk.database, connector_for, KEYS, self.desk.now, self.desk.real)

    def bodies(self) -> list[dict[str, Any]]:
        return self.documents.all(f"{MAIN}/order")

    def works(self) -> int:
        """Wakes and sends what is due. How many mails left."""
        before = len(self.mailbox.mails)
        with self.sender.provider.connect() as courier:
            while (
                look_due(self.desk.database, KEYS, self.desk.now)
                or wake_due(self.desk.database, KEYS, self.desk.now)
                or send_due(self.sender, courier, self.desk.real + timedelta(seconds=20))
            ):
                pass
        return len(self.mailbox.mails) - before

    def busy(self) -> bool:
        """Whether the sweep would hand out work."""
        with self.desk.database.crossing() as session:
            waiting = whats_waiting(session, self.desk.now, self.desk.real)
        return waiting.timers or waiting.messages or waiting.polls or waiting.inbox

    def state(self) -> tuple[str, bool]:
        (row,) = self.desk.rows("SELECT state, paused_at FROM shops WHERE id = :id", id=self.desk.shop_id)
        return row.state, row.paused_at is not None

    def mails(self) -> list[tuple[str, str, str | None]]:
        rows = self.desk.rows(
            "SELECT o.number, m.state, m.reason FROM messages m JOIN orders o"
            " ON o.shop_id = m.shop_id AND o.id = m.order_id"
            " WHERE m.flow_key = 'order_confirmation' ORDER BY m.id"
        )
        return [(row.number, row.state, row.reason) for row in rows]


@pytest.fixture
def shop(db: Database, store: Store, mailbox: Mailbox, port: int) -> Iterator[Shop]:
    now = datetime.now(UTC) - timedelta(seconds=2)
    http = HttpClient(origins={f"https://{MAIN}": store.address}, pause=lambda seconds: None)
    stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys(KEY, SECRET), db)
    assert store.call("POST", "/admin/apps/doorstep/install", MAIN).status_code == 303
    id_token = store.get("/sandbox/id-token")["id_token"]
    found = by_id_token(stores.tokens(), MAIN, id_token, now, now)
    assert found is not None
    desk = Desk(db, found.shop_id, now, now)
    with db.shops(desk.shop_id) as session:
        for flow in FIRST_FLOWS:
            switch_on(session, desk.shop_id, flow.key, now)
    sender = smtp_sender(desk, port)
    documents = DocumentStore(store.settings.folder / "shopify.sqlite3")
    yield Shop(desk, stores, store, sender, mailbox, documents)
    documents.close()


def later(shop: Shop, **span: float) -> None:
    shop.desk.now += timedelta(**span)
    shop.desk.real += timedelta(**span)


def token_dies(shop: Shop) -> None:
    for noun in ("access_token", "refresh_token"):
        for known in shop.documents.all(f"{MAIN}/{noun}"):
            shop.documents.delete(f"{MAIN}/{noun}", known["token"])


def number(order: dict[str, Any]) -> str:
    return str(order["number"]).lstrip("#")


def test_a_shop_whose_token_died_waits_and_goes_on_when_the_merchant_comes_by(shop: Shop) -> None:
    desk = shop.desk
    assert not shop.opens_the_app(), "a good token is stored: none is exchanged"
    first = shop.store.order()
    later(shop, seconds=5)
    shop.polls()
    assert shop.works() == 1
    second = shop.store.order()
    token_dies(shop)
    later(shop, minutes=16)
    shop.polls()
    assert shop.state() == ("needs_reconnect", True)

    third, fourth = shop.store.order(), shop.store.order()
    for order in (second, third, fourth):
        shop.hears(str(order["id"]), "orders/create")
    assert shop.state() == ("needs_reconnect", True), "a message proves no token"
    assert [row.number for row in desk.rows("SELECT number FROM orders ORDER BY placed_at, id")] == [
        number(one) for one in (first, second, third, fourth)
    ]
    assert shop.works() == 0, "nothing leaves on what may be old"
    assert [(state, reason) for _, state, reason in shop.mails()][1:] == [("due", "shop_paused")] * 3
    assert not shop.busy(), "and nobody goes round in circles meanwhile"

    shop.store.post(f"/sandbox/orders/{third['id']}/cancel")
    later(shop, hours=1)
    assert shop.opens_the_app()
    assert shop.state() == ("connected", True), "the key is new; what is known is not"
    assert shop.works() == 0
    shop.polls()
    assert shop.state() == ("connected", False)
    assert shop.works() == 2
    told = {number: state for number, state, _ in shop.mails()}
    assert told[number(third)] == "cancelled", "what was cancelled meanwhile is not confirmed"
    assert told[number(second)] == told[number(fourth)] == "sent"
    assert shop.works() == 0
    assert not shop.opens_the_app()


def test_what_is_too_late_when_the_shop_comes_back_expires(shop: Shop) -> None:
    order = shop.store.order()
    token_dies(shop)
    later(shop, seconds=5)
    shop.hears(str(order["id"]), "orders/create")
    shop.polls()
    assert shop.works() == 0
    later(shop, hours=13)
    assert shop.opens_the_app()
    shop.polls()
    assert shop.works() == 0
    assert [state for _, state, _ in shop.mails()] == ["expired"]


def test_a_frozen_shop_waits_and_goes_on_by_itself(shop: Shop) -> None:
    shop.opens_the_app()
    order = shop.store.order()
    shop.store.post("/sandbox/quirks", {"frozen": True})
    later(shop, seconds=5)
    shop.polls()
    (row,) = shop.desk.rows("SELECT problem FROM shops WHERE id = :id", id=shop.desk.shop_id)
    assert shop.state() == ("connected", True) and "402" in row.problem
    shop.hears(str(order["id"]), "orders/create")
    assert shop.works() == 0 and not shop.busy()
    assert not shop.opens_the_app(), "its token is good"
    shop.store.post("/sandbox/quirks", {"frozen": False})
    later(shop, minutes=31)
    shop.polls()
    assert shop.state() == ("connected", False)
    assert shop.works() == 1
