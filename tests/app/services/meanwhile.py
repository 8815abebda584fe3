"""What another process does at one moment of ours: at once, or as soon as our locks let it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event

from app.db import Database

T = TypeVar("T")
# So long we stand still for it. What waits for a lock of ours goes on when we do.
PATIENCE = 0.4


@contextmanager
def meanwhile(database: Database, at: int, act: Callable[[], T]) -> Iterator[list[T]]:
    """Before the statement or commit of the block whose number is `at`. Afterwards, what it came to; nothing
    where the block has not so many."""
    came_to: list[T] = []
    begun: list[Future[T]] = []
    ours, left = threading.get_ident(), at
    with ThreadPoolExecutor(1) as pool:

        def count(*_: Any) -> None:
            nonlocal left
            if threading.get_ident() != ours:
                return
            left -= 1
            if not left:
                begun.append(pool.submit(act))
                wait(begun, timeout=PATIENCE)

        for moment in ("before_cursor_execute", "commit"):
            event.listen(database.engine, moment, count)
        try:
            yield came_to
        finally:
            for moment in ("before_cursor_execute", "commit"):
                event.remove(database.engine, moment, count)
        came_to += [one.result(timeout=20) for one in begun]
