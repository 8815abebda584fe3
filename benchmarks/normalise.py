"""What it costs to read an order in our words, measured in parses of its JSON.

`python -m benchmarks.normalise` prints the ratio for small and large orders, new and shipped; with
`--profile` also where the time of the large one goes. CPU time, so that a busy machine changes little.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from connectors.shopify.normalise import normalise
from tests.connectors.shopify.samples import sample

MOST = 3.0
SIZES = {"small": 3, "large": 100}
_TOPIC = "orders/updated"
# Long enough for the clock, short enough that both sides of a pair see the same machine.
_BATCH_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU for one body, and the median of reading / parsing over pairs of batches."""

    parse: float
    read: float
    ratio: float


def order_bytes(lines: int, *, shipped: bool) -> bytes:
    """Shopify's own sample, paid, with so many lines; `shipped`: all of them in a parcel, every tenth
    given back."""
    order = sample("orders/create") | {"cancelled_at": None, "financial_status": "paid"}
    known = order["line_items"]
    items = [_numbered(known[at % len(known)], "LineItem", 10_000 + at) for at in range(lines)]
    order["line_items"] = items
    if shipped:
        order |= {
            "fulfillments": [sample("fulfillments/create") | {"status": "success", "line_items": items}]
        }
        order |= {"refunds": [_refund(items[::10])]}
    return json.dumps(order).encode()


def _numbered(thing: Any, kind: str, number: int) -> dict[str, Any]:
    return {**thing, "id": number, "admin_graphql_api_id": f"gid://shopify/{kind}/{number}"}


def _refund(items: list[Any]) -> dict[str, Any]:
    refund: dict[str, Any] = sample("refunds/create")
    line = refund["refund_line_items"][0]
    back = [line | {"line_item_id": item["id"], "line_item": item} for item in items]
    return refund | {"refund_line_items": back}


def cost(raw: bytes, pairs: int = 15) -> Cost:
    """Of one body; each pair measures a batch of parses and a batch of reads, one after the other."""
    payload = json.loads(raw)
    once = _seconds(lambda: json.loads(raw), 20)
    batch = max(1, int(_BATCH_SECONDS / max(once, 1e-9)))
    parses, reads = [], []
    for _ in range(pairs):
        parses.append(_seconds(lambda: json.loads(raw), batch))
        reads.append(_seconds(lambda: normalise(_TOPIC, payload), batch))
    ratio = median(read / parse for read, parse in zip(reads, parses, strict=True))
    return Cost(median(parses) * 1e6, median(reads) * 1e6, ratio)


def _seconds(work: Callable[[], Any], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def main() -> int:
    worst = 0.0
    print(f"{'order':<14}{'lines':>6}{'bytes':>10}{'parse us':>10}{'read us':>10}{'ratio':>8}")
    for name, lines in SIZES.items():
        for shipped in (False, True):
            raw = order_bytes(lines, shipped=shipped)
            found = cost(raw)
            worst = max(worst, found.ratio)
            kind = f"{name}, {'shipped' if shipped else 'new'}"
            print(
                f"{kind:<14}{lines:>6}{len(raw):>10,}{found.parse:>10.0f}{found.read:>10.0f}{found.ratio:>8.2f}"
            )
    print(f"worst {worst:.2f}, at most {MOST:.1f} allowed")
    if "--profile" in sys.argv:
        _profile(json.loads(order_bytes(SIZES["large"], shipped=False)))
    return int(worst > MOST)


def _profile(payload: Any) -> None:
    profile = cProfile.Profile()
    with profile:
        for _ in range(50):
            normalise(_TOPIC, payload)
    pstats.Stats(profile).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    sys.exit(main())
