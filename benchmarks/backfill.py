"""Reading a WooCommerce shop's past: 100,000 orders over real HTTP into a real database, with kills.

`python -m benchmarks.backfill` with DOORSTEP_UCI naming the folder of UCI Online Retail II (parquet), or
DOORSTEP_WOO_FILE a file that `benchmarks.uci_woocommerce` wrote. `--orders`, `--sample`, `--kills` change the
counts. It promises what `benchmarks.bulk_import` promises, of pages of 100 orders instead of a large file: at
most 150 MB, a tenth of the CPU per order of an ORM that stores an order at a time, on the same bodies in
the same run (`benchmarks/peers/orm_per_woocommerce_order.py`), and every row once after each kill -9. It
exits with 1 where a promise is broken.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from app.services.install import Attempt
from benchmarks.bulk_import import bench, report, serving
from benchmarks.uci_orders import LAST
from benchmarks.uci_woocommerce import write_file
from benchmarks.woocommerce_server import DOMAIN
from benchmarks.written import Kind, Written, asked, the_file, work_folder
from flows.commerce import Platform

SHOP = Attempt(Platform.WOOCOMMERCE, DOMAIN, f"https://{DOMAIN}")
CONNECTED = LAST + timedelta(days=1)
SERVER = "benchmarks.woocommerce_server"
PEER = "benchmarks.peers.orm_per_woocommerce_order"


def counted(file: Path) -> Written:
    orders = lines = refunds = 0
    with file.open("rb") as opened:
        for raw in opened:
            body = json.loads(raw)
            orders += 1
            lines += len(body["line_items"])
            refunds += len(body["refunds"])
    return Written(file, orders, lines, refunds)


KIND = Kind("DOORSTEP_WOO_FILE", "benchmarks.uci_woocommerce", write_file, counted)


def main() -> None:
    wanted = asked("Reading of a WooCommerce shop's past", 100_000)
    with work_folder() as folder:
        written = the_file(folder, wanted.orders, KIND)
        with bench(folder, SHOP, CONNECTED) as at, serving(written, SERVER) as address:
            sys.exit(report(at, written, address, wanted.kills, wanted.sample, PEER))


if __name__ == "__main__":
    main()
