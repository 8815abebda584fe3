from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.base import Malformed
from connectors.woocommerce.normalise import normalise
from flows.commerce import Order
from flows.plain import from_plain, to_plain
from tests.connectors.woocommerce.recordings import recording

TOPICS = ("order.created", "order.updated", "order.deleted", "customer.updated", "product.updated")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    "payload", [[], [1], "text", 5, None, True, {}, {"id": None}, {"id": 0}, {"id": "x"}]
)
def test_a_shape_that_cannot_be(topic: str, payload: Any) -> None:
    with pytest.raises(Malformed):
        normalise(topic, payload)


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("id", [13], "order.id"),
        ("id", -13, "order.id"),
        ("id", 1.5, "order.id"),
        ("id", True, "order.id"),
        ("id", "1" * 30, "order.id"),
        ("date_created_gmt", None, "order.date_created_gmt"),
        ("date_created_gmt", "yesterday", "order.date_created_gmt"),
        ("date_modified_gmt", 1795219200, "order.date_modified_gmt"),
        ("total", "a lot", "order.total"),
        ("total", [], "order.total"),
        ("total", "NaN", "order.total"),
        ("total", "1e400", "order.total"),
        ("billing", "Mia", "order.billing"),
        ("line_items", "none", "order.line_items"),
        ("line_items", [5], r"order.line_items\[0\]"),
        ("line_items", [{"name": "x"}], r"order.line_items\[0\].id"),
        ("line_items", [{"id": 1, "quantity": "many"}], r"order.line_items\[0\].quantity"),
        ("line_items", [{"id": 1, "name": {}}], r"order.line_items\[0\].name"),
        ("refunds", [{"id": 1, "total": "x"}], r"order.refunds\[0\].total"),
        ("refunds", [{"total": "-1"}], r"order.refunds\[0\].id"),
        ("status", {"a": 1}, "order.status"),
        ("prices_include_tax", "perhaps", "order.prices_include_tax"),
    ],
)
def test_the_reason_names_the_field(field: str, value: Any, path: str) -> None:
    with pytest.raises(Malformed, match=f"^{path}: "):
        normalise("order.updated", recording("order.created.paid").payload | {field: value})


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"total": "0.00"}, "total", 0),
        ({"total": "-12.34"}, "total", -1234),
        ({"total": 82.7}, "total", 8270),
        ({"total": ""}, "total", 0),
        ({"total": "25.900000000000002"}, "total", 2590),
        ({"currency": "ZZZ"}, "currency", "ZZZ"),
        ({"currency": "usd"}, "currency", "USD"),
        ({"currency": "dollars"}, "currency", "XXX"),
        ({"currency": None}, "currency", "XXX"),
        ({"currency": "JPY", "total": "1200"}, "total", 1200),
        ({"currency": "KWD", "total": "1.234"}, "total", 1234),
        ({"number": "#A-13"}, "number", "A-13"),
        ({"number": ""}, "number", "13"),
        ({"line_items": []}, "lines", ()),
        ({"line_items": None}, "lines", ()),
        ({"billing": []}, "email", None),
        ({"billing": {"email": ""}}, "email", None),
        ({"billing": {"email": "  "}}, "email", None),
        ({"billing": {"email": "not an address"}}, "email", "not an address"),
        ({"billing": {"email": "a" * 290 + "@example.org"}}, "email", "a" * 290 + "@example.org"),
        ({"billing": {"first_name": "Eve\r\nBcc: x@example.org"}}, "first_name", "Eve\r\nBcc: x@example.org"),
        ({"billing": {"first_name": "مها 👩\u200d🚀"}}, "first_name", "مها 👩\u200d🚀"),
        ({"billing": {"first_name": "<b>Eve</b>"}}, "first_name", "<b>Eve</b>"),
        ({"billing": {"first_name": "E\u0000ve\ud800"}}, "first_name", "Eve"),
        ({"customer_id": "2"}, "customer_id", "2"),
        ({"refunds": {"1": {"id": 7, "total": "-1.00"}}}, "refunded", 100),
        ({"refunds": False}, "refunded", 0),
        ({"meta_data": None}, "is_gift", False),
        ({"meta_data": {"0": {"key": ["x"]}, "1": 5}}, "is_gift", False),
    ],
)
def test_odd_orders_are_read(changes: dict[str, Any], field: str, value: object) -> None:
    order = order_with(**changes)
    assert getattr(order, field) == value
    json.dumps(to_plain(order)).encode()


def test_an_order_of_399_lines() -> None:
    line = recording("order.created.paid").payload["line_items"][0]
    order = order_with(line_items=[{**line, "id": at} for at in range(1, 400)])
    assert len(order.lines) == 399
    assert len({line.id for line in order.lines}) == 399
    assert from_plain(Order, to_plain(order)) == order


@pytest.mark.parametrize(("quantity", "pieces"), [(80_995, 80_995), ("3", 3), (0, 0), (2.5, 3), ("0.25", 1)])
def test_quantities(quantity: Any, pieces: int) -> None:
    order = order_with(line_items=[{"id": 1, "name": "x", "quantity": quantity, "total": "1.00"}])
    assert order.lines[0].quantity == pieces


def order_with(**changes: Any) -> Order:
    return normalise("order.updated", recording("order.created.paid").payload | changes).orders[0]
