"""A wait is counted anew from all that it was counted from at first, whichever flow it is in."""

from __future__ import annotations

from datetime import timedelta

from app.db import as_json
from app.services.retime import move_batch, steps_turned
from connectors.base import Reading
from flows.commerce import Address, Consent, ConsentState, LineQuantity, OrderLine, ParcelStatus
from flows.presets import PRESETS
from tests.app.desk import START, Desk, a_parcel, a_product, an_order

DAY = timedelta(days=1)
COFFEE = OrderLine("l1", "Coffee beans", 1, 8270, product_id="p1")


def lived(desk: Desk) -> None:
    """Somebody in Tokyo who orders every hundred days: one order has come, of another the parcel is on its
    way with a day that the carrier named."""
    desk.rows("UPDATE shops SET connected_at = :at RETURNING 1", at=START - 400 * DAY)
    desk.rows("UPDATE flow_switches SET since = :at RETURNING 1", at=START - 400 * DAY)
    desk.rows(
        "INSERT INTO contents (shop_id, slot, scope, scope_id, title, body, url, revision, changed_at)"
        " VALUES (:shop, 'prepare', 'shop', '', 'T', 'B', '', 1, :at) RETURNING 1",
        shop=desk.shop_id,
        at=START - 400 * DAY,
    )
    home = Address(country="JP")
    yes = Consent("mia@example.com", ConsentState.SUBSCRIBED, START - 300 * DAY, opt_in_level="confirmed")
    desk.read(Reading(products=(a_product(title="Coffee beans", kind="Coffee"),), consents=(yes,)))
    for number in range(3):
        desk.now = START + (number - 2) * 100 * DAY
        name = f"o{number}"
        order = an_order(id=name, number=name, at=desk.now, lines=(COFFEE,), shipping_address=home)
        desk.read(Reading(orders=(order,)))
    lines = (LineQuantity("l1", 1),)
    here = a_parcel(id="t2", order_id="o2", at=START + DAY, lines=lines)
    arrived = a_parcel(
        id="t2",
        order_id="o2",
        at=START + DAY,
        version=START + 2 * DAY,
        status=ParcelStatus.DELIVERED,
        delivered_at=START + 2 * DAY,
        lines=lines,
    )
    desk.now = START + 2 * DAY
    desk.read(Reading(parcels=(here,)), Reading(parcels=(arrived,)))
    ole = an_order(id="o3", number="o3", email="ole@example.com", at=START, shipping_address=home)
    coming = a_parcel(id="t3", order_id="o3", at=START + DAY, estimated_at=START + 14 * DAY, lines=lines)
    desk.read(Reading(orders=(ole,)), Reading(parcels=(coming,)))


def test_knobs_that_stand_where_they_stood_move_nobody(desk: Desk) -> None:
    lived(desk)
    looked_at = {}
    for flow in PRESETS:
        knobs = [knob.key for knob in flow.knobs]
        if not steps_turned(flow, knobs):
            continue
        desk.rows(
            "UPDATE flow_switches SET retime_after = 0, retime_knobs = CAST(:knobs AS jsonb)"
            " WHERE flow_key = :flow RETURNING 1",
            knobs=as_json(knobs),
            flow=flow.key,
        )
        batch = move_batch(desk.database, desk.keys, desk.shop_id, flow, desk.now)
        assert batch is not None
        moves = [(one.row.state.step, one.row.state.wake_at, one.wake_at) for one in batch.moved]
        assert moves == [], flow.key
        looked_at[flow.key] = batch.looked_at
    waiting = {flow for flow, number in looked_at.items() if number}
    assert {"review_request", "replenishment", "win_back", "prepare_for_arrival"} <= waiting, looked_at
