"""Recorded orders, read as they are or with something changed."""

from __future__ import annotations

from typing import Any

from connectors.base import Noun, Reading
from connectors.woocommerce.normalise import normalise
from flows.commerce import Order
from tests.connectors.woocommerce.recordings import recording


def read(name: str, **changes: Any) -> Reading:
    return normalise("order.updated", recording(name).payload | changes)


def order_of(name: str) -> Order:
    return read(name).orders[0]


def wished(reading: Reading) -> list[tuple[Noun, str]]:
    assert all(wish.reason for wish in reading.wishes)
    return [(wish.noun, wish.id) for wish in reading.wishes]
