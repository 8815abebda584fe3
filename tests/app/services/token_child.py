"""Forks processes that open and call a store without end, and kills them: `go` and `kill` on its input.

Run as `python -m tests.app.services.token_child DATABASE_URL ORIGIN SHOP_ID` from the project's folder.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime

from app.db import open_database
from app.services.stores import Stores
from app.services.tokens import TOKEN_HEADER
from connectors.base import StoreError
from connectors.registry import connector_for
from tests.app.desk import KEYS
from tests.app.token_server import API, APP, DOMAIN
from wire.http import HttpClient

PROCESSES = 4


def main(url: str, origin: str, shop_id: int) -> None:
    children: list[int] = []
    for line in sys.stdin:
        if line.strip() == "go":
            children = [_forked(url, origin, shop_id) for _ in range(PROCESSES)]
        else:
            for child in children:
                os.kill(child, signal.SIGKILL)
            ended = [os.waitpid(child, 0)[1] for child in children]
            whole = all(os.WIFSIGNALED(status) for status in ended)
            print("killed" if whole else f"a child ended by itself: {ended}", len(children), flush=True)


def _forked(url: str, origin: str, shop_id: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _work(url, origin, shop_id)
    finally:
        os._exit(1)


def _work(url: str, origin: str, shop_id: int) -> None:
    database = open_database(url, pooled=False)
    http = HttpClient(origins={f"https://{DOMAIN}": origin}, pause=lambda seconds: None)
    stores = Stores(connector_for, KEYS, http, "https://app.example", APP, database)
    while True:
        try:
            with database.shops(shop_id) as session:
                store = stores.open(session, shop_id, datetime.now(UTC))
            assert store is not None
            token = store.secrets["access_token"]
            answer = store.http.request("POST", API, headers={TOKEN_HEADER: token}, body=b"{}")
        except StoreError:
            os._exit(2)  # locked out, which must not be
        if answer.status != 200:
            continue  # another process was faster twice; the next round has its token


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
