"""A store never gets more calls at a time than it bears, however many processes there are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from app.db import Database
from app.services.errands import run_errand
from app.services.intake import ask_stores
from app.services.stores import AFTER_NO_TURN, Stores
from app.turns import NoTurn, Turns
from connectors.base import Noun, Wish
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from tests.app.desk import KEYS, Desk
from tests.proof import Count, Figure
from wire.http import HttpClient

ROOT = Path(__file__).parents[2]
PROCESSES = 4
PRODUCT = json.dumps({"id": 1, "name": "Lamp", "date_modified_gmt": "2026-11-21T20:43:10"}).encode()


@dataclass
class Counting:
    """A store that counts how many are with it at a time."""

    origin: str = ""
    calls: int = 0
    most: int = 0
    here: int = 0
    seconds: float = 0.03
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self) -> None:
        with self.lock:
            self.calls += 1
            self.here += 1
            self.most = max(self.most, self.here)
        time.sleep(self.seconds)
        with self.lock:
            self.here -= 1


@contextmanager
def counting() -> Iterator[Counting]:
    store = Counting()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            store.serve()
            self.send_response(200)
            self.send_header("Content-Length", str(len(PRODUCT)))
            self.end_headers()
            self.wfile.write(PRODUCT)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def children(desk: Desk, urls: tuple[str, str], store: Counting, calls: int) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.app.turns_child", *urls, store.origin]
    return [
        subprocess.Popen(
            [*command, str(desk.shop_id), str(calls)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(PROCESSES)
    ]


def test_four_processes_of_three_threads_never_call_three_at_a_time(
    desk: Desk, database: Any, valkey: str, count: Count, figure: Figure
) -> None:
    calls = count(20, 400)
    with counting() as store:
        said = [
            one.communicate(timeout=300)[0]
            for one in children(desk, (database.app_url, valkey), store, calls)
        ]
    made, put_off = (sum(int(one.split()[at]) for one in said) for at in (0, 1))
    figure("calls", store.calls)
    figure("at a time", store.most)
    assert (made, made + put_off) == (store.calls, PROCESSES * calls)
    assert store.most == 2, "both turns are used, and no third"
    assert made > PROCESSES * calls / 2


def test_without_redis_each_process_keeps_to_it_by_itself(desk: Desk, database: Any) -> None:
    with counting() as store:
        nowhere = "redis://127.0.0.1:9"
        (child, *others) = children(desk, (database.app_url, nowhere), store, 12)
        assert child.communicate(timeout=60)[0].split() == ["12", "0"]
        for one in others:
            one.communicate(timeout=60)
    assert 2 <= store.most <= 2 * PROCESSES


def test_a_turn_of_a_process_that_was_killed_lapses(valkey: str) -> None:
    code = (
        "import sys, time, app.turns as t; from redis import Redis; t._SPARE = 0.4\n"
        "with t.Turns(Redis.from_url(sys.argv[1])).taken('7', 0.4):\n"
        "    print('in', flush=True); time.sleep(60)"
    )
    held = [
        subprocess.Popen([sys.executable, "-c", code, valkey], stdout=subprocess.PIPE, cwd=ROOT)
        for _ in range(2)
    ]
    assert [one.stdout.readline() for one in held if one.stdout] == [b"in\n"] * 2
    for one in held:
        os.kill(one.pid, signal.SIGKILL)
        one.communicate()
    redis = Redis.from_url(valkey)
    with pytest.raises(NoTurn), Turns(redis, patience=0.05).taken("7", 1.0):
        pass
    patient = Turns(redis, patience=3.0)
    with patient.taken("7", 1.0), patient.taken("7", 1.0):
        assert redis.zcard("doorstep:turns:7") == 2
    assert redis.zcard("doorstep:turns:7") == 0


def test_a_long_call_keeps_its_turn_while_short_ones_come_and_go(
    valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place in Redis lives as long as the longest of its entries."""
    monkeypatch.setattr("app.turns._SPARE", 0.0)
    redis = Redis.from_url(valkey)
    turns = Turns(redis, patience=0.0)
    with turns.taken("7", 60.0):
        with turns.taken("7", 0.05):
            pass
        time.sleep(0.1)
        assert redis.zcard("doorstep:turns:7") == 1


def test_shops_do_not_wait_for_each_other(valkey: str) -> None:
    turns = Turns(Redis.from_url(valkey), patience=0.0)
    first, second, other = (turns.taken(shop, 1.0) for shop in ("1", "1", "2"))
    with first, second, other, pytest.raises(NoTurn), turns.taken("1", 1.0):
        pass
    assert not turns.here


def test_threads_take_turns_where_nobody_else_counts() -> None:
    turns, store = Turns(None), Counting(seconds=0.01)

    def call(_: int) -> None:
        with turns.taken("1", 1.0):
            store.serve()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(40)))
    assert (store.calls, store.most) == (40, 2) and not turns.here


def test_what_finds_no_turn_is_put_off_and_no_try_is_counted(db: Database, desk: Desk, valkey: str) -> None:
    with counting() as store:
        turns = Turns(Redis.from_url(valkey), patience=0.0)
        http = HttpClient(origins={"https://larkhus.example": store.origin})
        stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys("", ""), db, turns=turns)
        with db.shops(desk.shop_id) as session:
            ask_stores(session, [(desk.shop_id, Wish(Noun.PRODUCT, "1"))], desk.real)
        query = "SELECT attempts, next_at, state, error FROM wishes"
        with turns.taken(str(desk.shop_id), 5.0), turns.taken(str(desk.shop_id), 5.0):
            for _ in range(100):
                assert run_errand(db, stores, desk.now, desk.real)
                (wish,) = desk.rows(query)
                assert tuple(wish) == (0, desk.real + timedelta(seconds=AFTER_NO_TURN), "open", None)
                desk.real += timedelta(seconds=AFTER_NO_TURN)
        assert store.calls == 0
        assert desk.rows("SELECT FROM store_health WHERE failures > 0") == []
        assert run_errand(db, stores, desk.now, desk.real)
        assert store.calls == 1 and desk.rows(query) == []
