"""What the simulation says is what the real road then does: the same mails at the same minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from app.queries.waiting import next_due
from app.services.arrivals import missed
from app.services.look import look_due
from app.services.send import send_due
from app.services.simulate import rehearsals, simulate
from app.services.wake import wake_due
from flows.presets import PRESETS
from tests.app.desk import START, Desk
from tests.app.sending import sender_of
from tests.app.services.a_month import Told, catalogue, month, wrong_guesses
from tests.app.services.offers import Box
from tests.proof import Count, Figure

Mail = tuple[str, str, str, datetime]


def live(desk: Desk, told: list[Told], until: datetime) -> None:
    """The month itself: what the store tells, what rings and what is due, one instant after the other."""
    box, told = Box(), list(told)
    while True:
        with desk.database.crossing() as session:
            due = next_due(session)
        upcoming = [at for at in (due, told[0].at if told else None) if at is not None]
        if not upcoming or min(upcoming) > until:
            return
        desk.now = max(desk.now, min(upcoming))
        while told and told[0].at <= desk.now:
            _tell(desk, told.pop(0))
        look_due(desk.database, desk.keys, desk.now)
        wake_due(desk.database, desk.keys, desk.now)
        sender = sender_of(desk, box)
        with box.connect() as courier:
            send_due(sender, courier, desk.real + timedelta(seconds=20))


def _tell(desk: Desk, told: Told) -> None:
    if told.denied is None:
        desk.read(told.reading)
    else:
        order, parcel = told.denied
        missed(desk.database, desk.keys, (desk.shop_id, order), parcel, desk.now)


@pytest.mark.timeout(600)
def test_a_replayed_month_is_the_month_that_was(desk: Desk, count: Count, figure: Figure) -> None:
    seed = 7
    desk.read(catalogue())
    until = START + timedelta(days=45)
    told = [*month(Random(seed), count(60, 300)), *wrong_guesses(6)]
    live(desk, sorted(told, key=lambda one: one.at), until)
    with desk.database.shops(desk.shop_id) as session:
        seen = list(rehearsals(session, desk.shop_id, PRESETS, START, until, desk.keys))
        whole = simulate(session, desk.shop_id, PRESETS, START, until, desk.keys)
    rehearsed = {
        (mail.order_id, mail.flow, mail.step, mail.sent_at)
        for one, _ in seen
        for mail in one.mails
        if mail.sent_at is not None
    }
    rows = desk.rows("SELECT order_id, flow_key, step, sent_at FROM messages WHERE state = 'sent'")
    really = {(row.order_id, row.flow_key, row.step, row.sent_at) for row in rows}
    assert rehearsed == really
    assert desk.rows("SELECT 1 FROM journeys WHERE end_reason = 'not_there' AND flow_key = 'review_request'")
    skips = {
        (mail.order_id, mail.flow, mail.step, mail.reason)
        for one, _ in seen
        for mail in one.mails
        if mail.state in ("skipped", "expired", "cancelled")
    }
    rows = desk.rows(
        "SELECT order_id, flow_key, step, reason FROM messages"
        " WHERE state IN ('skipped', 'expired', 'cancelled')"
    )
    assert skips == {(row.order_id, row.flow_key, row.step, row.reason) for row in rows}
    assert len({flow for _, flow, _, _ in really}) >= 8, "the month is a varied one"
    assert sum(whole.sent.values()) == len(really)
    figure("mails", len(really))
    figure("put_off", whole.put_off.total())
