"""Orders of a WooCommerce shop as they come: when they were taken on, and what of them travels."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from app.db import Database
from app.queries.facts import load_fact_base
from app.services.explain import explain_flow
from connectors.base import Reading
from connectors.woocommerce.normalise import normalise
from flows.guards import rule_on
from flows.presets import PRESETS
from tests.app.desk import START, Desk, connect_shop

PAYLOADS = Path(__file__).parents[2] / "payloads" / "woocommerce"
PAID = json.loads((PAYLOADS / "order.created.paid.json").read_text())["body"]
HOUR = timedelta(hours=1)
PICKUP = [{"id": 3, "method_title": "Pickup", "method_id": "local_pickup", "total": "0.00"}]
FEES = [{"id": 9, "name": "Deposit", "total": "50.00", "total_tax": "0.00"}]


def at(hours: float) -> str:
    return (START + hours * HOUR).isoformat()[:19]


def body(status: str, hours: float, **changes: Any) -> Reading:
    told = {
        **PAID,
        "status": status,
        "date_created_gmt": at(0),
        "date_modified_gmt": at(hours),
        "date_paid_gmt": None,
        "date_completed_gmt": None,
        "meta_data": [],
        **changes,
    }
    return normalise("order.updated", told)


def tell(desk: Desk, reading: Reading, hours: float | None = None) -> None:
    (order,) = reading.orders
    desk.now = order.version if hours is None else START + hours * HOUR
    desk.read(reading)


def ruled(desk: Desk) -> dict[str, str]:
    """Of each mail, the last look now."""
    flows = {flow.key: flow for flow in PRESETS}
    found = {}
    for row in desk.rows("SELECT * FROM messages ORDER BY id"):
        key = (desk.shop_id, row.order_id)
        with desk.database.shops(desk.shop_id) as session:
            facts = load_fact_base(session, {key}, desk.keys).facts(key, row.flow_key, row.parcel_id)
        ruling = rule_on(flows[row.flow_key], row.step, row.due_at, row.expires_at, facts, desk.now)
        found[row.flow_key] = ruling.reason or "leaves"
    return found


def placed(desk: Desk) -> datetime:
    (row,) = desk.rows("SELECT happened_at FROM events WHERE kind = 'OrderPlaced'")
    at: datetime = row.happened_at
    return at


def test_a_transfer_that_came_after_a_day_is_confirmed(desk: Desk) -> None:
    """Of goods that do not travel the shop notes no payment when somebody sets the order going."""
    tell(desk, body("on-hold", 0, needs_processing=False))
    assert ruled(desk) == {}
    tell(desk, body("processing", 24, needs_processing=False))
    assert placed(desk) == START + 24 * HOUR
    assert ruled(desk) == {"order_confirmation": "leaves"}


def test_what_we_hear_of_thirteen_hours_late_is_not_confirmed_by_us(desk: Desk) -> None:
    tell(desk, body("processing", 1), hours=14.5)
    assert ruled(desk) == {"order_confirmation": "expired"}


STORY = (
    body("on-hold", 0),
    body("processing", 24),
    body("processing", 27, customer_note="Ring twice"),
    body("completed", 48, date_paid_gmt=at(48), date_completed_gmt=at(48)),
)


def test_when_it_was_taken_on_does_not_depend_on_the_order_of_messages(db: Database) -> None:
    for place, messages in enumerate(permutations(STORY)):
        desk = connect_shop(db, f"shop{place}.example")
        for message in (*messages, *messages[:2]):
            tell(desk, message, hours=48)
        assert placed(desk) == START + 24 * HOUR, [one.orders[0].version for one in messages]
        (row,) = desk.rows("SELECT body->>'accepted_at' AS at, body->>'note' AS note FROM orders")
        assert datetime.fromisoformat(row.at) == START + 24 * HOUR
        assert row.note == "", "and the newest word of everything else"


def test_a_batch_says_the_same(desk: Desk) -> None:
    parts = [one for reading in reversed(STORY) for one in reading.orders]
    desk.now = START + 48 * HOUR
    desk.read(Reading(orders=tuple(parts)))
    assert placed(desk) == START + 24 * HOUR


def test_an_order_of_fees_alone_is_confirmed(desk: Desk) -> None:
    tell(desk, body("processing", 1, line_items=[], fee_lines=FEES, total="50.00"))
    assert ruled(desk) == {"order_confirmation": "leaves"}


def test_one_whose_lines_were_all_taken_out_is_not(desk: Desk) -> None:
    """However often that is told."""
    tell(desk, body("processing", 1))
    for hours in (1.1, 1.2, 1.3):
        tell(desk, body("processing", hours, line_items=[], fee_lines=FEES, total="50.00"))
        assert ruled(desk) == {"order_confirmation": "nothing_left"}


def test_nor_where_one_batch_tells_both(desk: Desk) -> None:
    emptied = body("processing", 1.1, line_items=[], fee_lines=FEES, total="50.00")
    desk.now = START + 2 * HOUR
    desk.read(Reading(orders=(*emptied.orders, *body("processing", 1).orders)))
    assert ruled(desk) == {"order_confirmation": "nothing_left"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"order_confirmation": "leaves", "shipped": "leaves"}),
        ({"shipping_lines": PICKUP}, {"order_confirmation": "leaves"}),
        ({"created_via": "pos-rest-api", "shipping_lines": []}, {}),
        ({"created_via": "subscription"}, {"shipped": "leaves"}),
    ],
)
def test_who_is_written_to_of_an_order_that_is_completed(
    desk: Desk, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    for status, hours in (("processing", 1), ("completed", 5), ("delivered", 6)):
        tell(desk, body(status, hours, **changes))
    assert {key: "leaves" for key in ruled(desk) if key != "delivered"} == expected
    arrived = desk.rows("SELECT 1 FROM events WHERE kind IN ('ParcelDelivered', 'OrderDelivered')")
    assert bool(arrived) is ("shipped" in expected)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"created_via": "pos"}, "it was bought at the till"),
        (
            {"meta_data": [{"id": 1, "key": "_subscription_renewal", "value": 77}]},
            "a subscription was renewed, of which the shop writes itself",
        ),
    ],
)
def test_the_reason_is_given_in_words(desk: Desk, changes: dict[str, Any], because: str) -> None:
    tell(desk, body("processing", 1, **changes))
    with desk.database.shops(desk.shop_id) as session:
        (found,) = explain_flow(session, desk.shop_id, "13", "order_confirmation", desk.keys, desk.now)
    assert found.answer.because == because


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
def test_of_one_second_what_was_paid_stays_paid(desk: Desk, turned: bool, at_once: bool) -> None:
    """A page that was read just before the payment may be stored just after the message of it."""
    before, after = body("pending", 1), body("processing", 1, date_paid_gmt=at(1))
    told = (after, before) if turned else (before, after)
    if at_once:
        desk.now = START + HOUR
        desk.read(*told)
    else:
        for reading in told:
            tell(desk, reading)
    (row,) = desk.rows("SELECT body->>'accepted_at' AS taken, body->>'paid_at' AS paid FROM orders")
    assert row.taken is not None and row.paid is not None
