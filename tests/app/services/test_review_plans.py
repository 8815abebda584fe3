"""The plans of what is asked of many reviews: the shop's lists and the public average."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from sqlalchemy import TextClause, create_engine, text

from app.db import Database, Session
from app.queries.moderation import held_reviews, kept_reviews, shown_reviews
from app.queries.reviews import public_reviews, summary
from app.services.verdicts import publish
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.statements import counted
from tests.app.services.test_plans import nodes, scans_of

REVIEWS, PRODUCTS = 20_000, 10
ALL_VISIBLE = "SELECT relallvisible = relpages FROM pg_class WHERE relname = 'reviews'"


@pytest.fixture
def busy(db: Database, database: Any) -> Desk:
    """A shop whose reviews are mostly published."""
    desk = connect_shop(db)
    with db.shops(desk.shop_id) as session:
        # VACUUM can only mark as visible to all what is certainly on the disk.
        session.execute(text("SET LOCAL synchronous_commit = on"))
        session.execute(
            text(
                "INSERT INTO reviews (shop_id, order_id, product_id, address_hash, stars, state, reason,"
                " verified, submitted_at, decided_at) SELECT :shop, 'o' || n, 'p' || n % :products, 'h',"
                " n % 5 + 1, CASE n % 50 WHEN 0 THEN 'held' WHEN 1 THEN 'rejected' ELSE 'published' END,"
                " CASE n % 50 WHEN 1 THEN 'spam' END, true, CAST(:at AS timestamptz) + n * interval '1 s',"
                " CAST(:at AS timestamptz) + n * 7919 % 20011 * interval '1 s'"
                " FROM generate_series(1, :count) n"
            ),
            {"shop": desk.shop_id, "at": START, "count": REVIEWS, "products": PRODUCTS},
        )
    owner = create_engine(database.owner_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as session:
        # Where something else looks at a page just then, VACUUM passes it over, and the next one takes it.
        for _ in range(50):
            session.execute(text("VACUUM ANALYZE reviews"))
            if session.scalar(text(ALL_VISIBLE)):
                break
            sleep(0.2)
    owner.dispose()
    return desk


class Explaining:
    """A session that tells the plan of the last statement, with what was really read, and answers it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.plan: list[dict[str, Any]] = []

    def execute(self, statement: TextClause, values: dict[str, Any]) -> Any:
        told = self._session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}"), values)
        self.plan = nodes(told.scalar_one()[0]["Plan"])
        return self._session.execute(statement, values)


def plan_of(desk: Desk, ask: Callable[[Any], object]) -> list[dict[str, Any]]:
    """As the application's role has it, which sees its own rows only."""
    with desk.database.shops(desk.shop_id) as session:
        explaining = Explaining(session)
        ask(explaining)
    return explaining.plan


def test_the_average_is_counted_from_an_index_alone(busy: Desk) -> None:
    plan = plan_of(busy, lambda session: summary(session, busy.shop_id, "p3"))
    assert scans_of(plan, "reviews") == {("Index Only Scan", "reviews_stars")}
    (scan,) = [node for node in plan if node.get("Relation Name") == "reviews"]
    assert scan["Heap Fetches"] == 0
    assert scan["Actual Rows"] <= REVIEWS // PRODUCTS, "only this product's"


@pytest.mark.parametrize("list_of", [shown_reviews, kept_reviews, held_reviews])
def test_a_list_of_the_shop_reads_what_it_shows(busy: Desk, list_of: Any) -> None:
    plan = plan_of(busy, lambda session: list_of(session, busy.shop_id, 100))
    assert "Sort" not in {node["Node Type"] for node in plan}
    scans = [node for node in plan if node.get("Relation Name") == "reviews"]
    assert {node["Index Name"] for node in scans} <= {"reviews_decided", "reviews_by_state"}
    assert max(node["Actual Rows"] for node in scans) <= 101


def test_a_public_page_reads_what_it_shows(busy: Desk) -> None:
    plan = plan_of(busy, lambda session: public_reviews(session, busy.shop_id, "p3", limit=11))
    assert scans_of(plan, "reviews") == {("Index Scan", "reviews_published")}
    assert max(node["Actual Rows"] for node in plan) <= 11


def test_a_decision_is_one_statement(desk: Desk) -> None:
    with counted(desk.database) as seen, desk.database.shops(desk.shop_id) as session:
        publish(session, desk.shop_id, [1, 2, 3], "Ada", START, START)
    assert len([one for one in seen if "reviews" in one]) == 1
