"""The plans of the hot statements: they must go by their indexes however much waits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.db import Database
from app.queries.claims import claim_statement
from app.queries.waiting import _WAITING
from tests.app.desk import START, Desk, connect_shop

SHOPS = 20
PENDING = 2_000


def fill(desk: Desk, database: Database) -> None:
    """Many timers and messages, nearly all of them due far in the future."""
    with database.shops(desk.shop_id) as session:
        session.execute(
            text(
                "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id,"
                " event_key, status, anchor, started_at, changed_at) SELECT :shop, 1, 'f', 1, 'order:' || n,"
                " n::text, 'e', 'active', :at, :at, :at FROM generate_series(1, :count) n"
            ),
            {"shop": desk.shop_id, "at": START, "count": PENDING},
        )
        session.execute(
            text(
                "INSERT INTO timers (journey_id, shop_id, due_at, lane) SELECT id, shop_id,"
                " CAST(:at AS timestamptz) + id * interval '1 minute', id % 2"
                " FROM journeys WHERE shop_id = :shop"
            ),
            {"at": START, "shop": desk.shop_id},
        )
        session.execute(
            text(
                "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
                " mail_class, lane, order_id, due_at, expires_at, next_at, created_at, changed_at)"
                " SELECT shop_id, 1, id, 'f', 's', 1, 't', 'T', id % 2, order_id, started_at, started_at,"
                " started_at + id * interval '1 minute', started_at, started_at"
                " FROM journeys WHERE shop_id = :shop"
            ),
            {"shop": desk.shop_id},
        )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    found = [plan]
    for child in plan.get("Plans", []):
        found.extend(nodes(child))
    return found


def explained(database: Database, statement: str, **values: Any) -> list[dict[str, Any]]:
    with database.crossing() as session:
        (row,) = session.execute(text(f"EXPLAIN (FORMAT JSON) {statement}"), values)
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return nodes(plan[0]["Plan"])


def scans_of(found: list[dict[str, Any]], table: str) -> set[tuple[str, str]]:
    return {
        (node["Node Type"], node.get("Index Name", ""))
        for node in found
        if node.get("Relation Name") == table
    }


def test_claims_and_wake_ups_go_by_their_indexes(db: Database, database: Any) -> None:
    for number in range(SHOPS):
        fill(connect_shop(db, f"shop-{number}.example"), db)
    _analyse(database.owner_url)
    soon = START + timedelta(minutes=30)
    timers = explained(
        db,
        claim_statement(table="timers", columns="taken.journey_id", due="due_at"),
        now=soon,
        limit=500,
    )
    messages = explained(
        db,
        claim_statement(table="messages", columns="taken.id", due="next_at", waiting="state = 'due'"),
        now=soon,
        limit=500,
    )
    waiting = explained(db, _WAITING.text, now=soon, real=START)
    assert {index for _, index in scans_of(timers, "timers")} == {"timers_due"}
    assert {index for _, index in scans_of(messages, "messages")} == {"messages_due"}
    for table in ("timers", "messages", "inbox", "wishes", "polls"):
        for kind, index in scans_of(waiting, table):
            assert kind != "Seq Scan" or table in ("inbox", "wishes", "polls"), (table, kind, index)


def _analyse(owner_url: str) -> None:
    from sqlalchemy import create_engine

    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as owner:
        owner.execute(text("ANALYZE"))
    engine.dispose()
