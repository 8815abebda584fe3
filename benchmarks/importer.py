"""One importing process, as the worker does it: the history poll of one shop, until it is done.

`python -m benchmarks.importer DATABASE_URL SHOP_ADDRESS KEY SHOP_ID MINUTES [PIECE]` prints its CPU seconds
and its peak memory in MB. MINUTES: how much later it believes it is, so that it does
not wait for the lease of one that was killed. PIECE: bytes of the file that are read at once.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.db import Database, open_database
from app.jobs.worker import tune_collector
from app.keys import Keys
from app.services.heal import run_poll
from app.services.stores import Stores
from benchmarks import bulk_server, woocommerce_server
from connectors.registry import connector_for
from connectors.shopify import bulk_file
from connectors.shopify.keys import AppKeys
from wire.http import HttpClient

SECRET = "benchmark" * 5


def main() -> None:
    url, address, key, shop, minutes, *piece = sys.argv[1:]
    bulk_file.PIECE = int(piece[0]) if piece else bulk_file.PIECE
    database = open_database(url, pooled=False)
    keys = Keys(SECRET, (key,))
    http = HttpClient({f"https://{server.DOMAIN}": address for server in (bulk_server, woocommerce_server)})
    stores = Stores(connector_for, keys, http, "https://app.example", AppKeys("key", "secret"), database)
    later = timedelta(minutes=float(minutes))
    tune_collector()
    while _is_due(database, int(shop)):
        now = datetime.now(UTC) + later
        run_poll(database, stores, now, now, lambda: False)
        later += timedelta(seconds=2)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_utime + used.ru_stime:.3f} {peak_memory():.1f}", flush=True)


def peak_memory(process: str = "self") -> float:
    """In MB. What ru_maxrss says as well, but that begins with what the parent held when it started us."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _is_due(database: Database, shop: int) -> bool:
    with database.shops(shop) as session:
        query = "SELECT count(*) FROM polls WHERE noun = 'history' AND next_at < 'infinity'"
        return bool(session.execute(text(query)).scalar_one())


if __name__ == "__main__":
    main()
