"""What the desk and the guards cost for one recipient, while the shop's customers grow.

`python -m benchmarks.desk` fills a database with customers (an order and two mails each), takes batches of
500 offers to random ones, and asks the guards, whether each order is known as it stands, and the desk. It
prints microseconds of CPU for one recipient, ours and the database's, for each number of `--customers`, and
exits with 1 where ours exceeds 150 or the last is more than half as dear again as the first.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import psutil
import psycopg
from sqlalchemy import text

from app.db import Session, as_json
from app.jobs.worker import tune_collector
from app.keys import Keys
from app.queries.desk import load_desk
from app.queries.facts import load_fact_base
from app.queries.freshness import last_confirmed
from app.services.freshness import sort_out_stale
from app.services.ledger import Claimed
from app.services.ready import Ready
from app.services.weighing import readers_of, weigh
from benchmarks.bulk_import import Bench, bench
from benchmarks.importer import SECRET
from benchmarks.written import work_folder
from flows.commerce import Order, OrderLine
from flows.events import OrderDelivered
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.guards import rule_on
from flows.plain import to_plain
from flows.steps import Send

MOST, DEARER = 150.0, 1.5
BATCH, BATCHES = 500, 12
NOW = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)
FLOW = Flow("win_back", 1, MailClass.MARKETING, OrderDelivered, (Send("mail", "win_back/miss", 24 * 14),),
            topic=Topic.OFFERS)  # fmt: skip
ORDER = Order(
    "0", "0", NOW, NOW - timedelta(days=9), "EUR", 4000, accepted_at=NOW - timedelta(days=9),
    lines=(OrderLine("l", "Lampshade", 1, 4000, product_id="p1"),),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU for one recipient."""

    ours: float
    database: float


def fill(at: Bench, first: int, last: int) -> None:
    """Customers `first` to `last` - 1."""
    values = {
        "shop": at.shop,
        "first": first,
        "last": last - 1,
        "now": NOW,
        "body": as_json(to_plain(ORDER)),
    }
    with at.database.shops(at.shop) as session:
        for statement in _FILL:
            session.execute(text(statement), values)
    with psycopg.connect(at.owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE")


_FILL = (
    "INSERT INTO flow_switches (shop_id, flow_key, enabled, since) VALUES (:shop, 'win_back', true, :now)"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key, status,"
    " anchor, started_at, changed_at) VALUES (:shop, 1, 'win_back', 1, 'all', '0', 'k', 'done', :now, :now,"
    " :now) ON CONFLICT DO NOTHING",
    "INSERT INTO orders (shop_id, id, version, number, email, placed_at, body, read_at)"
    " SELECT :shop, n::text, :now, n::text, 'buyer' || n || '@example.com', CAST(:now AS timestamptz)"
    " - interval '9 days', CAST(:body AS jsonb) || jsonb_build_object('id', n::text, 'number', n::text,"
    " 'email', 'buyer' || n || '@example.com'), :now FROM generate_series(CAST(:first AS int), :last) n",
    "INSERT INTO consents (shop_id, email, state) SELECT :shop, 'buyer' || n || '@example.com', 'subscribed'"
    " FROM generate_series(CAST(:first AS int), :last) n",
    "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template, mail_class,"
    " lane, order_id, recipient, state, due_at, expires_at, next_at, created_at, changed_at, sent_at)"
    " SELECT :shop, 1, (SELECT max(id) FROM journeys), 'win_back', 'old' || k, n, 'x/y', 'M', 2, n::text,"
    " 'buyer' || n || '@example.com', 'sent', at, at, at, at, at, at"
    " FROM generate_series(CAST(:first AS int), :last) n, generate_series(1, 2) k,"
    " LATERAL (SELECT CAST(:now AS timestamptz) - k * interval '8 days' AS at) a",
)


def batch_of(session: Session, at: Bench, customers: Sequence[int]) -> list[Claimed]:
    """Offers to these customers, as claimed."""
    (journey,) = session.execute(text("SELECT max(id) FROM journeys")).one()
    end = NOW + timedelta(days=14)
    return [
        Claimed(-n, at.shop, 1, FLOW.key, "mail", "win_back/miss", "M", str(n), None, NOW, end, 1, 0, end,
                journey + 1, None, None)
        for n in customers
    ]  # fmt: skip


def cost(at: Bench, customers: int, chance: random.Random) -> Cost:
    keys = Keys(SECRET, (at.key,))
    ours, theirs = [], []
    for number in range(BATCHES):
        with at.database.shops(at.shop) as session:
            (pid,) = session.execute(text("SELECT pg_backend_pid()")).one()
            rows = batch_of(session, at, chance.sample(range(customers), BATCH))
            base = load_fact_base(session, {(row.shop_id, row.order_id) for row in rows}, keys)
            facts = [base.facts((row.shop_id, row.order_id), FLOW.key, None) for row in rows]
            server = psutil.Process(pid)
            began, busy = time.process_time(), sum(server.cpu_times()[:2])
            ready = [
                Ready(row, one, rule_on(FLOW, "mail", row.due_at, row.expires_at, one, NOW))
                for row, one in zip(rows, facts, strict=True)
            ]
            readers = readers_of(keys, rows, base)
            people = {one.key: one for one in readers.values()}
            desk = load_desk(session, people.values(), {at.shop}, [row.id for row in rows], NOW)
            confirmed = last_confirmed(session, {(row.shop_id, row.order_id) for row in rows})
            fresh, _ = sort_out_stale(ready, confirmed, desk.limits, NOW)
            leaving, put_off = weigh(fresh, readers, desk, NOW)
            if number:  # the first warms up
                ours.append(time.process_time() - began)
                theirs.append(sum(server.cpu_times()[:2]) - busy)
            assert len(leaving) == BATCH and not put_off, (len(leaving), len(put_off))
    return Cost(1e6 * median(ours) / BATCH, 1e6 * sum(theirs) / len(theirs) / BATCH)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000, 400_000, 2_000_000])
    wanted = sorted(parser.parse_args().customers)
    tune_collector()  # as a worker does
    chance, costs, filled = random.Random(5), [], 0
    with work_folder() as folder, bench(folder, now=NOW - timedelta(days=90)) as at:
        for customers in wanted:
            fill(at, filled, customers)
            filled = customers
            costs.append(cost(at, customers, chance))
            one = costs[-1]
            print(
                f"{customers:>9,} customers: {one.ours:6.1f} us ours, {one.database:6.1f} us the database's",
                flush=True,
            )
    within = max(one.ours for one in costs) <= MOST
    flat = costs[-1].ours + costs[-1].database <= DEARER * (costs[0].ours + costs[0].database)
    print(f"at most {MOST:.0f} us ours: {'yes' if within else 'no'}; flat: {'yes' if flat else 'no'}")
    sys.exit(not (within and flat))


if __name__ == "__main__":
    main()
