"""A process whose children settle what a shop held back and do what is owed for it, and die at a statement.

Run as `python -m tests.quirks.held_child DATABASE_URL HOME ORIGIN SHOP_ID`. Each line of its input is AHEAD,
in seconds, and DIES_AT: one child, forked, so that all that it needs is loaded once. The answer is a line
with the child's exit code, as `subprocess` counts it: 0 if it came to its end before that statement.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event

from app.db import open_database
from app.services.held_mails import settle_held
from app.services.store_writes import run_write
from app.services.stores import Stores
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from tests.app.desk import KEYS
from wire.http import HttpClient


def settle(url: str, home: str, origin: str, shop_id: int, ahead: float, dies_at: int) -> None:
    database = open_database(url)
    http = HttpClient(origins={home: origin})
    stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys("", ""), database)
    left = dies_at

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "commit", count)
    at = datetime.now(UTC) + timedelta(seconds=ahead)
    settle_held(database, shop_id, at, at)
    run_write(database, stores, at)
    database.engine.dispose()


def main(url: str, home: str, origin: str, shop_id: int) -> None:
    for line in sys.stdin:
        ahead, dies_at = line.split()
        child = os.fork()
        if not child:
            settle(url, home, origin, shop_id, float(ahead), int(dies_at))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
