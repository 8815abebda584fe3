"""Connections to PostgreSQL, and the two scopes in which tenant rows can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, text
from sqlalchemy.dialects import postgresql

Session = Connection

# Seconds until a database that cannot be reached counts as away.
_PATIENCE = {"connect_timeout": 5}


@dataclass(frozen=True, slots=True)
class Database:
    """One engine under the application's role, which row-level security binds."""

    engine: Engine

    @contextmanager
    def shops(self, *shop_ids: int) -> Iterator[Session]:
        """A transaction that sees the rows of these shops only."""
        with self.engine.begin() as session:
            see_shops(session, shop_ids)
            yield session

    @contextmanager
    def nobody(self) -> Iterator[Session]:
        """A transaction that sees no tenant's rows: the directory of shops, and the ack."""
        with self.engine.begin() as session:
            yield session

    @contextmanager
    def crossing(self) -> Iterator[Session]:
        """A transaction that sees waiting work of all shops (inbox, timers, messages, ...).

        For claims and the operator's pages only; the test of the house lists who calls it.
        """
        with self.engine.begin() as session:
            session.execute(_CROSS)
            yield session


def open_database(url: str, *, pooled: bool = True, size: int = 10) -> Database:
    """`pooled` False for processes that fork: no connection may be shared with a child."""
    if pooled:
        engine = create_engine(url, pool_size=size, max_overflow=size, connect_args=_PATIENCE)
    else:
        engine = create_engine(url, poolclass=NullPool, connect_args=_PATIENCE)
    return Database(engine)


def see_shops(session: Session, shop_ids: Iterable[int]) -> None:
    """From here to the end of the transaction: the rows of these shops and no others."""
    session.execute(_SEE, {"shops": "{" + ",".join(str(int(shop)) for shop in shop_ids) + "}"})


_SEE = text("SELECT set_config('doorstep.shops', :shops, true), set_config('doorstep.crossing', 'off', true)")
_CROSS = text("SELECT set_config('doorstep.crossing', 'on', true)")


def record_set(table: Table, names: Sequence[str]) -> str:
    """`jsonb_to_recordset(...) AS r(...)` for a list of rows that is passed as one parameter.

    A batch of 500 rows is then the same statement, and one, as a batch of 1.
    """
    columns = ", ".join(f"{name} {table.c[name].type.compile(_PG)}" for name in names)
    return f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS r({columns})"


def put_rows(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    conflict: str = "",
    returning: str = "",
) -> list[Any]:
    """Inserts all rows in one statement; `conflict` and `returning` are SQL after VALUES."""
    if not rows:
        return []
    names = list(rows[0])
    columns = ", ".join(names)
    picked = ", ".join(f"r.{name}" for name in names)
    sql = f"INSERT INTO {table.name} ({columns}) SELECT {picked} FROM {record_set(table, names)} {conflict}"
    if returning:
        sql += f" RETURNING {returning}"
    result = session.execute(text(sql), {"rows": as_json(rows)})
    return list(result) if returning else []


def as_json(value: Any) -> str:
    """JSON for PostgreSQL, of plain data and of the frozen values of `flows` (as `flows.plain.to_plain`
    writes them). NUL cannot be stored in text there, so it is dropped here."""
    written = orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
    return _NUL.sub(r"\1", written) if "\\u0000" in written else written


# An escaped NUL; after an odd number of backslashes it is six letters that somebody typed.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_PG = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
