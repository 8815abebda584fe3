"""A process that calls one shop's store from several threads until it is told enough, as workers do.

Run as `python -m tests.app.turns_child DATABASE_URL REDIS_URL ORIGIN SHOP_ID CALLS`; prints how many calls
were made and how many were put off.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from redis import Redis

from app.db import open_database
from app.services.stores import Stores
from app.turns import Turns
from connectors.base import NotNow, Noun, Wish
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from tests.app.desk import KEYS
from wire.http import HttpClient

THREADS = 3


def main(url: str, redis_url: str, origin: str, shop_id: int, calls: int) -> None:
    database = open_database(url)
    http = HttpClient(origins={"https://larkhus.example": origin})
    turns = Turns(Redis.from_url(redis_url, socket_connect_timeout=2))
    stores = Stores(connector_for, KEYS, http, "https://app.example", AppKeys("", ""), database, turns=turns)

    def call(number: int) -> bool:
        with database.shops(shop_id) as session:
            store = stores.open(session, shop_id, datetime.now(UTC))
        assert store is not None
        try:
            stores.connector(store.platform).fetch(store, Wish(Noun.PRODUCT, str(number + 1)))
        except NotNow:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(call, range(calls)))
    print(sum(made), len(made) - sum(made), flush=True)


main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
