"""The plugin leaves while mails are handed over, orders come in and hints are read: from its commit on
nothing is marked for sending, and nothing of the shop begins any more."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from app.db import Database
from app.services.errands import run_errand
from app.services.plugin_hints import take_hint
from app.services.plugin_left import leave
from app.services.send import Sender, send_due
from app.services.wake import wake_due
from connectors.base import Reading
from connectors.woocommerce.plugin_message import Hint
from emails.message import Envelope
from emails.providers.base import Courier, Receipt
from tests.app.desk import START, Desk, an_order, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.sending import smtp_sender
from tests.app.services.plugin_standin import Plugin
from tests.proof import Count, Figure

ORDERS = 12


def a_shop(db: Database, name: str, orders: int = ORDERS) -> Desk:
    desk = connect_shop(db, f"{name}.example")
    desk.now = desk.real = START + timedelta(minutes=2)
    desk.read(Reading(orders=tuple(an_order(id=str(n), number=str(n)) for n in range(orders))))
    return desk


def left(desk: Desk) -> str:
    (shop,) = desk.rows("SELECT token FROM shops WHERE id = :id", id=desk.shop_id)
    return leave(desk.database, shop.token, desk.shop_id, desk.real, desk.now)


def marked(desk: Desk) -> set[int]:
    rows = desk.rows("SELECT id FROM messages WHERE state IN ('sending', 'sent', 'unknown', 'failed')")
    return {row.id for row in rows}


class Interrupted:
    """A real courier; the plugin leaves at one point of one mail."""

    def __init__(self, courier: Courier, at: str, mail: int, leaves: Callable[[], object]) -> None:
        self.courier, self.at, self.mail, self.leaves = courier, at, mail, leaves
        self.number = 0

    def prepare(self, envelope: Envelope) -> None:
        self._point("before the server is asked")
        self.courier.prepare(envelope)
        self._point("before the mark")

    def hand_over(self) -> Receipt:
        self._point("after the mark")
        receipt = self.courier.hand_over()
        self._point("after the hand-over")
        self.number += 1
        return receipt

    def drop(self) -> None:
        self.courier.drop()
        self.number += 1

    def _point(self, name: str) -> None:
        if (name, self.number) == (self.at, self.mail):
            self.leaves()

    def __enter__(self) -> Interrupted:
        return self

    def __exit__(self, *_: object) -> None:
        """The real one is closed by whoever opened it."""


@pytest.mark.parametrize("mail", [0, 2, 4])
@pytest.mark.parametrize(
    ("at", "more"),
    [
        ("before the server is asked", 0),
        ("before the mark", 0),
        ("after the mark", 1),  # its last byte may have left: nobody can take that back
        ("after the hand-over", 1),
    ],
)
def test_the_plugin_leaves_at_every_point(
    db: Database, port: int, mailbox: Mailbox, at: str, more: int, mail: int
) -> None:
    desk = a_shop(db, "larkhus", 5)
    sender = smtp_sender(desk, port)
    outcomes: list[str] = []
    with sender.provider.connect() as real:
        courier = Interrupted(real, at, mail, lambda: outcomes.append(left(desk)))
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass
    assert outcomes == ["left"]
    assert len(mailbox.mails) == mail + more
    states = Counter(row.state for row in desk.rows("SELECT state FROM messages"))
    assert states == +Counter(sent=mail + more, cancelled=5 - mail - more)


@pytest.mark.timeout(1800)
def test_the_plugin_leaves_in_the_middle_of_everything(
    db: Database, port: int, mailbox: Mailbox, count: Count, figure: Figure
) -> None:
    seen: Counter[str] = Counter()
    for seed in range(count(10, 300)):
        rng, desk = Random(seed), a_shop(db, f"shop-{seed}")
        sender = smtp_sender(desk, port)
        before = len(mailbox.mails)
        acts = (*[sending(sender)] * 2, arriving(desk, rng), hinted(desk), reading(desk), waking(desk))
        with at_once(acts):
            time.sleep(rng.random() * 0.12)
            assert left(desk) == "left"
            at_commit = marked(desk)
            time.sleep(0.05)
        assert marked(desk) == at_commit, f"seed {seed}: marked after the shop had left"
        assert len(mailbox.mails) - before == len(at_commit), seed
        assert_nothing_goes_on(desk, seed)
        seen["sent before it left"] += len(at_commit)
        seen["withdrawn"] += len(desk.rows("SELECT 1 FROM messages WHERE state = 'cancelled'"))
        seen["in the middle"] += 0 < len(at_commit) < ORDERS
    for name, times in seen.items():
        figure(name, times)
    assert all(seen[name] > 0 for name in ("sent before it left", "withdrawn", "in the middle"))


def assert_nothing_goes_on(desk: Desk, seed: int) -> None:
    for what in (
        "messages WHERE state IN ('due', 'claimed', 'sending')",
        "journeys WHERE status = 'active'",
        "timers",
        "polls",
        "flow_switches",
        "shop_secrets",
    ):
        assert desk.rows(f"SELECT 1 FROM {what}") == [], (seed, what)
    (shop,) = desk.rows("SELECT state FROM shops WHERE id = :id", id=desk.shop_id)
    assert shop.state == "uninstalled"


@contextmanager
def at_once(acts: Collection[Callable[[], object]]) -> Iterator[None]:
    """Each goes on in a thread of its own until the block ends. What one of them raises is raised here."""
    over = threading.Event()

    def again(act: Callable[[], object]) -> None:
        while not over.is_set():
            act()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(again, act) for act in acts]
        try:
            yield
        finally:
            over.set()
        for one in running:
            one.result(30)


def sending(sender: Sender) -> Callable[[], object]:
    def act() -> None:
        with sender.provider.connect() as courier:
            send_due(sender, courier, sender.real() + timedelta(seconds=20), limit=5)

    return act


def arriving(desk: Desk, rng: Random) -> Callable[[], object]:
    """Orders go on to be placed, whatever the plugin says."""

    def act() -> None:
        number = str(rng.randrange(100, 10_000))
        desk.read(Reading(orders=(an_order(id=number, number=number),)))
        time.sleep(0.01)

    return act


def hinted(desk: Desk) -> Callable[[], object]:
    def act() -> None:
        take_hint(desk.database, desk.shop_id, Hint("7", "hint: status", True), desk.real)
        time.sleep(0.005)

    return act


def reading(desk: Desk) -> Callable[[], object]:
    """Of a store that is away: what matters is who holds what meanwhile."""
    stores = Plugin(address="http://127.0.0.1:9").stores(desk)
    return lambda: run_errand(desk.database, stores, desk.now, desk.real)


def waking(desk: Desk) -> Callable[[], object]:
    return lambda: wake_due(desk.database, desk.keys, desk.now)


def test_a_hint_that_crossed_with_the_leave_leads_nowhere(db: Database) -> None:
    """Taken when the shop was still there, stored when it had left: the read finds nobody's store."""
    desk = a_shop(db, "larkhus", 0)
    assert left(desk) == "left"
    with db.shops(desk.shop_id) as session:
        session.execute(
            text(
                "INSERT INTO wishes (shop_id, noun, id, reason, asked_at, next_at, attempts)"
                " VALUES (:shop, 'order', '7', 'hint: status', :at, :at, 0)"
            ),
            {"shop": desk.shop_id, "at": desk.real},
        )
    plugin = Plugin(address="http://127.0.0.1:9")
    assert run_errand(db, plugin.stores(desk), desk.now, desk.real)
    assert desk.rows("SELECT 1 FROM wishes") == [] == desk.rows("SELECT 1 FROM orders")
