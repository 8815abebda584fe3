"""`doorstep explain` prints the whole tree with its values, the source, and what would have changed it."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest

from app.cli.explain import flow_told, mail_told
from app.services.wake import wake_due
from connectors.base import Reading
from flows.commerce import ParcelStatus, Shipped
from tests.app.desk import START, Desk, a_parcel, a_refund, an_order

DOMAIN = "larkhus.example"


@pytest.fixture
def refunded(desk: Desk) -> Desk:
    """Confirmed, delivered, and given back before the review was asked for."""
    at = desk.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=at, at=at)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    desk.now = START + timedelta(days=3)
    order = an_order(version=desk.now, shipped=Shipped.ALL, refunded=8270, fully_refunded=True)
    desk.read(Reading(orders=(order,), refunds=(a_refund(),)))
    return desk


def told(desk: Desk, flow: str, number: str = "13") -> str:
    return "\n".join(flow_told(desk.database, desk.keys, DOMAIN, number, flow, desk.now))


def test_an_ended_journey_tells_rules_values_and_change(refunded: Desk) -> None:
    lines = told(refunded, "review_request")
    assert "review_request for order:13: ended, because OrderRefunded" in lines
    assert "answer: Not sent, because the order was refunded in full. Everything else allowed it." in lines
    assert "NO  has_not_happened: OrderRefunded (wanted: no OrderRefunded)" in lines
    assert "yes placed_after_connect: placed 2026-11-02T09:01:00+00:00" in lines
    assert "change: any one of these would have let it pass: order.refunds (was: OrderRefunded)" in lines
    assert "OrderDelivered  (read from the store, started it)" in lines


def test_a_flow_that_has_not_begun_says_what_is_missing(desk: Desk) -> None:
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    lines = told(desk, "shipped", "#13")
    assert "shipped: not started, because its trigger has not happened" in lines
    assert "happened[ParcelShipped] (was: never)" in lines


def test_a_mail_tells_its_last_look(desk: Desk) -> None:
    at = desk.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=at, at=at)
    desk.read(Reading(orders=(an_order(shipped=Shipped.ALL),), parcels=(parcel,)))
    desk.now = START + timedelta(days=13)
    wake_due(desk.database, desk.keys, desk.now)
    (row,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'review_request'")
    lines = "\n".join(mail_told(desk.database, desk.keys, row.id, desk.now))
    assert f"mail {row.id}: review_request/ask to mia@example.com: due" in lines
    assert "the last look (asked again on the facts of today):" in lines
    assert "yes not_unsubscribed: unknown" in lines
    assert "yes topic_not_left: gets reviews" in lines
    assert "any one of these would have stopped it:" in lines


def test_what_is_not_there_is_said(desk: Desk) -> None:
    with pytest.raises(click.ClickException, match="no mail 99"):
        list(mail_told(desk.database, desk.keys, 99, desk.now))
    with pytest.raises(click.ClickException, match="no order 77"):
        told(desk, "shipped", "77")
