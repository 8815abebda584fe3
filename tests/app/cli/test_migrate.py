"""Migrations: one at a time, and their tables are open to the app's role and no wider than needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command as alembic_command
from psycopg import sql
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from app.cli.migrate import alembic_config, newest, role_of, upgrade
from app.cli.servers import APP, OWNER, Postgres
from app.services.kept_reasons import recorded
from flows.facts import Reason


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """A database without any table: its addresses as the owner and as the app."""
    name = sql.Identifier("test_empty")
    with psycopg.connect(postgres.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} owner {}").format(name, sql.Identifier(OWNER)))
        yield postgres.url(OWNER, "test_empty"), postgres.url(APP, "test_empty")
        connection.execute(sql.SQL("drop database {} with (force)").format(name))


def ask(url: str, question: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return list(connection.execute(text(question)).scalars())
    finally:
        engine.dispose()


def test_an_empty_database_comes_to_the_newest_shape_and_stays(empty: tuple[str, str]) -> None:
    owner, app = empty
    for _ in range(2):
        upgrade(owner, APP)
        assert ask(app, "select version_num from alembic_version") == [newest()]


def test_links_that_old_clicks_kept_are_forgotten(empty: tuple[str, str]) -> None:
    owner, _ = empty
    engine = create_engine(owner)
    alembic_command.upgrade(alembic_config(owner, APP), "0002")
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        connection.execute(_A_SHOP)
        for target in ("https://a.example/r/token?product=p1&stars=2", "https://a.example/t/token", "x"):
            connection.execute(_A_CLICK, {"data": json.dumps({"target": target, "agent": "A"})})
    upgrade(owner, APP)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        kept = list(connection.execute(text("SELECT data FROM message_events ORDER BY id")).scalars())
    engine.dispose()
    assert kept == [{"to": to, "agent": "A"} for to in ("review", "tracking", "shop")]


_A_SHOP = text(
    "INSERT INTO shops (platform, domain, token, base_url, state, connected_at)"
    " VALUES ('woocommerce', 'a.example', 't', 'https://a.example', 'connected', '2026-11-02T09:00Z')"
)
_A_CLICK = text(
    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
    " VALUES (1, 1, 'clicked', '2026-11-02T09:00Z', CAST(:data AS jsonb))"
)


def test_consent_is_kept_under_the_address_that_mails_go_to(empty: tuple[str, str]) -> None:
    owner, _ = empty
    engine = create_engine(owner)
    alembic_command.upgrade(alembic_config(owner, APP), "0017")
    coded = "mia@xn--mller-kva.example"
    held = [("mia@müller.example", 2, "unsubscribed"), (coded, 1, "subscribed"), ("ö@broken..", 1, "pending")]
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        connection.execute(_A_SHOP)
        for email, day, state in held:
            connection.execute(_A_CONSENT, {"email": email, "state": state, "at": f"2026-11-0{day}T09:00Z"})
    upgrade(owner, APP)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        kept = {row.email: row.state for row in connection.execute(text("SELECT * FROM consents"))}
    engine.dispose()
    assert kept == {coded: "unsubscribed", "ö@broken..": "pending"}


_A_CONSENT = text(
    "INSERT INTO consents (shop_id, email, state, at, level) VALUES (1, :email, :state, :at, '')"
)


def test_reasons_lose_the_names_beside_their_values(empty: tuple[str, str]) -> None:
    owner, _ = empty
    engine = create_engine(owner)
    alembic_command.upgrade(alembic_config(owner, APP), "0021")
    part = {"rule": "is_gift", "passed": False, "value": "", "wanted": "a gift", "parts": []}
    whole = {"rule": "all", "passed": False, "value": "", "wanted": "", "parts": [part, part]}
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        connection.execute(_A_SHOP)
        connection.execute(_A_JOURNEY, {"reasons": json.dumps([whole, part])})
    upgrade(owner, APP)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL doorstep.shops = '{1}'"))
        (held,) = connection.execute(text("SELECT reasons FROM journeys")).scalars()
    engine.dispose()
    leaf = Reason("is_gift", False, "", "a gift")
    assert recorded(held) == (Reason("all", False, parts=(leaf, leaf)), leaf)


_A_JOURNEY = text(
    "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key, status,"
    " anchor, reasons, started_at, changed_at) VALUES (1, 1, 'shipped', 1, 'order:1', '1', 'order:1:placed',"
    " 'declined', now(), CAST(:reasons AS jsonb), now(), now())"
)


def test_two_at_once_take_turns(empty: tuple[str, str]) -> None:
    owner, app = empty
    code = "import sys; from app.cli.migrate import upgrade; upgrade(*sys.argv[1:])"
    both = [subprocess.Popen([sys.executable, "-c", code, owner, APP]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert ask(app, "select count(*) from alembic_version") == [1]


def test_the_app_may_read_and_write_but_not_change_the_shape(empty: tuple[str, str]) -> None:
    owner, app = empty
    upgrade(owner, APP)
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text("create table later (id bigint generated always as identity, word text)"))
    engine.dispose()
    assert ask(app, "insert into later (word) values ('a') returning word") == ["a"]
    for statement in (
        "drop table later",
        "alter table later disable row level security",
        "create table mine ()",
    ):
        with pytest.raises(ProgrammingError):
            ask(app, statement)


def test_the_role_of_an_address() -> None:
    assert role_of("postgresql+psycopg://app:secret@db/doorstep") == "app"
    with pytest.raises(ValueError, match="names no role"):
        role_of("postgresql+psycopg://db/doorstep")
