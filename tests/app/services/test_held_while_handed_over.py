"""Ours is handed over while somebody decides whether the store sends its own: one of the two leaves."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

from app.services import ledger
from app.services.held_mails import settle_held
from connectors.base import Reading
from flows.shop_mails import HeldMail
from tests.app.desk import START, Desk, an_order
from tests.app.sending import mark
from tests.app.services.meanwhile import meanwhile

PROCESSING = "customer_processing_order"
# The mail server was away for that long, and is back.
LATER = START + timedelta(minutes=40)


def test_at_each_statement_one_of_both_leaves(desk: Desk) -> None:
    ways = []
    for at in count(1):
        held = (HeldMail(PROCESSING, START + timedelta(minutes=1)),)
        desk.read(Reading(orders=(an_order(id=str(at), number=str(at), shop_held=held),)))
        (mail,) = ledger.claim(desk.database, LATER, LATER, 10)
        with meanwhile(desk.database, at, partial(mark, desk, mail, LATER)) as done:
            settle_held(desk.database, desk.shop_id, LATER, LATER)
        if not done:
            break
        (left,) = done
        if left:
            ledger.record(desk.database, mail, "sent", LATER)
            settle_held(desk.database, desk.shop_id, LATER, LATER)
        owed = desk.rows("SELECT 1 FROM store_writes WHERE body->>'order_id' = :id", id=str(at))
        (state,) = desk.rows("SELECT state FROM held_mails WHERE order_id = :id", id=str(at))
        assert (len(owed), state.state) == ((0, "replaced") if left else (1, "released")), f"at {at}"
        ways.append(left)
    assert set(ways) == {True, False} and len(ways) > 6
