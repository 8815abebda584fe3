"""A second subject beside the first: drawn when a series begins, and kept whatever becomes of the trial."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from app.services.groups import Unwanted
from app.services.send import Sender, send_due
from app.services.trials import Running, begin_trial, end_trial, running_trials
from app.services.wake import wake_due
from connectors.base import Reading
from emails.own_words import our_second
from flows.commerce import ParcelStatus, Shipped
from flows.presets import preset
from flows.steps import Send
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.app.mail_server import Mailbox

FLOW = preset("review_request")
ASK = next(step for step in FLOW.steps if isinstance(step, Send))
SECOND = "Fits it, or does it not?"
ARRIVED = START + timedelta(days=2)


def begin(desk: Desk, subject: str = SECOND, language: str = "en") -> None:
    with desk.database.shops(desk.shop_id) as session:
        begin_trial(session, desk.shop_id, FLOW, ASK, language, subject, desk.now)


def end(desk: Desk) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return end_trial(session, desk.shop_id, FLOW, "ask", desk.now)


def arrive(desk: Desk, first: int, count: int = 12, locale: str = "en") -> None:
    """So many orders of as many people, all of which have arrived."""
    ids = [str(n) for n in range(first, first + count)]
    desk.now = desk.real = ARRIVED
    orders = [
        an_order(id=n, number=n, email=f"p{n}@example.com", shipped=Shipped.ALL, locale=locale) for n in ids
    ]
    there = {"status": ParcelStatus.DELIVERED, "delivered_at": ARRIVED}
    desk.read(
        Reading(orders=tuple(orders), parcels=tuple(a_parcel(id=f"t{n}", order_id=n, **there) for n in ids))
    )


def ask_all(desk: Desk, sender: Sender, mailbox: Mailbox) -> dict[str, str]:
    """By order, the subject that its review ask had."""
    desk.now = ARRIVED + timedelta(days=12, hours=3)
    while wake_due(desk.database, desk.keys, desk.now):
        pass
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=60)):
            pass
    asked = (mail for mail in mailbox.mails if mail["X-Doorstep-Step"] == "ask")
    orders = {row.id: row.order_id for row in desk.rows("SELECT id, order_id FROM messages")}
    return {orders[int(mail["X-Doorstep-Row"])]: str(mail["Subject"]) for mail in asked}


def variants(desk: Desk, table: str = "messages") -> dict[str, str | None]:
    column = "variant" if table == "messages" else "variants->>'ask'"
    rows = desk.rows(
        f"SELECT order_id, {column} AS variant FROM {table} WHERE flow_key = 'review_request'"
        + (" AND step = 'ask'" if table == "messages" else "")
    )
    return {row.order_id: row.variant for row in rows}


def test_half_of_them_get_each_and_the_row_says_which(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    begin(desk)
    arrive(desk, 100)
    subjects, told = ask_all(desk, sender, mailbox), variants(desk)
    assert len(subjects) == 12
    assert set(Counter(told.values())) == {"a1", "b1"}
    assert told == variants(desk, "journeys")
    for order, subject in subjects.items():
        assert (subject == SECOND) == (told[order] == "b1"), order
    rows = desk.rows("SELECT subject, variant FROM messages WHERE step = 'ask' AND state = 'sent'")
    assert all((row.subject == SECOND) == (row.variant == "b1") for row in rows)


def test_who_is_under_way_keeps_what_they_drew(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    arrive(desk, 100)
    begin(desk)
    arrive(desk, 200)
    assert end(desk)
    arrive(desk, 300)
    subjects, told = ask_all(desk, sender, mailbox), variants(desk)
    assert {told[order] for order in told if order[0] in "13"} == {None}
    second = {order for order, subject in subjects.items() if subject == SECOND}
    assert second == {order for order, variant in told.items() if variant == "b1"}
    assert {order[0] for order in second} == {"2"}


def test_only_mails_in_its_language_take_part(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    begin(desk, "Passt er?", "de")
    arrive(desk, 100)
    arrive(desk, 200, locale="de-AT")
    subjects, told = ask_all(desk, sender, mailbox), variants(desk)
    assert {told[order] for order in told if order[0] == "1"} == {None}
    assert {told[order] for order in told if order[0] == "2"} == {"a1", "b1"}
    assert {order[0] for order, subject in subjects.items() if subject == "Passt er?"} == {"2"}


def test_of_ours_every_form_of_the_subject_has_its_second(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    """The merchant's own would leave a form alone whose gaps it does not know."""
    flow = preset("shipped")
    send = next(step for step in flow.steps if isinstance(step, Send))
    with desk.database.shops(desk.shop_id) as session:
        begin_trial(session, desk.shop_id, flow, send, "en", our_second(send.template, "en"), desk.now)
    ids = [str(n) for n in range(100, 112)]
    orders = [an_order(id=n, number=n, email=f"p{n}@example.com") for n in ids]
    desk.read(Reading(orders=tuple(orders)))
    desk.read(Reading(parcels=tuple(a_parcel(id=f"t{n}", order_id=n) for n in ids)))
    while wake_due(desk.database, desk.keys, desk.now):
        pass
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=60)):
            pass
    told = [str(mail["Subject"]) for mail in mailbox.mails if mail["X-Doorstep-Flow"] == "shipped"]
    assert len(told) == 12
    drawn = {row.order_id for row in desk.rows("SELECT order_id FROM messages WHERE variant = 'b1'")}
    assert 0 < len(drawn) < 12
    assert {n for n in ids if f"Packed and handed over: order {n}" in told} == drawn


def test_one_at_a_time_and_each_with_a_number(desk: Desk) -> None:
    begin(desk)
    with pytest.raises(Unwanted, match="tried already"):
        begin(desk, "A third")
    assert end(desk) and not end(desk)
    begin(desk, "  A \n third ")
    with desk.database.shops(desk.shop_id) as session:
        found = running_trials(session, desk.shop_id, FLOW)
    assert found == [Running("ask", 2, "en", "A third", START)]


@pytest.mark.parametrize("subject", ["", "  ", "x" * 500, "Dear {first_name", "It was {password}"])
def test_a_subject_that_cannot_be(desk: Desk, subject: str) -> None:
    with pytest.raises(Unwanted):
        begin(desk, subject)
    assert desk.rows("SELECT 1 FROM trials") == []
