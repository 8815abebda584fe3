"""Reading a WooCommerce shop's past: 100,000 orders over real HTTP into a real database, with kills.

`python -m benchmarks.backfill` with DOORSTEP_UCI naming the folder of UCI Online Retail II (parquet), or
DOORSTEP_WOO_FILE a file that `benchmarks.uci_woocommerce` wrote. `--orders`, `--sample`, `--kills` change the
counts. It promises what `benchmarks.bulk_import` promises, of pages of 100 orders instead of a large file: at
most 150 MB, a tenth of the CPU per order of an ORM that stores an order at a time, on the same bodies in
the same run (`benchmarks/peers/orm_per_woocommerce_order.py`), and every row once after each kill -9. It
exits with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from app.services.install import Attempt
from benchmarks.bulk_import import Written, bench, report, serving
from benchmarks.uci_orders import LAST, read_invoices
from benchmarks.uci_woocommerce import write_file
from benchmarks.woocommerce_server import DOMAIN
from flows.commerce import Platform

SHOP = Attempt(Platform.WOOCOMMERCE, DOMAIN, f"https://{DOMAIN}")
CONNECTED = LAST + timedelta(days=1)
SERVER = "benchmarks.woocommerce_server"
PEER = "benchmarks.peers.orm_per_woocommerce_order"


def the_file(folder: Path, orders: int) -> Written:
    ready, source = os.environ.get("DOORSTEP_WOO_FILE"), os.environ.get("DOORSTEP_UCI")
    if ready is None and source is None:
        raise SystemExit(
            "Name the orders: DOORSTEP_UCI=<folder of UCI Online Retail II> or DOORSTEP_WOO_FILE=<file that"
            " `python -m benchmarks.uci_woocommerce` wrote>"
        )
    file = folder / "orders.jsonl" if ready is None else Path(ready)
    if ready is None:
        write_file(read_invoices(Path(str(source))), orders, file)
    return counted(file)


def counted(file: Path) -> Written:
    orders = lines = refunds = 0
    with file.open("rb") as opened:
        for raw in opened:
            body = json.loads(raw)
            orders += 1
            lines += len(body["line_items"])
            refunds += len(body["refunds"])
    return Written(file, orders, lines, refunds)


def main() -> None:
    options = argparse.ArgumentParser(description="Reading of a WooCommerce shop's past")
    options.add_argument("--orders", type=int, default=100_000)
    options.add_argument("--sample", type=int, default=5_000, help="orders that the ORM stores")
    options.add_argument("--kills", type=int, default=2)
    wanted = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="doorstep-bench-"))
    folder.chmod(0o711)
    try:
        written = the_file(folder, wanted.orders)
        with bench(folder, SHOP, CONNECTED) as at, serving(written, SERVER) as address:
            sys.exit(report(at, written, address, wanted.kills, wanted.sample, PEER))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
