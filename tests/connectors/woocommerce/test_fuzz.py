"""Whatever a signed body holds, reading it gives a Reading or Malformed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import Malformed, Reading
from connectors.woocommerce.normalise import normalise
from flows.plain import to_plain
from tests.connectors.woocommerce.recordings import recording
from tests.proof import FULL

RUNS = 5000 if FULL else 300
RELAXED = settings(max_examples=RUNS, deadline=None, database=None, suppress_health_check=list(HealthCheck))

TOPICS = st.sampled_from(
    [
        "order.created",
        "order.updated",
        "order.deleted",
        "customer.updated",
        "product.updated",
        "action.woocommerce_order_refunded",
        "coupon.created",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "0", "1", "-1.00", "yes", "2026-11-21T20:37:03", "0000-00-00 00:00:00", "publish"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    "order.created.paid",
    "order.updated.partial_refund",
    "order.updated.fulfilled",
    "order.created.eur_variation",
    "order.updated.with_coupon",
    "customer.updated",
    "product.created.variation",
)


@RELAXED
@given(TOPICS, VALUES)
def test_any_body(topic: str, payload: Any) -> None:
    stands(topic, payload)


@RELAXED
@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0), VALUES), min_size=1, max_size=4))
def test_recorded_bodies_with_fields_replaced(name: str, changes: list[tuple[int, Any]]) -> None:
    payload = recording(name).payload
    for at, value in changes:
        places = list(spots(payload))
        holder, key = places[at % len(places)]
        holder[key] = value
    stands(recording(name).topic, payload)


@RELAXED
@given(st.sampled_from(NAMES), st.lists(st.integers(0), min_size=1, max_size=8))
def test_recorded_bodies_with_fields_taken_out(name: str, gone: list[int]) -> None:
    payload = recording(name).payload
    for at in gone:
        places = [(holder, key) for holder, key in spots(payload) if isinstance(holder, dict)]
        if places:
            holder, key = places[at % len(places)]
            del holder[key]
    stands(recording(name).topic, payload)


def stands(topic: str, payload: Any) -> None:
    try:
        reading = normalise(topic, payload)
    except Malformed as error:
        assert str(error)
        return
    assert isinstance(reading, Reading)
    # Every order can be stored: as JSON, as UTF-8, with integers that databases hold.
    for part in (*reading.orders, *reading.parcels, *reading.refunds, *reading.products, *reading.customers):
        written = json.dumps(to_plain(part), ensure_ascii=False)
        assert "\x00" not in written.encode().decode()
        assert "\\u0000" not in written
    assert all(abs(order.total) < 2**63 for order in reading.orders)


def spots(value: Any) -> Any:
    """Every place in a body that holds something, as (holder, key)."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in list(entries):
        yield value, key
        yield from spots(inner)
