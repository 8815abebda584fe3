"""Importing a shop's history: 200,000 orders over real HTTP into a real database, killed in the middle.

`python -m benchmarks.bulk_import` with DOORSTEP_UCI naming the folder of UCI Online Retail II (parquet), or
DOORSTEP_UCI_FILE a file that `benchmarks.uci_orders` wrote. `--orders`, `--sample`, `--kills` change the
counts. It prints what it promises and exits with 1 where a promise is broken:

- at most 150 MB peak memory of the importing process,
- a tenth of the CPU per order (process and database together) of an ORM that stores an order at a time,
  measured in the same run over the file's first orders (`benchmarks/peers/orm_per_order.py`),
- after each kill -9 the next process goes on where the last page was committed, and no row is doubled or
  lost: orders, their lines, parcels and refunds are counted against what was written into the file.

CPU, not time, is compared: the machine may be busy with other things. The database's CPU is what its
processes used, so ticks of 10 ms; samples are long enough for that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
from cryptography.fernet import Fernet
from psycopg import sql
from sqlalchemy import text

from app.cli.migrate import upgrade
from app.cli.servers import APP, OWNER, Postgres, start_postgres
from app.db import Database, open_database
from app.keys import Keys
from app.services.install import Attempt, connect
from benchmarks.bulk_server import DOMAIN
from benchmarks.importer import SECRET, peak_memory
from benchmarks.uci_orders import write_file
from benchmarks.written import Kind, Written, asked, the_file, work_folder
from connectors.shopify.bulk_file import PIECE
from flows.commerce import Platform

MOST_MEMORY = 150.0  # MB
LEAST_RATIO = 10.0
SHOPIFY = Attempt(Platform.SHOPIFY, DOMAIN, f"https://{DOMAIN}")


@dataclass
class Bench:
    server: Postgres
    database: Database
    app_url: str
    owner_url: str
    key: str
    shop: int

    def count(self, what: str) -> int:
        with self.database.shops(self.shop) as session:
            return int(session.execute(text(what)).scalar_one() or 0)

    def done(self) -> int:
        return self.count("SELECT coalesce(done, 0) FROM polls WHERE noun = 'history'")

    def database_cpu(self) -> float:
        """Seconds of all its processes, those that are over included."""
        whole = psutil.Process(self.server.process.pid)
        while True:
            try:
                times = [part.cpu_times() for part in (whole, *whole.children(recursive=True))]
            except psutil.NoSuchProcess:  # it ended just now: the next look finds it with those that are over
                continue
            used = sum(one.user + one.system for one in times)
            return float(used + times[0].children_user + times[0].children_system)


@contextmanager
def bench(folder: Path, attempt: Attempt = SHOPIFY, now: datetime | None = None) -> Iterator[Bench]:
    """An empty database with one connected shop, of which only the history is to be read. `now`: when it was
    connected, where not just now."""
    server = start_postgres(folder, durable=False)
    try:
        with psycopg.connect(server.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
            made = sql.SQL("create database bench owner {}").format(sql.Identifier(OWNER))
            connection.execute(made)
        upgrade(server.url(OWNER, "bench"), APP)
        at = with_a_shop(server, server.url(APP, "bench"), server.url(OWNER, "bench"), attempt, now)
        yield at
        at.database.engine.dispose()
    finally:
        server.stop()


def with_a_shop(
    server: Postgres,
    app_url: str,
    owner_url: str,
    attempt: Attempt = SHOPIFY,
    now: datetime | None = None,
) -> Bench:
    """Connects the shop in a migrated database."""
    key, database, now = Fernet.generate_key().decode(), open_database(app_url), now or datetime.now(UTC)
    secrets = {"access_token": "shpat_1", "consumer_key": "ck_1", "consumer_secret": "cs_1"}
    shop = connect(database, Keys(SECRET, (key,)), attempt, secrets, now, now)
    with database.shops(shop.shop_id) as session:
        session.execute(text("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'history'"))
    return Bench(server, database, app_url, owner_url, key, shop.shop_id)


@contextmanager
def serving(written: Written, module: str = "benchmarks.bulk_server") -> Iterator[str]:
    command = [sys.executable, "-m", module, str(written.file), str(written.orders)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


def start_importer(at: Bench, address: str, minutes: float, piece: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.importer", at.app_url, address, at.key, str(at.shop)]
    return subprocess.Popen([*command, str(minutes), str(piece)], stdout=subprocess.PIPE, text=True)


def run_with_kills(
    at: Bench, written: Written, address: str, kills: int, piece: int = PIECE
) -> tuple[float, float]:
    """CPU seconds of all importing processes, and the highest peak memory of one in MB."""
    cpu, memory = 0.0, 0.0
    for number in range(kills + 1):
        goal = written.orders * (number + 1) // (kills + 1) if number < kills else None
        with start_importer(at, address, 11.0 * number, piece) as process:
            used = _until_it_ends(at, process, goal)
        cpu, memory = cpu + used[0], max(memory, used[1])
    return cpu, memory


def _until_it_ends(at: Bench, process: subprocess.Popen[str], goal: int | None) -> tuple[float, float]:
    """Killed when so many orders are there. CPU seconds and peak memory, by its own word or as last seen."""
    seen, last = psutil.Process(process.pid), (0.0, 0.0)
    while process.poll() is None:
        last = _used(seen) or last
        if goal is not None and at.done() >= goal:
            process.kill()
        time.sleep(0.05)
    if goal is not None:
        print(f"killed with signal 9 at {at.done():,} orders", flush=True)
        return last
    said = process.stdout.read().split() if process.stdout else []
    assert len(said) == 2, f"the importer failed: {process.returncode}"
    return float(said[0]), float(said[1])


def _used(process: psutil.Process) -> tuple[float, float] | None:
    try:
        times = process.cpu_times()
        return times.user + times.system, peak_memory(str(process.pid))
    except (psutil.NoSuchProcess, OSError, StopIteration):
        return None


def lost_or_doubled(at: Bench, written: Written) -> list[str]:
    """What is not there exactly once."""
    expected = {
        "orders": (written.orders, "SELECT count(DISTINCT id) FROM orders"),
        "rows of orders": (written.orders, "SELECT count(*) FROM orders"),
        "lines": (written.lines, "SELECT sum(jsonb_array_length(body->'lines')) FROM orders"),
        "parcels": (written.orders, "SELECT count(*) FROM parcels"),
        "refunds": (written.refunds, "SELECT count(*) FROM refunds"),
        "journeys": (0, "SELECT count(*) FROM journeys"),
        "told as done": (written.orders, "SELECT done FROM polls WHERE noun = 'history'"),
    }
    found = {name: (wanted, at.count(query)) for name, (wanted, query) in expected.items()}
    return [
        f"{name}: {seen:,} instead of {wanted:,}" for name, (wanted, seen) in found.items() if wanted != seen
    ]


def run_peer(at: Bench, written: Written, orders: int, module: str) -> float:
    command = [sys.executable, "-m", module, at.owner_url, str(written.file)]
    ran = subprocess.run([*command, str(orders)], stdout=subprocess.PIPE, text=True, check=True)
    return float(ran.stdout)


def counted(file: Path) -> Written:
    orders = lines = refunds = 0
    with file.open("rb") as opened:
        for line in opened:
            if b'"__parentId"' in line:
                lines += 1
            else:
                orders += 1
                refunds += len(json.loads(line)["refunds"])
    return Written(file, orders, lines, refunds)


KIND = Kind("DOORSTEP_UCI_FILE", "benchmarks.uci_orders", write_file, counted)


def main() -> None:
    wanted = asked("Import of a shop's history", 200_000)
    with work_folder() as folder:
        written = the_file(folder, wanted.orders, KIND)
        with bench(folder) as at, serving(written) as address:
            sys.exit(report(at, written, address, wanted.kills, wanted.sample))


def report(
    at: Bench,
    written: Written,
    address: str,
    kills: int,
    sample: int,
    module: str = "benchmarks.peers.orm_per_order",
) -> int:
    """Imports, runs the peer `module` beside it, and tells. 1 where a promise is broken."""
    sample = min(sample, written.orders)
    size = f"{written.orders:,} orders, {written.lines:,} lines, {written.refunds:,} refunds"
    print(f"{size}, {written.file.stat().st_size / 1e6:,.0f} MB; load {os.getloadavg()[0]:.1f}")
    before, began = at.database_cpu(), time.monotonic()
    cpu, memory = run_with_kills(at, written, address, kills)
    ours_database, took = at.database_cpu() - before, time.monotonic() - began
    before = at.database_cpu()
    peer = run_peer(at, written, sample, module)
    peer_database = at.database_cpu() - before
    mine, theirs = (cpu + ours_database) / written.orders, (peer + peer_database) / sample
    wrong = lost_or_doubled(at, written)
    print(f"ours: {_each(cpu, ours_database, written.orders)}; {written.orders / took:,.0f} orders/s")
    print(f"ORM:  {_each(peer, peer_database, sample)}, over {sample:,} orders")
    print(f"ratio of CPU per order: {theirs / mine:.1f} (promised {LEAST_RATIO:.0f})")
    print(f"peak memory: {memory:.0f} MB (promised {MOST_MEMORY:.0f})")
    print(f"after {kills} kills: {'; '.join(wrong) or 'every row once'}; load {os.getloadavg()[0]:.1f}")
    return int(bool(wrong) or memory > MOST_MEMORY or theirs / mine < LEAST_RATIO)


def _each(process: float, database: float, orders: int) -> str:
    """Seconds of CPU, as milliseconds an order."""
    return (
        f"{1e3 * process / orders:.2f} ms in the process + {1e3 * database / orders:.2f} ms in the database"
    )


if __name__ == "__main__":
    main()
