"""Reading an order costs no more than three parses of its JSON; how much exactly is printed."""

from __future__ import annotations

import json

import pytest

from benchmarks.normalise import MOST, SIZES, cost, order_bytes
from connectors.shopify.normalise import normalise
from tests.proof import Count, Figure


@pytest.mark.parametrize("shipped", [False, True], ids=["new", "shipped"])
@pytest.mark.parametrize("size", SIZES)
def test_an_order_is_read_in_three_parses(size: str, shipped: bool, count: Count, figure: Figure) -> None:
    """CPU time of pairs of batches; the least of some medians, as noise only ever adds."""
    raw = order_bytes(SIZES[size], shipped=shipped)
    least = min(cost(raw, pairs=7).ratio for _ in range(count(3, 10)))
    figure("parses", round(least, 2))
    assert least <= MOST


def test_what_is_measured_is_a_whole_order() -> None:

    reading = normalise("orders/updated", json.loads(order_bytes(100, shipped=True)))
    assert len(reading.orders[0].lines) == 100
    assert len(reading.parcels[0].lines) == 100
    assert len(reading.refunds[0].lines) == 10
