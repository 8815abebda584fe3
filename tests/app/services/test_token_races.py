"""Many callers, one token, and something that goes wrong at every point: one renewal at a time, and in the
end everybody holds a token that works."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.db import Database, open_database
from app.services.install import Attempt, connect
from app.services.stores import Stores
from app.services.tokens import TOKEN_HEADER
from connectors.base import StoreError
from connectors.registry import connector_for
from flows.commerce import Platform
from sandbox.shopify.oauth import installation
from tests.app.desk import KEYS
from tests.app.token_server import API, APP, DOMAIN, TokenServer, token_server
from tests.proof import Count, Figure
from wire.http import Answer, HttpClient

THREADS = 8
ATTEMPT = Attempt(Platform.SHOPIFY, DOMAIN, f"https://{DOMAIN}")
PLACES = ("nowhere", "before the call", "after the call", "in the commit", "before its use", "at the store")


class Died(BaseException):
    """What is under way ends here, like a process that is killed."""


@dataclass
class Faults:
    """At `place` the next `left` callers die."""

    place: str = ""
    left: int = 0
    struck: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strike(self, place: str) -> None:
        with self.lock:
            if place != self.place or not self.left:
                return
            self.left -= 1
            self.struck += 1
        raise Died(place)


FAULTS = Faults()


class Mortal(HttpClient):
    """Dies right before or right after it asks for a token."""

    def request(self, method: str, url: str, **how: Any) -> Answer:
        asks = url.endswith("/access_token")
        if asks:
            FAULTS.strike("before the call")
        answer = super().request(method, url, **how)
        if asks:
            FAULTS.strike("after the call")
        return answer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TokenServer]:
    with token_server(tmp_path) as running:
        yield running


@pytest.fixture
def wide(database: Any) -> Iterator[Database]:
    """Connections enough for a thread that renews while its own transaction is open."""
    opened = open_database(database.app_url, size=THREADS)

    @event.listens_for(opened.engine, "commit")
    def dies(connection: Any) -> None:
        if connection.info.pop("renews", False):
            FAULTS.strike("in the commit")

    @event.listens_for(opened.engine, "before_cursor_execute")
    def notes(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("UPDATE shop_secrets"):
            connection.info["renews"] = True

    yield opened
    opened.engine.dispose()


def stores_of(database: Database, server: TokenServer, http: HttpClient | None = None) -> Stores:
    client = http or Mortal(origins=server.origins, pause=lambda seconds: None)
    return Stores(connector_for, KEYS, client, "https://app.example", APP, database)


def works(stores: Stores, shop_id: int, real: datetime) -> None:
    """One job: opens the store and calls it; whoever dies or is refused is started again."""
    for _ in range(6):
        try:
            with stores.database.shops(shop_id) as session:
                store = stores.open(session, shop_id, real)
            assert store is not None
            FAULTS.strike("before its use")
            token = store.secrets["access_token"]
            answer = store.http.request("POST", API, headers={TOKEN_HEADER: token}, body=b"{}")
        except (Died, StoreError):
            continue
        assert answer.status == 200, "locked out"
        return
    raise AssertionError("no token that works")


@pytest.mark.timeout(1200)
def test_one_renewal_at_a_time_and_nobody_is_locked_out(
    wide: Database, server: TokenServer, count: Count, figure: Figure
) -> None:
    stores, renewals, struck = stores_of(wide, server), 0, 0
    chance = random.Random(7)
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(count(24, 1000)):
            real = datetime.now(UTC)
            refused = number // len(PLACES) % 2 == 1  # else: its five last minutes have begun
            held = server.given(real, timedelta(hours=1) if refused else timedelta(minutes=4))
            shop_id = connect(wide, KEYS, ATTEMPT, held, real, real).shop_id
            if refused:
                server.revoke(held["access_token"])
            place = PLACES[number % len(PLACES)]
            FAULTS.place, FAULTS.left, FAULTS.struck = place, chance.randint(1, 3), 0
            server.failing = 3 if place == "at the store" else 0
            server.renewals, server.slow = 0, chance.choice((0.0, 0.002))
            jobs = [pool.submit(works, stores, shop_id, real) for _ in range(THREADS)]
            for job in jobs:
                job.result(timeout=60)
            assert server.most == 1, f"{server.most} renewals at once: {place}"
            lost = FAULTS.struck if place != "before its use" else 0
            assert server.renewals <= 1 + lost + (3 if place == "at the store" else 0), place
            renewals, struck = renewals + server.renewals, struck + FAULTS.struck
            FAULTS.place = ""
            held = stores.tokens().renewed(shop_id, DOMAIN, real)
            assert server.opens(held["access_token"])
            again = stores.tokens().renewed(shop_id, DOMAIN, real, untaken=held["access_token"])
            assert server.opens(again["access_token"]), "and it can be renewed"
    assert struck, "no fault has struck"
    figure("renewals", renewals)
    figure("died", struck)


def test_a_call_that_comes_late_from_somebody_who_died_locks_nobody_out(
    wide: Database, server: TokenServer
) -> None:
    stores, real = stores_of(wide, server), datetime.now(UTC)
    held = server.given(real, timedelta(minutes=4))
    shop_id = connect(wide, KEYS, ATTEMPT, held, real, real).shop_id
    fresh = stores.tokens().renewed(shop_id, DOMAIN, real)
    late = installation.refresh(server.shop, held["refresh_token"])
    assert not server.opens(fresh["access_token"]), "the pair that is stored is dead, refresh token and all"
    works(stores, shop_id, real)
    assert not server.opens(late["access_token"])
    assert server.renewals == 3


@pytest.mark.timeout(600)
def test_whoever_is_killed_leaves_a_token_that_can_be_renewed(
    wide: Database, database: Any, server: TokenServer, count: Count, figure: Figure
) -> None:
    """Processes that open and call the store in turns, killed at any moment."""
    chance, killed = random.Random(11), 0
    real = datetime.now(UTC)
    # Every token is in its last minutes at once, so that every opening is a renewal.
    server.shop.write("shop", {"access_seconds": 60}, "quirks")
    shop_id = connect(wide, KEYS, ATTEMPT, server.given(real, timedelta(0)), real, real).shop_id
    command = [sys.executable, "-m", "tests.app.services.token_child"]
    command += [database.app_url, server.origin, str(shop_id)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nest:
        assert nest.stdin is not None and nest.stdout is not None
        for _ in range(count(3, 20)):
            server.most, server.slow = 0, 0.003
            nest.stdin.write("go\n")
            nest.stdin.flush()
            reached, patience = server.renewals + 6, time.monotonic() + 30
            while server.renewals < reached:
                assert time.monotonic() < patience and nest.poll() is None
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            nest.stdin.write("kill\n")
            nest.stdin.flush()
            told = nest.stdout.readline().split()
            assert told[0] == "killed", told
            killed += int(told[1])
            works(stores_of(wide, server, HttpClient(origins=server.origins)), shop_id, datetime.now(UTC))
            assert server.most <= 2, "one under way, and one whose asker was killed"
        nest.send_signal(signal.SIGTERM)
    assert killed > 0
    figure("killed", killed)
    figure("renewals", server.renewals)
