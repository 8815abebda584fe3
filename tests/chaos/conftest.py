from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from app.cli.servers import Postgres
from tests.chaos.world import libpq


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    """A database without any table, for ledgers written by hand."""
    with psycopg.connect(libpq(postgres.superuser_url), autocommit=True) as connection:
        connection.execute("create database oracle")
        yield libpq(postgres.url("postgres", "oracle"))
        connection.execute("drop database oracle with (force)")
