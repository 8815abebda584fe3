"""A reading of the past that is killed with signal 9 in the middle goes on where it was.

`python -m benchmarks.backfill` does the same with 100,000 orders, beside an ORM.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from benchmarks.backfill import CONNECTED, SERVER, SHOP, counted
from benchmarks.bulk_import import MOST_MEMORY, lost_or_doubled, run_with_kills, serving, with_a_shop
from benchmarks.uci_woocommerce import write_file
from tests.healing.test_import_resume import invoices
from tests.proof import Count, Figure


def test_a_reading_killed_twice_stores_every_row_once(
    tmp_path: Path, postgres: Any, database: Any, count: Count, figure: Figure
) -> None:
    """Some hundred orders bear the same second, as of a shop that moved here."""
    orders, file = count(1200, 20_000), tmp_path / "orders.jsonl"
    models = invoices(300, random.Random(3))
    for one in models[40:100]:
        one.at = models[40].at
    write_file(models, orders, file)
    written = counted(file)
    at = with_a_shop(postgres, database.app_url, database.owner_url, SHOP, CONNECTED)
    with serving(written, SERVER) as address:
        _, memory = run_with_kills(at, written, address, 2)
    figure("orders", orders)
    figure("MB at most", memory)
    assert lost_or_doubled(at, written) == []
    assert memory < MOST_MEMORY
    at.database.engine.dispose()
