"""Where a fake store keeps its state: JSON documents by kind and id in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
create table if not exists documents (
    place integer primary key autoincrement,
    kind text not null,
    id text not null,
    at real not null,
    body text not null,
    unique (kind, id)
);
create index if not exists documents_by_time on documents (kind, at);
create table if not exists numbers (name text primary key, last integer not null);
"""


class DocumentStore:
    """Safe across threads: one connection, and whoever uses it holds the lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested (the outermost one decides). Other threads wait."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("rollback")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("commit")

    def put(self, kind: str, id: str, body: dict[str, Any], at: float = 0.0) -> None:
        """Writes or replaces. `at`: seconds since 1970 of the last change, for `all(since=)`."""
        with self._lock:
            self._db.execute(
                "insert into documents (kind, id, at, body) values (?, ?, ?, ?)"
                " on conflict (kind, id) do update set at = excluded.at, body = excluded.body",
                (kind, id, at, json.dumps(body, ensure_ascii=False, separators=(",", ":"))),
            )

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        with self._lock:
            row = self._db.execute(
                "select body from documents where kind = ? and id = ?", (kind, id)
            ).fetchone()
        return None if row is None else _parsed(row[0])

    def all(self, kind: str, since: float | None = None) -> list[dict[str, Any]]:
        """In the order of their first writing; with `since` only those changed then or later."""
        with self._lock:
            rows = self._db.execute(
                "select body from documents where kind = ? and (? is null or at >= ?) order by place",
                (kind, since, since),
            ).fetchall()
        return [_parsed(row[0]) for row in rows]

    def delete(self, kind: str, id: str) -> bool:
        """True if there was one."""
        with self._lock:
            cursor = self._db.execute("delete from documents where kind = ? and id = ?", (kind, id))
        return cursor.rowcount > 0

    def next_number(self, name: str) -> int:
        """1, 2, 3, ... per name; never the same twice, also after a restart."""
        with self._lock:
            row = self._db.execute(
                "insert into numbers (name, last) values (?, 1)"
                " on conflict (name) do update set last = last + 1 returning last",
                (name,),
            ).fetchone()
        return int(row[0])


def _parsed(text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text)
    return body
