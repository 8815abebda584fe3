"""From orders to journeys with every flow on: ours in batches of 500 beside an ORM that takes an order at a
time (`benchmarks/peers/orm_journeys.py`), in the same run and on the same database.

`python -m benchmarks.journeys` (`--orders`, `--sample`: orders that the ORM takes). What is compared is CPU
for an order, the process's and the database's: the machine may be busy with other things. The orders are
those of `benchmarks.simulate`, with parcels, scans, refunds and consents; Python's collector is set for both
as it is in a worker. At most a quarter of the ORM's is
promised; it exits with 1 where that is broken. How many journeys an order has is printed for both: ours are
more, as we also hear what time alone tells.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import text

from app.jobs.worker import tune_collector
from app.keys import Keys
from app.queries.facts import load_shops
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.switches import switch_on
from benchmarks.bulk_import import Bench, bench
from benchmarks.importer import SECRET
from benchmarks.peers import orm_journeys
from benchmarks.simulate import DAYS, NOW, invented
from benchmarks.written import work_folder
from connectors.base import Reading
from flows.presets import PRESETS

LEAST_RATIO = 4.0
BATCH = 500
CONNECTED = NOW - timedelta(days=DAYS + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=5_000)
    parser.add_argument("--sample", type=int, default=1_000)
    asked = parser.parse_args()
    tune_collector()
    catalogue, *orders = invented(Random(20), asked.orders)
    sample = orders[: asked.sample]
    with work_folder() as folder, bench(folder, now=CONNECTED) as at:
        _begin(at, catalogue)
        ours = _cost(at, lambda: _in_batches(at, orders), len(orders))
        with at.database.shops(at.shop) as session:
            shop = load_shops(session, [at.shop])[at.shop].facts()
        journeys = at.count("SELECT count(*) FROM journeys") / len(orders)
        with orm_journeys.opened(at.owner_url, shop, PRESETS, catalogue.products) as session:
            counts: list[int] = []
            theirs = _cost(
                at,
                lambda: counts.extend(orm_journeys.react(session, shop, PRESETS, one, NOW) for one in sample),
                len(sample),
            )
    print(f"ours, {len(orders):,} orders: {_told(ours)}; {journeys:.1f} journeys an order")
    print(f"ORM, {len(sample):,} orders: {_told(theirs)}; {sum(counts) / len(sample):.1f} journeys an order")
    ratio = sum(theirs) / sum(ours)
    print(f"ratio {ratio:.1f}, promised {LEAST_RATIO:.0f}")
    sys.exit(ratio < LEAST_RATIO)


def _begin(at: Bench, catalogue: Reading) -> None:
    with at.database.shops(at.shop) as session:
        session.execute(text("UPDATE shops SET country = 'DE' WHERE id = :shop"), {"shop": at.shop})
        for flow in PRESETS:
            switch_on(session, at.shop, flow.key, CONNECTED)
    _in_batches(at, [catalogue])


def _in_batches(at: Bench, readings: Sequence[Reading]) -> None:
    keys = Keys(SECRET, (at.key,))
    for start in range(0, len(readings), BATCH):
        told = [(at.shop, one) for one in readings[start : start + BATCH]]
        with at.database.shops(at.shop) as session:
            lock_shop(session, at.shop)
            apply_readings(session, told, keys, NOW, NOW)


def _cost(at: Bench, work: Callable[[], None], orders: int) -> tuple[float, float]:
    """Milliseconds of CPU for an order: here, and in the database."""
    here, there = time.process_time(), at.database_cpu()
    work()
    here, there = time.process_time() - here, at.database_cpu() - there
    return 1000 * here / orders, 1000 * there / orders


def _told(cost: tuple[float, float]) -> str:
    here, there = cost
    return f"{here + there:.2f} ms of CPU an order ({here:.2f} here, {there:.2f} in the database)"


if __name__ == "__main__":
    main()
