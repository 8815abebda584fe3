"""Several writers at once while another holds the shop's lock: settings wait for no mail."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.services.locks import lock_shop
from tests.app.desk import Desk

T = TypeVar("T")


def at_once(desk: Desk, *writers: Callable[[], T]) -> list[T]:
    """What each came to."""
    with ThreadPoolExecutor(len(writers)) as pool, desk.database.shops(desk.shop_id) as session:
        lock_shop(session, desk.shop_id)
        return [one.result(timeout=20) for one in [pool.submit(write) for write in writers]]
