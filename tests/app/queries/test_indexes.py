"""Behind row security no index on an expression is used: `lower` and `->>` may not see rows of others."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Database
from tests.app.desk import START, connect_shop

_ON_EXPRESSIONS = text(
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_class t ON t.oid = i.indrelid WHERE t.relforcerowsecurity AND i.indexprs IS NOT NULL"
)
_TOUCHES = text(
    "EXPLAIN SELECT id FROM messages WHERE shop_id = :shop AND reader = 'mia@example.com'"
    " AND changed_at > :since"
)
_ORDERS = text("EXPLAIN SELECT id FROM orders WHERE shop_id = :shop AND customer_id = '7'")
_BIRTHDAYS = text("EXPLAIN SELECT id FROM customers WHERE shop_id = :shop AND birthday = '03-31'")


def test_no_index_of_a_tenant_table_rests_on_an_expression(db: Database) -> None:
    desk = connect_shop(db)
    with db.shops(desk.shop_id) as session:
        assert [row.relname for row in session.execute(_ON_EXPRESSIONS)] == []


def test_people_are_found_by_index(db: Database) -> None:
    """The planner may not choose otherwise here: what it cannot use, it does not use even so."""
    desk = connect_shop(db)
    values = {"shop": desk.shop_id, "since": START}
    with db.shops(desk.shop_id) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for index, asked in (
            ("messages_reader", _TOUCHES),
            ("orders_customer", _ORDERS),
            ("customers_birthday", _BIRTHDAYS),
        ):
            plan = "\n".join(row[0] for row in session.execute(asked, values))
            assert index in plan, plan
