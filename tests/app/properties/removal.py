"""A Shopify shop that is removed, forgotten and comes back while everything else goes on, told by a seed.

All calls are the real ones; they come in a random order, and some in the middle of others: between the claim
of a mail and its hand-over, between the question to the store and what is done with its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import text

from app.db import Database
from app.services.ack import Door, accept
from app.services.errands import run_errand
from app.services.heal import run_poll
from app.services.install import Attempt, connect
from app.services.intake import take_in
from app.services.ledger import lapse
from app.services.privacy import run_request
from app.services.send import Sender, send_due
from app.services.stores import Stores
from app.services.switches import switch_on
from app.services.wake import wake_due
from connectors.base import Delivery
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from connectors.shopify.webhooks import HEADERS, sign_webhook, verify_webhook
from emails.providers.base import Courier, Provider
from flows.commerce import Platform
from flows.presets import PRESETS
from tests.app.desk import KEYS, START
from tests.app.properties.interrupted import Shelf, Watching
from tests.app.properties.told_of_person import LIVE_ORDER, Told, consent
from tests.app.services.canary import CUSTOMER, EMAIL, NAME, ORDER, PHONE
from wire.http import HttpClient

SECRET = "shpss_" + "1" * 32


LONG_AGO = START - timedelta(days=1)


@dataclass
class Removal:
    """One shop's story. `wrong`: hand-overs that must not have been; `sent`: rows that left. `ticks`: the
    clock of leases; it goes slowly, so that nothing is stopped only because a lease ran out."""

    db: Database
    provider: Provider
    seed: int
    courier: Courier
    rng: Random = field(init=False)
    now: datetime = START
    ticks: datetime = START
    told: Told = field(default_factory=Told)
    wrong: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    depth: int = 0
    removed_at: datetime | None = None
    back: bool = False
    person_asked: bool = False
    shop_asked: bool = False
    number: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.domain = f"races-{self.seed}.myshopify.com"
        self.shop_id = self._connect()
        self.due: list[Callable[[], None]] = self._before()

    # What the merchant, the shopper and Shopify do.

    def _before(self) -> list[Callable[[], None]]:
        at = self.now + timedelta(minutes=1)
        bodies = [
            ("orders/create", self.told.order(at)),
            ("orders/paid", self.told.order(at + timedelta(minutes=1))),
            ("fulfillments/create", self.told.parcel(at + timedelta(minutes=2))),
            ("customers/update", self.told.customer(at + timedelta(minutes=1))),
            consent(at),
            ("orders/edited", {"order_edit": {"id": 1, "order_id": int(ORDER)}}),
            ("orders/updated", {"broken": NAME, "id": EMAIL}),
        ]
        found: list[Callable[[], None]] = []
        for topic, body in bodies:
            for _ in range(self.rng.choice((1, 1, 2))):
                raw = json.dumps(body, ensure_ascii=self.rng.random() < 0.5).encode()
                found.append(partial(self._deliver, topic, raw, at))
        self.rng.shuffle(found)
        # After some of it: the person asks, the merchant leaves and perhaps comes back.
        later: list[Callable[[], None]] = []
        if self.rng.random() < 0.6:
            later.append(self._ask_for_person)
        if self.rng.random() < 0.85:
            later.append(self._remove)
        self.rng.shuffle(later)
        place = self.rng.randrange(len(found) // 2, len(found) + 1)
        return (
            [*found[:place], *later, *found[place:]]
            if later[:1] != [self._ask_for_person]
            else [*found, *later]
        )

    def _ask_for_person(self) -> None:
        """Shopify forgets first, and tells us then."""
        self.told.forgotten, self.person_asked = True, True
        person = {"id": int(CUSTOMER), "email": EMAIL, "phone": PHONE}
        self._tell("customers/redact", {"customer": person, "orders_to_redact": [int(ORDER)]})

    def _remove(self) -> None:
        self.removed_at = self.now
        self._tell("app/uninstalled", {"id": 5, "myshopify_domain": self.domain})
        after = [self._ask_for_shop] if self.rng.random() < 0.8 else []
        if self.rng.random() < 0.6:
            after.insert(self.rng.randrange(len(after) + 1), self._come_back)
        self.due += after
        if self.rng.random() < 0.5:
            at = self.removed_at
            self.due.append(lambda: self._tell("app/uninstalled", {"id": 5}, at))

    def _ask_for_shop(self) -> None:
        self.now = max(self.now, (self.removed_at or self.now) + timedelta(hours=48))
        self.shop_asked = True
        self._tell("shop/redact", {})

    def _come_back(self) -> None:
        self.settle_inbox()
        self.now += timedelta(hours=1)
        self._connect()
        self.back = True
        at = self.now + timedelta(minutes=1)
        raw = json.dumps(self.told.order(at, LIVE_ORDER)).encode()
        self.due.append(lambda: self._deliver("orders/create", raw, at))

    def _connect(self) -> int:
        attempt = Attempt(Platform.SHOPIFY, self.domain, f"https://{self.domain}")
        secrets = {"access_token": "t", "scope": "read_orders"}
        shop = connect(self.db, KEYS, attempt, secrets, self.now, self.now)
        with self.db.shops(shop.shop_id) as session:
            for flow in PRESETS:
                switch_on(session, shop.shop_id, flow.key, self.now)
            # Only what reads people: the store has no other doors here.
            session.execute(
                text(
                    "UPDATE polls SET next_at = 'infinity'"
                    " WHERE noun NOT IN ('orders', 'customers', 'history')"
                )
            )
        return shop.shop_id

    def _tell(self, topic: str, body: dict[str, Any], at: datetime | None = None) -> None:
        named = {"shop_domain": self.domain} if topic.endswith(("redact", "request")) else {}
        self._deliver(topic, json.dumps({**named, **body}).encode(), at or self.now)

    def _deliver(self, topic: str, raw: bytes, at: datetime) -> None:
        self.number += 1
        headers = {
            HEADERS["topic"]: topic,
            HEADERS["shop"]: self.domain,
            HEADERS["delivery"]: f"{self.seed}-{self.number}",
            HEADERS["triggered"]: at.isoformat(),
            **sign_webhook(raw, SECRET),
        }
        delivery = Delivery({name.lower(): value for name, value in headers.items()}, raw)
        verified = verify_webhook(delivery, (SECRET,))
        accept(self.db, Door(Platform.SHOPIFY, domain=verified.shop), verified, raw, self.now)

    # What the app does by itself.

    def settle_inbox(self) -> None:
        while take_in(self.db, connector_for, KEYS, self.now, self.now):
            pass

    def work(self) -> None:
        self.rng.choice(
            (
                lambda: take_in(self.db, connector_for, KEYS, self.now, self.now),
                lambda: take_in(self.db, connector_for, KEYS, self.now, self.now),
                lambda: wake_due(self.db, KEYS, self.now),
                self._send,
                self._send,
                self._send,
                lambda: run_errand(self.db, self._stores(), self.now, self.now),
                lambda: run_poll(self.db, self._stores(), self.now, self.now, lambda: True),
                lambda: run_request(self.db, KEYS, self.now, self.now),
            )
        )()

    def _send(self) -> int:
        sender = Sender(
            self.db,
            KEYS,
            self.provider,
            "http://127.0.0.1:8000",
            "mail.example",
            lambda: self.now,
            lambda: self.ticks,
            shared_domain_offers=True,
        )
        return send_due(sender, Watching(self.courier, self), self.ticks + timedelta(seconds=30))

    def _stores(self) -> Stores:
        return Stores(
            connector=lambda _: Shelf(self),
            keys=KEYS,
            http=HttpClient(),
            app_address="https://app.example",
            shopify=AppKeys("k", SECRET, None),
            database=self.db,
        )

    def meanwhile(self) -> None:
        """Other things happen in the middle of what is going on: some, or all that there is to happen."""
        with self._deeper() as allowed:
            if not allowed:
                return
            for _ in range(self.rng.choice((0, 0, 1, 2, 4))):
                self.step()
            if self.rng.random() < 0.3:
                while self.due:
                    self.due.pop(0)()
                self.settle_inbox()
                while run_request(self.db, KEYS, self.now, self.now):
                    pass

    def step(self) -> None:
        self.now += timedelta(seconds=self.rng.randrange(1, 90))
        self.ticks += timedelta(seconds=1)
        if self.due and self.rng.random() < 0.4:
            self.due.pop(0)()
        else:
            self.work()

    @contextmanager
    def _deeper(self) -> Iterator[bool]:
        self.depth += 1
        yield self.depth <= 2
        self.depth -= 1

    def hand_over(self, row: str) -> None:
        """Right after the mark: whatever was committed before it has to have stopped the mail."""
        with self.db.shops(self.shop_id) as session:
            found = session.execute(
                text(
                    "SELECT m.generation = s.generation AND s.state <> 'uninstalled' AS may, m.order_id"
                    " FROM messages m JOIN shops s ON s.id = m.shop_id WHERE m.id = :id"
                ),
                {"id": int(row)},
            ).one_or_none()
        if found is None or not found.may:
            self.wrong.append(f"seed {self.seed}: row {row} was handed over: {found}")
        self.sent.append(int(row))

    def run(self) -> None:
        while self.due:
            self.step()
        for _ in range(6):
            self.work()
        for later in (timedelta(minutes=2), timedelta(days=3)):
            self.now += later
            self._come_to_rest()

    def _come_to_rest(self) -> None:
        run_poll(self.db, self._stores(), self.now, self.now, lambda: True)
        busy = True
        while busy:
            self.settle_inbox()
            self.ticks += timedelta(minutes=2)
            lapse(self.db, self.now, self.ticks)
            busy = run_request(self.db, KEYS, self.now, self.now)
            busy |= run_errand(self.db, self._stores(), self.now, self.now)
            busy |= bool(wake_due(self.db, KEYS, self.now)) or self._send() > 0
