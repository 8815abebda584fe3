"""One shop never sees another's rows, whatever a query forgets."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

import app.models
from app.db import Database
from app.models import base
from connectors.base import Reading
from tests.app.desk import an_order, connect_shop

DIRECTORY = {"shops", "install_attempts", "drops", "heartbeats", "mail_vendors", "early_feedback"}
# Every model is asked, whoever adds one.
for _found in iter_modules(app.models.__path__):
    import_module(f"app.models.{_found.name}")


def test_every_tenant_table_has_forced_row_security(db: Database) -> None:
    with db.nobody() as session:
        rows = session.execute(
            text(
                "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
                " EXISTS (SELECT FROM pg_attribute a"
                "  WHERE a.attrelid = c.oid AND a.attname = 'shop_id') AS has"
                " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'"
            )
        ).all()
    assert {row.relname for row in rows} == set(base.metadata.tables)
    open_tables = {r.relname for r in rows if not (r.relrowsecurity and r.relforcerowsecurity and r.has)}
    assert open_tables == DIRECTORY


def test_models_name_the_columns_that_the_database_has(db: Database) -> None:
    with db.nobody() as session:
        rows = session.execute(
            text(
                "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
            )
        ).all()
    in_database = {(row.table_name, row.column_name, row.is_nullable == "YES") for row in rows}
    in_models = {
        (table.name, column.name, bool(column.nullable))
        for table in base.metadata.tables.values()
        for column in table.columns
    }
    assert in_models == in_database


def test_a_shop_sees_its_own_rows_only(db: Database) -> None:
    first, second = connect_shop(db, "one.example"), connect_shop(db, "two.example")
    first.read(Reading(orders=(an_order(),)))
    with db.engine.connect() as outside:
        for table in set(base.metadata.tables) - DIRECTORY:
            assert outside.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
    assert second.rows("SELECT * FROM orders") == []
    assert second.rows("SELECT * FROM messages") == []
    assert len(first.rows("SELECT * FROM orders")) == 1


def test_a_shop_cannot_write_into_another(db: Database) -> None:
    first, second = connect_shop(db, "one.example"), connect_shop(db, "two.example")
    with pytest.raises(ProgrammingError, match="row-level security"), db.shops(first.shop_id) as session:
        session.execute(
            text("INSERT INTO consents (shop_id, email, state) VALUES (:shop, 'a@b.example', 'subscribed')"),
            {"shop": second.shop_id},
        )


def test_the_scope_ends_with_its_transaction(db: Database) -> None:
    desk = connect_shop(db)
    desk.read(Reading(orders=(an_order(),)))
    with db.shops(desk.shop_id) as session:
        assert session.execute(text("SELECT count(*) FROM orders")).scalar() == 1
    with db.nobody() as session:
        assert session.execute(text("SELECT count(*) FROM orders")).scalar() == 0


def test_the_application_owns_nothing(database: object, db: Database) -> None:
    engine = create_engine(db.engine.url)
    with pytest.raises(ProgrammingError), engine.begin() as session:
        session.execute(text("ALTER TABLE orders DISABLE ROW LEVEL SECURITY"))
    engine.dispose()
