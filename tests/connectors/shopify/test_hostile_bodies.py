"""Whatever a signed body holds: it is read, or it is Malformed with the path. Nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Malformed, Reading
from connectors.shopify.normalise import READERS, normalise
from flows.plain import to_plain
from tests.connectors.shopify import one_order
from tests.connectors.shopify.samples import sample
from tests.proof import Count

BODIES = {
    "orders/updated": one_order.webhook_order(),
    "fulfillments/update": one_order.webhook_parcel(0),
    "fulfillment_events/create": one_order.webhook_scan(),
    "refunds/create": one_order.webhook_refund(),
    "returns/request": one_order.webhook_return(),
}
ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**18, 10**40, 1e308, float("nan"), float("inf"), "", " ", "x", "0", "-1",
    "1e999", "NaN", "Infinity", "9" * 50, "\x00", "\ud800", "\r\nBcc: x@example.com", "<b>x</b>",
    "👩🏽‍🚀", "שלום", "0000-00-00T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "gid://", "gid://shopify/Order/", "gid://shopify/Order/x", [], [None], [[]], ["x"], [1], {}, {"id": None},
    {"shop_money": None}, {"shop_money": {"amount": {}}}, "x" * 5000,
]  # fmt: skip


def _read(topic: str, body: Any) -> Reading | None:
    """None: Malformed. Everything that was read can be stored: as JSON, without NUL, in UTF-8."""
    try:
        reading = normalise(topic, body)
    except Malformed as error:
        assert ": " in str(error)
        return None
    written = json.dumps(to_plain(reading), ensure_ascii=False, allow_nan=False).encode("utf-8")
    assert b"\\u0000" not in written
    return reading


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


def _changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = copy.deepcopy(body)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied


@pytest.mark.parametrize("topic", BODIES)
def test_every_field_takes_odd_values(topic: str, count: Count) -> None:
    """A few for each field, moving on from field to field; in the full count, every one."""
    body = BODIES[topic]
    each = count(4, len(ODD))
    for at, path in enumerate(_paths(body)):
        for step in range(each):
            _read(topic, _changed(body, path, ODD[(at * each + step) % len(ODD)]))


@pytest.mark.parametrize("topic", BODIES)
def test_every_field_may_be_null_or_missing(topic: str) -> None:
    """Only what a part cannot be without makes a body impossible."""
    body = BODIES[topic]
    needed = {"id", "admin_graphql_api_id", "order_id", "fulfillment_id", "happened_at", "line_item_id"}
    for path in _paths(body):
        if not path:
            continue
        without = copy.deepcopy(body)
        place = without
        for key in path[:-1]:
            place = place[key]
        place.pop(path[-1])
        for changed in (without, _changed(body, path, None)):
            if _read(topic, changed) is None:
                assert path[-1] in needed or isinstance(path[-1], int)


@pytest.mark.parametrize("topic", READERS)
@pytest.mark.parametrize("body", [None, 1, "x", [1], True, float("nan")])
def test_what_is_no_object_cannot_be(topic: str, body: Any) -> None:
    with pytest.raises(Malformed, match="not an object"):
        normalise(topic, body)


@pytest.mark.parametrize(
    "topic",
    sorted(set(READERS) - {"shop/update", "app/uninstalled", "customers_email_marketing_consent/update"}),
)
def test_an_empty_object_names_nothing(topic: str) -> None:
    with pytest.raises(Malformed, match="missing"):
        normalise(topic, {})


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("line_items", 1, "quantity"), -1, r"line_items\[1\]\.quantity"),
        (("line_items", 1, "quantity"), "two", r"line_items\[1\]\.quantity"),
        (("line_items", 0, "price"), [], r"line_items\[0\]\.price"),
        (("line_items",), "x", "line_items"),
        (("fulfillments", 0), 5, r"fulfillments\[0\]"),
        (("refunds", 0, "refund_line_items", 0, "quantity"), 2**40, r"refund_line_items\[0\]\.quantity"),
        (("updated_at",), "yesterday", "updated_at"),
        (("total_price",), "a lot", "total_price"),
        (("customer",), "Ines", "customer"),
        (("email",), {"address": "x"}, "email"),
    ],
)
def test_the_reason_names_the_place(path: tuple[Any, ...], value: Any, where: str) -> None:
    with pytest.raises(Malformed, match=where):
        normalise("orders/create", _changed(one_order.webhook_order(), path, value))


def _order(**changed: Any) -> Any:
    reading = _read("orders/create", {**one_order.webhook_order(), **changed})
    assert reading is not None
    return reading.orders[0]


def test_strange_but_possible_orders_are_kept() -> None:
    line = one_order.webhook_order()["line_items"][0]
    assert _order(email=None, contact_email=None, customer=None).email is None
    assert _order(email="not an address").email == "not an address"
    assert len(_order(email="x" * 288 + "@example.com").email) == 300
    assert _order(line_items=[]).lines == ()
    many = [{**line, "id": at, "admin_graphql_api_id": None} for at in range(1, 400)]
    assert len(_order(line_items=many).lines) == 399
    assert (
        _order(line_items=[{**line, "quantity": 80995, "current_quantity": 80995}]).lines[0].quantity == 80995
    )
    assert _order(total_price="0.00").total == 0
    assert _order(total_price="-12.00").total == -1200
    assert _order(currency="ZZZ").currency == "ZZZ"
    name = "Ines\r\nBcc: a@example.com 👩🏽‍🚀 שלום <b>x</b>\x00\ud800"
    assert _order(customer={"id": 1, "first_name": name}).first_name.startswith(
        "Ines\r\nBcc: a@example.com 👩🏽‍🚀 שלום <b>x</b>"
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_fuzzed_samples(count: Count) -> None:
    @settings(max_examples=count(150, 5000), deadline=None)
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        topic = data.draw(st.sampled_from(sorted(READERS)))
        body = sample(topic)
        for _ in range(data.draw(st.integers(1, 4))):
            path = data.draw(st.sampled_from(list(_paths(body))))
            body = _changed(body, path, data.draw(_JSON))
        _read(topic, body)

    fuzz()


def test_fuzzed_bodies(count: Count) -> None:
    @settings(max_examples=count(150, 5000), deadline=None)
    @given(st.sampled_from(sorted(READERS)), _JSON)
    def fuzz(topic: str, body: Any) -> None:
        _read(topic, body)

    fuzz()
