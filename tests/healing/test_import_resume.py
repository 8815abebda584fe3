"""An import that is killed with signal 9 in the middle goes on where it was.

`python -m benchmarks.bulk_import` does the same with 200,000 orders, beside an ORM.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bulk_import import MOST_MEMORY, counted, lost_or_doubled, run_with_kills, serving, with_a_shop
from benchmarks.uci_orders import Invoice, Line, write_file
from tests.proof import Count, Figure

PIECE = 40_000  # bytes; some twenty orders, so that a kill falls between pages and into one


def invoices(count: int, chance: random.Random) -> list[Invoice]:
    """Like a gift shop's: many lines, some of them given back."""
    first = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        Invoice(
            customer=chance.randrange(200),
            at=first + timedelta(hours=number),
            lines=[
                Line(f"S{chance.randrange(900)}", "CREAM HANGING HEART T-LIGHT HOLDER \u2665", 2, 295)
                for _ in range(chance.randint(1, 9))
            ],
            given_back=chance.choice((0, 0, 0, 295, 100_000)),
        )
        for number in range(count)
    ]


def test_an_import_killed_twice_stores_every_row_once(
    tmp_path: Path, postgres: Any, database: Any, count: Count, figure: Figure
) -> None:
    orders, file = count(900, 20_000), tmp_path / "orders.jsonl"
    write_file(invoices(300, random.Random(3)), orders, file)
    written = counted(file)
    at = with_a_shop(postgres, database.app_url, database.owner_url)
    with serving(written) as address:
        _, memory = run_with_kills(at, written, address, 2, PIECE)
    figure("orders", orders)
    figure("MB at most", memory)
    assert lost_or_doubled(at, written) == []
    assert memory < MOST_MEMORY
    at.database.engine.dispose()
