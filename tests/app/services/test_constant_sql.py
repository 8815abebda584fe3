"""A batch of 500 costs as many statements as a batch of 1."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from app.db import Database
from app.services import ledger
from app.services.ack import Door, accept
from app.services.send import send_due
from app.services.wake import wake_due
from connectors.base import Reading, Verified
from flows.commerce import Consent, ConsentState, ParcelStatus, Platform, Shipped
from tests.app.desk import START, Desk, a_parcel, an_order, connect_shop
from tests.app.sending import sender_of
from tests.app.services.offers import Box
from tests.app.services.statements import counted

SIZES = (1, 50, 500)


def delivered_orders(count: int) -> Reading:
    """Each somebody else's: what begins for one of them begins for all."""
    at = START + timedelta(days=2)
    orders = tuple(
        an_order(id=str(n), number=str(n), email=f"mia{n}@example.com", shipped=Shipped.ALL)
        for n in range(count)
    )
    parcels = tuple(
        a_parcel(id=f"t{n}", order_id=str(n), status=ParcelStatus.DELIVERED, delivered_at=at)
        for n in range(count)
    )
    return Reading(orders=orders, parcels=parcels)


def agreements(count: int) -> Reading:
    return Reading(
        consents=tuple(Consent(f"mia{n}@example.com", ConsentState.SUBSCRIBED, START) for n in range(count))
    )


def test_applying_what_a_store_said(db: Database) -> None:
    """With every flow on."""
    counts, of_one = [], 0
    for size in SIZES:
        desk = connect_shop(db, f"shop-{size}.example")
        desk.now = START + timedelta(days=2)
        with counted(db) as seen:
            reaction = desk.read(delivered_orders(size))
        of_one = of_one or reaction.journeys
        assert reaction.journeys == of_one * size >= 4 * size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_waking_journeys(db: Database) -> None:
    counts, of_one = [], 0
    for size in SIZES:
        desk = connect_shop(db, f"shop-{size}.example")
        desk.now = START + timedelta(days=2)
        desk.read(delivered_orders(size))
        with counted(db) as seen:
            woken = wake_due(db, desk.keys, START + timedelta(days=13), limit=20 * size)
        of_one = of_one or woken
        assert woken == of_one * size >= 2 * size
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


def test_claiming_mails(db: Database) -> None:
    for size in SIZES:
        desk = connect_shop(db, f"shop-{size}.example")
        desk.read(Reading(orders=tuple(an_order(id=str(n), number=str(n)) for n in range(size))))
        with counted(db) as seen:
            claimed = ledger.claim(db, START + timedelta(hours=1), START, 500)
        assert len(claimed) == size
        assert len(seen) == 2, "the scope and the claim"


def test_deciding_on_due_mails(db: Database) -> None:
    """Of all kinds, with the desk: up to the first that leaves. The others of the batch are put back then."""
    counts, flows = [], set()
    for size in SIZES:
        desk = connect_shop(db, f"shop-{size}.example")
        desk.now = START + timedelta(days=2)
        desk.read(delivered_orders(size), agreements(size))
        desk.now = START + timedelta(days=13)
        wake_due(db, desk.keys, desk.now, limit=20 * size)
        flows |= {row.flow_key for row in desk.rows("SELECT DISTINCT flow_key FROM messages")}
        by_then: list[int] = []
        with counted(db) as seen:
            box = Box(before_mark=partial(_stop, desk, seen, by_then))
            with box.connect() as courier:
                due = send_due(sender_of(desk, box), courier, _SOON, limit=20 * size)
        assert due >= size
        counts.append(by_then[0])
    assert len(flows) >= 4
    assert counts[0] == counts[1] == counts[2], counts


_SOON = START + timedelta(seconds=20)


def _stop(desk: Desk, seen: list[str], by_then: list[int]) -> None:
    by_then.append(len(seen))
    desk.real = _SOON


@pytest.mark.parametrize("hint", [False, True])
def test_an_acknowledgement_is_one_statement(db: Database, hint: bool) -> None:
    connect_shop(db)
    door = Door(Platform.WOOCOMMERCE, domain="larkhus.example")
    with counted(db) as seen:
        outcome = accept(db, door, Verified("order.updated", "k1", hint=hint), b"{}", START)
    assert (outcome, len(seen)) == ("stored", 1), seen
    assert accept(db, door, Verified("order.updated", "k1", hint=hint), b"{}", START) == "duplicate"
