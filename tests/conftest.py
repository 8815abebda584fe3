"""Real servers for every test that asks for one. A server that does not start fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg
import pytest
import redis
from psycopg import sql

from app.cli.migrate import upgrade
from app.cli.servers import APP, OWNER, Postgres, Valkey, start_postgres, start_valkey
from tests.memory import quick_folder

pytest_plugins = ["tests.proof"]

TEMPLATE = "template_doorstep"


class Database(NamedTuple):
    """Addresses of one test's own database, as the application and as the owner of the tables."""

    app_url: str
    owner_url: str


@pytest.fixture(scope="session")
def server_data() -> Iterator[Path]:
    """A short, private folder for the session's servers; folders of sessions that were killed go."""
    base = quick_folder()
    for old in base.glob("doorstep-test-*"):
        if not psutil.pid_exists(int(old.name.rsplit("-", 1)[1])):
            shutil.rmtree(old, ignore_errors=True)
    folder = base / f"doorstep-test-{os.getpid()}"
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(server_data: Path) -> Iterator[Postgres]:
    """PostgreSQL with a migrated template database."""
    server = start_postgres(server_data, durable=False)
    with psycopg.connect(_libpq(server.superuser_url), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(TEMPLATE), sql.Identifier(OWNER))
        )
    upgrade(server.url(OWNER, TEMPLATE), APP)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def database(postgres: Postgres, _numbers: Iterator[int]) -> Iterator[Database]:
    """A fresh copy of the migrated database."""
    with a_database(postgres, f"test_{next(_numbers)}") as made:
        yield made


@contextmanager
def a_database(postgres: Postgres, name: str) -> Iterator[Database]:
    with psycopg.connect(_libpq(postgres.superuser_url), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)
            )
        )
        yield Database(postgres.url(APP, name), postgres.url(OWNER, name))
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def valkey_server(server_data: Path) -> Iterator[Valkey]:
    server = start_valkey(server_data, durable=False)
    yield server
    server.stop()


@pytest.fixture
def valkey(valkey_server: Valkey) -> Iterator[str]:
    """The address of an empty Valkey."""
    with redis.Redis.from_url(valkey_server.url) as client:
        client.flushall()
    yield valkey_server.url


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
