"""An order that came of a mail is credited to it: once, by the strongest rule, with what was kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.base import Reading
from flows.commerce import Order, OrderState, Refund
from tests.app.desk import START, Desk, an_order
from tests.app.services.statements import counted

DAY = timedelta(days=1)
LATER = START + 10 * DAY


def mailed(desk: Desk, flow: str = "review_request", step: str = "ask") -> int:
    """A mail of the first order has left."""
    desk.read(Reading(orders=(an_order(),)))
    (row,) = desk.rows(
        "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
        " mail_class, lane, order_id, state, due_at, expires_at, next_at, created_at, changed_at, sent_at)"
        " SELECT shop_id, generation, id, :flow, :step, 1, 'x', 'S', 1, order_id, 'sent', :at, :at, :at, :at,"
        " :at, :at FROM journeys WHERE flow_key = 'order_confirmation' AND order_id = '13' RETURNING id",
        flow=flow,
        step=step,
        at=START + DAY,
    )
    return int(row.id)


def clicked(desk: Desk, message: int, at: datetime, kind: str = "clicked") -> None:
    desk.rows(
        "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
        " VALUES (:shop, :message, :kind, :at, '{}') RETURNING id",
        shop=desk.shop_id,
        message=message,
        kind=kind,
        at=at,
    )


def coded(desk: Desk, message: int, code: str) -> None:
    desk.rows(
        "INSERT INTO coupons SELECT shop_id, journey_id, step, order_id, flow_key, :code, 'percent', 10,"
        " 'EUR', 0, :at, :at FROM messages WHERE id = :message RETURNING 1",
        code=code,
        message=message,
        at=START,
    )


def bought(desk: Desk, **changes: Any) -> Order:
    order = an_order(**{"id": "20", "number": "20", "at": LATER, "total": 5000, **changes})
    desk.read(Reading(orders=(order,)))
    return order


def credits(desk: Desk) -> list[tuple[Any, ...]]:
    return [
        (row.order_id, row.rule, row.flow_key, row.amount, row.currency)
        for row in desk.rows("SELECT * FROM credits ORDER BY order_id")
    ]


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (timedelta(0), True),
        (5 * DAY, True),
        (5 * DAY + timedelta(seconds=1), False),
        (-timedelta(seconds=1), False),
    ],
)
def test_an_order_within_five_days_of_a_click(desk: Desk, before: timedelta, counts: bool) -> None:
    message = mailed(desk)
    clicked(desk, message, LATER - before)
    bought(desk)
    assert credits(desk) == ([("20", "click", "review_request", 5000, "EUR")] if counts else [])


def test_what_a_machine_followed_earns_nothing(desk: Desk) -> None:
    message = mailed(desk)
    clicked(desk, message, LATER - DAY, "scanned")
    clicked(desk, message, LATER - DAY, "opened")
    bought(desk)
    assert credits(desk) == []


def test_a_click_of_somebody_else_earns_nothing(desk: Desk) -> None:
    clicked(desk, mailed(desk), LATER - DAY)
    bought(desk, email="noor@example.com")
    assert credits(desk) == []


def test_of_several_clicks_the_last_counts_and_once(desk: Desk) -> None:
    first, second = mailed(desk), mailed(desk, "win_back", "why")
    clicked(desk, second, LATER - 2 * DAY)
    clicked(desk, first, LATER - 3 * DAY)
    clicked(desk, second, LATER - DAY)
    bought(desk)
    bought(desk)
    assert credits(desk) == [("20", "click", "win_back", 5000, "EUR")]


def test_a_code_says_more_than_a_click(desk: Desk) -> None:
    clicked(desk, mailed(desk), LATER - DAY)
    coded(desk, mailed(desk, "win_back", "offer"), "THX-ABC")
    bought(desk)
    assert [one[1] for one in credits(desk)] == ["click"], "no code yet"
    bought(desk, discount_codes=(" thx-abc", "OTHER"), version=LATER + DAY)
    assert credits(desk) == [("20", "coupon", "win_back", 5000, "EUR")]
    bought(desk, version=LATER + 2 * DAY)
    assert [one[1] for one in credits(desk)] == ["coupon"], "what was known stays known"


def test_a_code_counts_whoever_brings_it(desk: Desk) -> None:
    coded(desk, mailed(desk, "win_back", "offer"), "THX-ABC")
    bought(desk, email="noor@example.com", discount_codes=("THX-ABC",))
    assert [one[:3] for one in credits(desk)] == [("20", "coupon", "win_back")]


def test_what_is_given_back_was_not_earned(desk: Desk) -> None:
    clicked(desk, mailed(desk), LATER - DAY)
    order = bought(desk)
    desk.read(Reading(refunds=(Refund("r9", "20", LATER + DAY, 1500),)))
    assert credits(desk)[0][3] == 3500
    desk.read(Reading(orders=(replace(order, version=LATER + DAY, refunded=2000),)))
    assert credits(desk)[0][3] == 3000
    cancelled = replace(order, version=LATER + 2 * DAY, state=OrderState.CANCELLED)
    desk.read(Reading(orders=(cancelled,)))
    assert credits(desk)[0][3] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"is_test": True},
        {"is_renewal": True},
        {"accepted_at": None, "paid_at": None},
        {"at": START - DAY},
    ],
)
def test_orders_that_earn_nothing(desk: Desk, changes: dict[str, Any]) -> None:
    message = mailed(desk)
    clicked(desk, message, changes.get("at", LATER) - timedelta(hours=1))
    bought(desk, **changes)
    assert credits(desk) == []


def test_any_batch_costs_the_same_statements(desk: Desk) -> None:
    message = mailed(desk)
    clicked(desk, message, LATER - DAY)
    bought(desk)
    counts = []
    for batch in (1, 50):
        orders = tuple(
            an_order(id=f"{batch}-{n}", number=f"{batch}-{n}", at=LATER, total=5000) for n in range(batch)
        )
        with counted(desk.database) as statements:
            desk.read(Reading(orders=orders))
        counts.append(sum("credits" in statement for statement in statements))
    assert counts == [2, 2]
    assert len(credits(desk)) == 52
