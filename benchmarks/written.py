"""The file of orders that a benchmark reads, one that is there or is made now, and what it holds."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.uci_orders import Invoice, read_invoices


@dataclass(frozen=True)
class Written:
    """What the file holds."""

    file: Path
    orders: int
    lines: int
    refunds: int


@dataclass(frozen=True)
class Kind:
    """`variable` names a file that `module` wrote before."""

    variable: str
    module: str
    write: Callable[[list[Invoice], int, Path], object]
    count: Callable[[Path], Written]


def the_file(folder: Path, orders: int, kind: Kind) -> Written:
    ready, source = os.environ.get(kind.variable), os.environ.get("DOORSTEP_UCI")
    if ready is None and source is None:
        raise SystemExit(
            f"Name the orders: DOORSTEP_UCI=<folder of UCI Online Retail II> or {kind.variable}=<file that"
            f" `python -m {kind.module}` wrote>"
        )
    file = folder / "orders.jsonl" if ready is None else Path(ready)
    if ready is None:
        kind.write(read_invoices(Path(str(source))), orders, file)
    return kind.count(file)


def asked(title: str, orders: int) -> argparse.Namespace:
    options = argparse.ArgumentParser(description=title)
    options.add_argument("--orders", type=int, default=orders)
    options.add_argument("--sample", type=int, default=5_000, help="orders that the ORM stores")
    options.add_argument("--kills", type=int, default=2)
    return options.parse_args()


@contextmanager
def work_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="doorstep-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
