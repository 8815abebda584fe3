"""What is told late, again, or for the first time of somebody who was forgotten brings nobody back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.services import intake, ledger
from app.services.person import Person, words_of
from app.services.privacy import hear, run_request
from connectors.base import Gone, Noun, Reading
from connectors.news import PrivacyAsk, PrivacyKind
from connectors.registry import connector_for
from flows.commerce import (
    Consent,
    ConsentState,
    Customer,
    Order,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Refund,
    Return,
    ReturnState,
)
from tests.app.desk import KEYS, START, Desk, an_order, connect_shop
from tests.app.services.canary import (
    ASK,
    CUSTOMER,
    EMAIL,
    FIRST,
    LAST,
    NAME,
    ORDER,
    PHONE,
    STREET,
    an_order_of_the_canary,
    found_in,
)
from tests.app.services.statements import counted

BEFORE = START + timedelta(days=1)
LATER = START + timedelta(days=12)
AFTER = LATER + timedelta(days=1)
URL = "https://carrier.example/CANARY-TRACKING"


def forget(desk: Desk, ask: PrivacyAsk = ASK) -> None:
    with desk.database.shops(desk.shop_id) as session:
        hear(session, [(desk.shop_id, ask)], LATER)
    while run_request(desk.database, KEYS, LATER, LATER):
        pass
    assert not desk.rows("SELECT 1 FROM privacy_requests WHERE done_at IS NULL OR error IS NOT NULL")


def children(order: str = ORDER, at: Any = BEFORE) -> Reading:
    """All that is told of an order, as the store tells it."""
    shipped = ParcelStatus.SHIPPED
    return Reading(
        parcels=(Parcel("t1", order, at, shipped, "Post", "CANARY-TRACKING", URL, shipped_at=BEFORE),),
        parcel_events=(
            ParcelEvent("e1", "t1", order, ParcelStatus.IN_TRANSIT, BEFORE, f"For {NAME}", STREET),
        ),
        refunds=(Refund("r1", order, BEFORE, 500, reason=f"{NAME} was unhappy"),),
        returns=(Return("b1", order, at, ReturnState.OPEN, "R1", reason=NAME),),
    )


FIGURES = (
    "SELECT (SELECT count(*) FROM orders), (SELECT sum((body->>'amount')::int) FROM refunds),"
    " (SELECT max((body->>'status')::int) FROM parcels), (SELECT count(*) FROM parcel_events),"
    " (SELECT count(*) FROM returns)"
)


@pytest.mark.parametrize("known", [True, False], ids=["repeated", "first told after"])
@pytest.mark.parametrize("at", [BEFORE, AFTER], ids=["old", "new"])
def test_what_belongs_to_an_order_that_was_forgotten_names_nobody(desk: Desk, known: bool, at: Any) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    if known:
        desk.read(children())
    forget(desk)
    desk.now = desk.real = AFTER
    desk.read(replace(children(at=at), orders=(an_order_of_the_canary(version=at),)))
    assert found_in(desk) == []
    assert tuple(desk.rows(FIGURES)[0]) == (1, 500, int(ParcelStatus.SHIPPED), 1, 1)
    # The return again, without the order that it is of.
    desk.read(Reading(returns=(Return("b1", "", AFTER, ReturnState.OPEN, reason=NAME),)))
    assert found_in(desk) == []


def test_what_is_new_of_an_order_that_was_forgotten_still_counts(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    forget(desk)
    desk.read(Reading(orders=(an_order_of_the_canary(version=BEFORE, total=1),)))
    (row,) = desk.rows("SELECT body FROM orders")
    assert row.body["total"] == 8270, "older than what is left"
    line = OrderLine("l1", f"Mug for {NAME}", 1, 900)
    desk.read(Reading(orders=(an_order_of_the_canary(version=AFTER, total=900, lines=(line,)),)))
    (row,) = desk.rows("SELECT body FROM orders")
    assert (row.body["total"], row.body["lines"][0]["title"]) == (900, "Mug for [removed]")
    assert found_in(desk) == []


@pytest.mark.parametrize("named", [{"email": None}, {"customer_id": None}], ids=["customer", "guest"])
def test_an_order_of_before_that_nobody_had_heard_of(desk: Desk, named: dict[str, Any]) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    forget(desk)
    desk.now = desk.real = AFTER
    desk.read(Reading(orders=(an_order_of_the_canary("77", version=AFTER, **named),)))
    desk.read(children("77", AFTER))
    assert found_in(desk) == []
    assert desk.rows("SELECT count(*) AS n FROM orders")[0].n == 2
    assert not desk.rows("SELECT 1 FROM messages WHERE recipient IS NOT NULL AND order_id = '77'")


def test_a_consent_of_before_is_dropped_and_one_of_after_counts(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    forget(desk)
    for at in (BEFORE, None):
        desk.read(Reading(consents=(Consent(EMAIL.upper(), ConsentState.SUBSCRIBED, at, CUSTOMER),)))
    assert found_in(desk) == []
    assert not desk.rows("SELECT 1 FROM suppressions")
    desk.read(Reading(consents=(Consent(EMAIL, ConsentState.SUBSCRIBED, AFTER, CUSTOMER),)))
    assert [row.state for row in desk.rows("SELECT state FROM consents")] == ["subscribed"]


def test_an_opt_out_that_comes_late_still_counts(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    forget(desk)
    desk.read(Reading(consents=(Consent(EMAIL, ConsentState.UNSUBSCRIBED, BEFORE, CUSTOMER),)))
    assert found_in(desk) == []
    hashed = KEYS.address_hash(desk.shop_id, EMAIL)
    rows = desk.rows("SELECT scope FROM suppressions WHERE address_hash = :hash", hash=hashed)
    assert {row.scope for row in rows} == {"S", "M"}


def test_a_customer_that_the_store_deleted_is_not_back_by_a_late_message(desk: Desk) -> None:
    customer = Customer(CUSTOMER, BEFORE, EMAIL, FIRST, LAST, phone=PHONE, order_count=2)
    desk.read(Reading(customers=(customer,)))
    desk.read(Reading(gone=(Gone(Noun.CUSTOMER, CUSTOMER),)))
    forget(desk)
    desk.read(Reading(customers=(customer,)))
    assert found_in(desk) == []
    desk.read(Reading(customers=(replace(customer, version=AFTER),)))
    assert "customers.email: wrenna.canary@example.com" in found_in(desk), "who comes back is a customer"


def test_nobody_else_is_touched(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order_of_the_canary(email="none"),)))
    forget(desk, replace(ASK, email="none"))
    desk.read(Reading(orders=(an_order(id="5", email="none"), an_order(id="6", customer_id="70017"))))
    rows = desk.rows("SELECT id, email, body->>'first_name' AS name FROM orders ORDER BY id LIMIT 2")
    assert [tuple(row) for row in rows] == [("5", "none", "Mia"), ("6", "mia@example.com", "Mia")]


def test_a_batch_about_the_forgotten_costs_as_many_statements_as_one(db: Database) -> None:
    counts = []
    for size in (1, 50):
        desk = connect_shop(db, f"late-{size}.example")
        desk.read(Reading(orders=(an_order_of_the_canary(),)))
        forget(desk)
        orders = tuple(an_order_of_the_canary(f"8{n}") for n in range(size))
        consents = tuple(Consent(EMAIL, ConsentState.UNSUBSCRIBED, BEFORE) for _ in range(size))
        with counted(db) as seen:
            desk.read(replace(children(), orders=orders, consents=consents))
        assert found_in(desk) == []
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def hers(name: str, **changes: Any) -> Order:
    first, _, last = name.partition(" ")
    where = {"first_name": first, "last_name": last, "customer_id": "1", "email": "n@example.com"}
    return an_order(**{**where, **changes})


def said(desk: Desk, name: str, words: str, **changes: Any) -> str:
    """What is left of somebody else's review when a person of that name is forgotten."""
    desk.read(Reading(orders=(hers(name, **changes),)))
    desk.rows(
        "INSERT INTO reviews (shop_id, order_id, product_id, message_id, address_hash, stars, title, body,"
        " name, language, state, verified, submitted_at) VALUES (:shop, '5', 'p9', 1, 'x', 1, '', :words,"
        " 'Mia', 'en', 'published', true, :at) RETURNING 1",
        shop=desk.shop_id,
        words=words,
        at=START,
    )
    forget(desk, PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", "1", "n@example.com"))
    (row,) = desk.rows("SELECT body FROM reviews")
    return str(row.body)


@pytest.mark.parametrize(
    ("name", "words", "left"),
    [
        ("do not", "Do not buy, do  not!", "Do not buy, do  not!"),
        ("Anna", "Anna liked it", "Anna liked it"),
        ("Anna Miller", "Anna  miller of Main Street 1", "[removed] of Main Street 1"),
        ("Jose\u0301 Nun\u0303ez", "By Jos\u00e9 Nu\u00f1ez", "By [removed]"),
        ("Jos\u00e9 Nu\u00f1ez", "By Jose\u0301 Nun\u0303ez", "By [removed]"),
    ],
)
def test_a_name_in_somebody_else_s_review(desk: Desk, name: str, words: str, left: str) -> None:
    assert said(desk, name, words) == left


@pytest.mark.parametrize("told", ["+49 170 1234567", "+491701234567", "+49 (170) 12-34-567"])
@pytest.mark.parametrize("known", ["+49 170 1234567", "+491701234567"])
def test_a_phone_number_is_known_however_it_is_spaced(told: str, known: str) -> None:
    person = words_of(an_order(phone=known))
    assert person.removed_from(f"Call {told}, 4 p.m.") == "Call [removed], 4 p.m."
    assert person.removed_from("Call 49 170 1234") == "Call 49 170 1234"


def test_a_phone_number_in_somebody_else_s_review(desk: Desk) -> None:
    assert said(desk, "Li", "Call +491701234567", phone="+49 170 1234567") == "Call [removed]"


def test_short_numbers_are_known_only_as_they_are_written() -> None:
    assert Person(words=("123456",)).removed_from("12 34 56") == "12 34 56"


@pytest.mark.parametrize(("state", "reason"), [("sent", None), ("failed", "forgotten")])
def test_an_answer_that_comes_after_the_forgetting_names_nobody(
    desk: Desk, state: str, reason: str | None
) -> None:
    """The mail was on its way when its person was forgotten."""
    desk.read(Reading(orders=(an_order_of_the_canary(),)))
    now = START + timedelta(hours=1)
    row = ledger.claim(desk.database, now, START, 9)[0]
    told: dict[str, Any] = {"recipient": EMAIL, "subject": NAME, "message_id": "m", "provider": "smtp"}
    assert ledger.mark(desk.database, row, now, **told, reasons=())
    forget(desk)
    why = None if state == "sent" else f"550 no {EMAIL}"
    ledger.record(desk.database, row, state, now, reason=why, provider_id=f"for {EMAIL}")
    assert found_in(desk) == []
    (mail,) = desk.rows("SELECT state, reason, provider_id FROM messages WHERE id = :id", id=row.id)
    assert tuple(mail) == (state, reason, None)


def test_a_delivery_that_fails_keeps_no_sentence_of_the_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed statement carries its values; the reason is kept for a day and shown to the operator."""
    put = "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at) VALUES"
    desk.rows(f"{put} (:shop, 'order.updated', 'k', '{{}}', :at) RETURNING 1", shop=desk.shop_id, at=START)

    def fails(*_: Any) -> None:
        with desk.database.shops(desk.shop_id) as session:
            session.execute(text("SELECT CAST(:email AS bigint)"), {"email": EMAIL})

    monkeypatch.setattr(intake, "_settle", fails)
    assert intake.take_in(desk.database, connector_for, KEYS, START, START) == 1
    (row,) = desk.rows("SELECT error, attempts FROM inbox")
    assert (row.error, row.attempts) == ("DataError: InvalidTextRepresentation 22P02", 1)
