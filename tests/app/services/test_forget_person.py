"""A canary is planted in every table and forgotten: found nowhere, with all figures as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.services import export, forget, forget_shop, redaction
from app.services.privacy import hear, run_request
from app.services.send import Sender, send_due
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from emails.providers.registry import provider_for
from flows.commerce import Consent, ConsentState, Customer
from tests.app.desk import KEYS, START, Desk
from tests.app.mail_server import Mailbox
from tests.app.services.canary import (
    ASK,
    CUSTOMER,
    EMAIL,
    FIRST,
    NAME,
    ORDER,
    SPELLINGS,
    TENANT_TABLES,
    an_order_of_the_canary,
    found_in,
    plant,
)

LATER = START + timedelta(days=12)


def demand(desk: Desk, ask: PrivacyAsk = ASK) -> None:
    with desk.database.shops(desk.shop_id) as session:
        hear(session, [(desk.shop_id, ask)], LATER)
    while run_request(desk.database, KEYS, LATER, LATER):
        pass
    (row,) = desk.rows(
        "SELECT * FROM privacy_requests WHERE kind = :kind ORDER BY id DESC LIMIT 1", kind=ask.kind
    )
    assert (row.error, row.body, row.done_at) == (None, {}, LATER)


def figures(desk: Desk) -> dict[str, Any]:
    """What is counted on the merchant's pages."""
    asked = {
        "orders": "SELECT count(*), sum((body->>'total')::int) FROM orders",
        "refunds": "SELECT count(*), sum((body->>'amount')::int) FROM refunds",
        "parcels": "SELECT count(*), sum((body->>'status')::int) FROM parcels",
        "events": "SELECT count(*), count(DISTINCT key) FROM events",
        "stars": "SELECT count(*), sum(stars) FROM reviews WHERE state <> 'held'",
        "clicks": "SELECT count(*), count(data->>'to') FROM message_events",
        "mails": "SELECT count(*), count(*) FILTER (WHERE state = 'sent') FROM messages",
        "journeys": "SELECT count(*), 0 FROM journeys",
    }
    return {name: tuple(desk.rows(sql)[0]) for name, sql in asked.items()}


def test_the_canary_sings_before(desk: Desk) -> None:
    plant(desk)
    tables = {place.split(".")[0] for place in found_in(desk)}
    assert tables == {
        *("orders", "parcels", "parcel_events", "refunds", "returns", "customers", "consents", "messages"),
        *(
            "message_events",
            "feedback",
            "reviews",
            "store_writes",
            "wishes",
            "admin_changes",
            "texts",
            "polls",
        ),
        *("polls", "inbox", "privacy_requests", "contents", "mail_versions"),
    }


def test_the_canary_is_found_in_no_table_after(desk: Desk) -> None:
    plant(desk)
    before = figures(desk)
    demand(desk)
    assert found_in(desk) == []
    assert figures(desk) == before
    # What waited is not worked through as an empty body.
    assert not desk.rows("SELECT 1 FROM inbox WHERE state <> 'done' AND body = ''")


def test_an_export_that_was_made_goes_with_its_person(desk: Desk) -> None:
    plant(desk)
    demand(desk, replace(ASK, kind=PrivacyKind.EXPORT, key="7"))
    assert "privacy_requests.export: Wrenna" in found_in(desk)
    demand(desk)
    assert found_in(desk) == []
    rows = desk.rows("SELECT error, done_at, export FROM privacy_requests WHERE kind = 'export' ORDER BY key")
    assert [(row.error, row.done_at, row.export) for row in rows] == [
        (None, LATER, None),
        ("the person was forgotten before", LATER, None),
    ]


@pytest.mark.parametrize(
    "ask",
    [
        PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", CUSTOMER),
        PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", email=EMAIL.upper()),
        PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", order_ids=(ORDER,)),
        PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", phone="00354-5550199".replace("00", "+")),
    ],
    ids=["customer", "email", "order", "phone"],
)
def test_any_one_thing_leads_to_the_person(desk: Desk, ask: PrivacyAsk) -> None:
    plant(desk)
    demand(desk, ask)
    assert found_in(desk) == []


def test_nobody_else_loses_anything(desk: Desk) -> None:
    plant(desk)
    kept = {
        "orders": "SELECT t::text FROM orders t WHERE id = '5'",
        "customers": "SELECT t::text FROM customers t WHERE id = '8001'",
        "consents": "SELECT t::text FROM consents t WHERE email = 'mia@example.com'",
        "journeys": "SELECT t::text FROM journeys t WHERE order_id = '5'",
        "messages": "SELECT t::text FROM messages t WHERE order_id = '5'",
        "suppressions": "SELECT t::text FROM suppressions t WHERE scope = 'reviews'",
        "settings": "SELECT t::text FROM flow_switches t ORDER BY flow_key",
    }
    before = {name: desk.rows(sql) for name, sql in kept.items()}
    assert all(before.values())
    demand(desk)
    assert {name: desk.rows(sql) for name, sql in kept.items()} == before
    (review,) = desk.rows("SELECT name, body, address_hash FROM reviews WHERE product_id = 'p9'")
    assert (review.name, review.address_hash) == ("Mia", "x")
    assert review.body == "[removed], [removed], says: lovely"


def test_a_body_of_somebody_else_is_left_alone(desk: Desk) -> None:
    """Not even where a number of the person's stands in it as something else."""
    plant(desk)
    others = [
        ("orders/updated", {"id": 5, "email": "mia@example.com", "total_price": ORDER}),
        ("products/update", {"id": int(ORDER), "title": "Lamp"}),
        ("orders/updated", {"id": 6, "note": "caf\u00e9"}),
    ]
    for place, (topic, body) in enumerate(others):
        desk.rows(
            "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state)"
            " VALUES (:shop, :topic, :key, :body, :at, 'new') RETURNING 1",
            shop=desk.shop_id,
            topic=topic,
            key=f"other{place}",
            body=json.dumps(body).encode(),
            at=START,
        )
    demand(desk)
    rows = desk.rows("SELECT state, body FROM inbox WHERE dedupe LIKE 'other%' ORDER BY id")
    assert [(row.state, json.loads(bytes(row.body))) for row in rows] == [("new", body) for _, body in others]


def test_again_changes_nothing(desk: Desk) -> None:
    plant(desk)
    demand(desk)
    tables = sorted(TENANT_TABLES - {"privacy_requests"})
    before = {table: desk.rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables}
    demand(desk)
    assert {table: desk.rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables} == before


def test_what_waits_is_never_sent(desk: Desk, port: int, mailbox: Mailbox) -> None:
    plant(desk)
    demand(desk)
    states = desk.rows(
        "SELECT state, count(*) AS n FROM messages WHERE order_id = :order GROUP BY 1", order=ORDER
    )
    assert {row.state for row in states}.isdisjoint({"due", "claimed"})
    assert desk.rows("SELECT 1 FROM timers t JOIN journeys j ON j.id = t.journey_id WHERE order_id = '5'")
    assert not desk.rows(
        "SELECT 1 FROM timers t JOIN journeys j ON j.id = t.journey_id WHERE order_id = :order", order=ORDER
    )
    rows = desk.rows("SELECT DISTINCT end_reason FROM journeys WHERE order_id = :order", order=ORDER)
    assert "forgotten" in {row.end_reason for row in rows}
    provider = provider_for(f"smtp://127.0.0.1:{port}")
    sender = Sender(
        desk.database, KEYS, provider, "http://127.0.0.1:8000", "mail.example", lambda: LATER, lambda: LATER
    )
    with provider.connect() as courier:
        while send_due(sender, courier, LATER + timedelta(minutes=1)):
            pass
    assert [mail["To"] for mail in mailbox.mails if EMAIL in str(mail["To"])] == []


def test_what_the_person_forbade_stays_forbidden(desk: Desk) -> None:
    """Also what only the store knew: its word is gone with the address."""
    plant(desk)
    demand(desk)
    hashed = KEYS.address_hash(desk.shop_id, EMAIL)
    rows = desk.rows("SELECT scope FROM suppressions WHERE address_hash = :hash", hash=hashed)
    assert {row.scope for row in rows} == {"reviews", "S", "M"}


def test_what_the_store_said_before_does_not_come_back(desk: Desk) -> None:
    plant(desk)
    demand(desk)
    at = START + timedelta(minutes=1)
    late = Reading(
        orders=(an_order_of_the_canary(), an_order_of_the_canary(version=LATER - timedelta(seconds=1))),
        customers=(Customer(CUSTOMER, at + timedelta(days=2), EMAIL, FIRST),),
    )
    desk.now = desk.real = LATER + timedelta(minutes=5)
    desk.read(late)
    assert found_in(desk) == []


def test_what_the_store_says_afterwards_is_its_own_word(desk: Desk) -> None:
    """Somebody who was forgotten and buys again is a customer again."""
    plant(desk)
    demand(desk)
    at = LATER + timedelta(days=1)
    desk.read(
        Reading(
            orders=(an_order_of_the_canary("99", at=at),),
            consents=(Consent(EMAIL, ConsentState.SUBSCRIBED, at),),
        )
    )
    assert "orders.email: wrenna.canary@example.com" in found_in(desk)
    # And may be forgotten again.
    demand(desk, replace(ASK, key="k2"))
    assert found_in(desk) == []


def test_the_review_that_was_published_speaks_for_nobody(desk: Desk) -> None:
    plant(desk)
    demand(desk)
    rows = desk.rows(
        "SELECT state, name, title, body, address_hash, stars FROM reviews WHERE product_id <> 'p9'"
    )
    told = {row.state: (row.name, row.title, row.body, row.address_hash, row.stars) for row in rows}
    assert told == {
        "published": ("", "By [removed]", "[removed] of [removed], [removed], says: lovely", "", 4),
        "rejected": ("", "", "", "", 4),
    }


def test_everything_that_is_held_is_told(desk: Desk) -> None:
    plant(desk)
    demand(desk, replace(ASK, kind=PrivacyKind.EXPORT, key="9"))
    (row,) = desk.rows("SELECT export, export_until FROM privacy_requests WHERE key = '9'")
    assert row.export_until == LATER + timedelta(days=30)
    assert EMAIL.encode() not in bytes(row.export)
    told = json.loads(KEYS.unseal(desk.shop_id, bytes(row.export))["text"])
    assert told["about"]["customer"] == CUSTOMER and EMAIL in told["about"]["email addresses"]
    headings = {heading for heading, _ in export.EXPORTED.values()}
    assert headings <= set(told)
    assert len(told["orders"]) == 2 and len(told["mails"]) >= 9
    assert {mail["subject"] for mail in told["mails"]} >= {f"For {NAME}"}
    assert len(told["messages from the shop's platform"]) >= 12
    assert "mia@example.com" not in json.dumps(told)
    everything = json.dumps(told, ensure_ascii=False)
    assert all(one in everything for one in SPELLINGS)


def test_an_export_tells_by_which_way_a_mail_left_and_how_a_yes_was_given(desk: Desk) -> None:
    plant(desk)
    demand(desk, replace(ASK, kind=PrivacyKind.EXPORT, key="9"))
    (row,) = desk.rows("SELECT export FROM privacy_requests WHERE key = '9'")
    told = json.loads(KEYS.unseal(desk.shop_id, bytes(row.export))["text"])
    held = {export.EXPORTED[table][0]: table for table in ("messages", "consents")}
    columns = {table: set(told[heading][0]) for heading, table in held.items()}
    assert columns["messages"] >= {"variant", "way", "sent_by"} and "level" in columns["consents"]


def test_every_table_of_a_shop_is_in_each_walk() -> None:
    """A new table fails here until it is known what happens to a person in it."""
    person = [set(redaction.DOCUMENTS), {*forget.STEPS, *forget.SENTENCES, "inbox"}, set(forget.NOBODY_IN)]
    assert set.union(*person) == TENANT_TABLES
    assert person[2].isdisjoint(person[0] | person[1])
    assert set(export.EXPORTED) | set(export.NOTHING_OF_A_PERSON) == TENANT_TABLES
    assert set(export.EXPORTED).isdisjoint(export.NOTHING_OF_A_PERSON)
    assert {*forget_shop.SHOP_TABLES, *forget_shop.STAYS} == TENANT_TABLES
    assert len(set(forget_shop.SHOP_TABLES)) == len(forget_shop.SHOP_TABLES)


def test_every_field_of_a_document_is_decided_on() -> None:
    """A new field fails here until it is known whether it tells of a person."""
    found = {table: set(kind.__dataclass_fields__) for table, (kind, _) in redaction.DOCUMENTS.items()}
    assert found == {table: set(f"{stays} {goes}".split()) for table, (stays, goes) in FIELDS.items()}


# By table: what stays, what goes.
FIELDS = {
    "orders": (
        "id number version placed_at currency total state accepted_at paid_at cancelled_at locale subtotal"
        " shipping tax tax_included discount fees refunded fully_refunded lines shipping_method"
        " payment_method shipped is_gift is_test is_renewal lines_gone not_found source"
        " shop_held shop_wrote",
        "email phone customer_id first_name last_name shipping_address billing_address discount_codes note"
        " status_url confirmation",
    ),
    "parcels": (
        "id order_id version status carrier name lines shipped_at estimated_at delivered_at vanished"
        " followed nameless own_name promised_at put_off_to",
        "tracking_number tracking_url also",
    ),
    "parcel_events": ("id parcel_id order_id status happened_at estimated_at gone", "message place"),
    "refunds": ("id order_id created_at amount lines detailed", "reason"),
    "returns": ("id order_id version state name lines exchange", "reason"),
    "customers": ("id version locale order_count counted_at", "email first_name last_name phone birthday"),
}
