"""One person in every table that can hold something of a person, and a search that misses no spelling."""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import Column, LargeBinary, text

import app.models
from app.models.base import metadata
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from flows.commerce import (
    Address,
    Consent,
    ConsentState,
    Customer,
    Order,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Refund,
    Return,
    ReturnState,
    Tracking,
)
from flows.shop_mails import HeldMail
from tests.app.desk import KEYS, START, Desk, an_order, an_unrelated_order

# A table counts from the moment that its file is there.
for _module in pkgutil.iter_modules(app.models.__path__, "app.models."):
    import_module(_module.name)
# Attempts to connect hold nothing but a shop's address, for a day.
TENANT_TABLES = {table.name for table in metadata.sorted_tables if "shop_id" in table.c} - {
    "install_attempts"
}

FIRST, LAST = "Wrenna", "Ólafsdóttir"
NAME = f"{FIRST} {LAST}"
EMAIL = "wrenna.canary@example.com"
OLD_EMAIL = "wrenna.before@example.com"
PHONE = "+354 555 0199"
STREET = "Kanarístræti 7"
CUSTOMER, ORDER, OTHER_ORDER = "7001701", "990017001", "990017002"
# Nothing of these may be found; the first name alone is many people's, but no column needs it.
SPELLINGS = (EMAIL, OLD_EMAIL, NAME, FIRST, LAST, PHONE, STREET, "CANARY-TRACKING")

ASK = PrivacyAsk(PrivacyKind.FORGET_PERSON, "k", CUSTOMER, EMAIL, PHONE, (ORDER,))


def spelt(told: str) -> str:
    """Words with every escape undone."""
    undone = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), told)
    return undone.replace("\\/", "/").casefold()


def found_in(desk: Desk, *shops: int) -> list[str]:
    """Where the person is found: table and column, with what was found. Sealed exports are opened."""
    places = []
    with desk.database.shops(*(shops or (desk.shop_id,))) as session:
        for table in metadata.sorted_tables:
            for row in session.execute(text(f"SELECT to_jsonb(t) AS whole FROM {table.name} t")):
                for column, value in row.whole.items():
                    told = spelt(_as_text(desk, table.c[column], value))
                    hits = [one for one in SPELLINGS if one.casefold() in told]
                    places += [f"{table.name}.{column}: {hit}" for hit in hits]
    return sorted(set(places))


def _as_text(desk: Desk, column: Column[Any], value: Any) -> str:
    if isinstance(column.type, LargeBinary) and value is not None:
        raw = bytes.fromhex(value.removeprefix("\\x"))
        if str(column) == "privacy_requests.export":
            return json.dumps(KEYS.unseal(desk.shop_id, raw), ensure_ascii=False)
        return raw.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def bodies() -> Iterator[tuple[str, str, bytes]]:
    """Topic, state and body of deliveries about the person, in every spelling that platforms use."""
    plain = {"id": int(ORDER), "email": EMAIL, "customer": {"id": int(CUSTOMER), "first_name": FIRST}}
    only_number = {"id": 5, "order_id": int(ORDER), "destination": {"name": NAME, "address1": STREET}}
    by_address = {"subject": f"Hello {EMAIL.upper()}"}
    by_gid = {"admin_graphql_api_id": f"gid://shopify/Order/{ORDER}", "note": NAME}
    by_name = {"note": f"for {NAME}, {STREET}"}
    for state in ("done", "new", "quarantined"):
        for body in (plain, only_number, by_address, by_gid):
            yield "orders/updated", state, json.dumps(body, ensure_ascii=False).encode()
            yield "orders/updated", state, json.dumps(body).replace("/", "\\/").encode()
        escaped = "".join(f"\\u{ord(letter):04X}" for letter in EMAIL)
        yield "orders/updated", state, f'{{"email": "{escaped}"}}'.encode()
        yield "orders/updated", state, f'{{"email": "{EMAIL}", broken'.encode()
        yield "orders/updated", state, f'{{"email": "{escaped}", broken'.encode()
        yield "orders/updated", state, f"\xff {STREET}".encode("latin-1") + NAME.encode()
    yield "orders/updated", "done", json.dumps(by_name, ensure_ascii=False).encode()


def an_order_of_the_canary(order_id: str = ORDER, **changes: Any) -> Order:
    at = START + timedelta(minutes=1)
    where = Address(NAME, "", STREET, "", "Reykjavík", "", "101", "IS", PHONE)
    values: dict[str, Any] = {
        "id": order_id,
        "number": order_id,
        "at": at,
        "email": EMAIL,
        "phone": PHONE,
        "customer_id": CUSTOMER,
        "first_name": FIRST,
        "last_name": LAST,
        "shipping_address": where,
        "billing_address": where,
        "note": f"Please ring at {NAME}",
        "discount_codes": (f"{FIRST.upper()}10",),
        "status_url": f"https://shop.example/orders/{FIRST}",
        "confirmation": FIRST,
        "shop_held": (HeldMail("customer_processing_order", at),),
    }
    return an_order(**{**values, **changes})


def plant(desk: Desk) -> None:
    """The person everywhere, and beside it somebody else, who must stay."""
    at = START + timedelta(minutes=1)
    url = "https://carrier.example/CANARY-TRACKING"
    parcel = Parcel("t1", ORDER, at, ParcelStatus.SHIPPED, "Post", "CANARY-TRACKING", url, shipped_at=at)
    desk.read(
        Reading(
            orders=(an_order_of_the_canary(), an_order_of_the_canary(OTHER_ORDER), an_unrelated_order()),
            parcels=(Parcel(**{**_fields(parcel), "also": (Tracking("CANARY-TRACKING-2", url),)}),),
            parcel_events=(
                ParcelEvent("e1", "t1", ORDER, ParcelStatus.IN_TRANSIT, at, f"For {NAME}", STREET),
            ),
            refunds=(Refund("r1", ORDER, at, 500, reason=f"{NAME} was unhappy"),),
            returns=(Return("b1", ORDER, at, ReturnState.OPEN, "R1", reason=NAME),),
            customers=(
                Customer(CUSTOMER, at, EMAIL, FIRST, LAST, phone=PHONE, order_count=2),
                Customer("8001", at, "mia@example.com", "Mia", "Hart"),
            ),
            consents=(
                Consent(EMAIL, ConsentState.UNSUBSCRIBED, at, CUSTOMER),
                Consent("mia@example.com", ConsentState.SUBSCRIBED, at, "8001"),
            ),
        )
    )
    hashed = desk.keys.address_hash(desk.shop_id, EMAIL)
    told = {"order": ORDER, "email": EMAIL, "old": OLD_EMAIL, "name": NAME, "hash": hashed, "at": START}
    told |= {"customer": CUSTOMER, "street": STREET, "phone": PHONE, "shop": desk.shop_id}
    for statement in _ROWS:
        desk.rows(statement + " RETURNING 1", **told)
    for place, (topic, state, body) in enumerate(bodies()):
        desk.rows(
            "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state, error)"
            " VALUES (:shop, :topic, :key, :body, :at, :state, :error) RETURNING 1",
            shop=desk.shop_id,
            topic=topic,
            key=f"k{place}",
            body=body,
            at=START,
            state=state,
            error=f"Malformed: {EMAIL}" if state == "quarantined" else None,
        )


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}


_MAIL = (
    "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
    " mail_class, lane, order_id, recipient, state, reason, subject, message_id, provider_id, due_at,"
    " expires_at, next_at, created_at, changed_at) SELECT shop_id, generation, journey_id, flow_key, step,"
    " {place}, template,"
    " mail_class, lane, order_id, {recipient}, '{state}', 'not_written: ' || :email, 'For ' || :name,"
    " 'm{place}', :name, due_at, expires_at, next_at, created_at, changed_at FROM messages"
    " WHERE order_id = :order AND flow_key = 'order_confirmation' AND occurrence = 1"
)
STATES = ("due", "claimed", "sending", "sent", "failed", "unknown", "skipped", "cancelled", "expired")
_REVIEW = (
    "INSERT INTO reviews (shop_id, order_id, product_id, message_id, address_hash, stars, title, body, name,"
    " language, state, reason, verified, submitted_at) VALUES (:shop, {order}, '{product}', 1, {hash}, 4,"
    " 'By ' || :name, :name || ' of ' || :street || ', ' || :email || ', says: lovely', {name}, 'en',"
    " '{state}', {reason}, true, :at)"
)
_WRITE = "INSERT INTO store_writes (shop_id, key, kind, body, state, asked_at, next_at"
_WISH = "INSERT INTO wishes (shop_id, noun, id, asked_at, next_at, error)"
_ROWS = (
    *(
        _MAIL.format(place=place + 2, state=state, recipient=":old" if state == "sent" else ":email")
        for place, state in enumerate(STATES)
    ),
    *(
        _REVIEW.format(
            order=":order",
            product=state,
            hash=":hash",
            name=":name",
            state=state,
            reason="'spam'" if state == "rejected" else "NULL",
        )
        for state in ("held", "published", "rejected")
    ),
    # Somebody else's review that names the person.
    _REVIEW.format(
        order="'5'", product="p9", hash="'x'", name="'Mia'", state="published", reason="NULL"
    ).replace(" || ' of ' || :street", ""),
    "INSERT INTO message_events (shop_id, message_id, kind, at, data) SELECT shop_id, id, 'clicked', :at,"
    " jsonb_build_object('to', 'review', 'agent', CAST(:name AS text)) FROM messages WHERE state = 'sent'",
    *(
        "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key,"
        " status, step, anchor, wake_at, started_at, changed_at) SELECT shop_id, generation,"
        " 'review_request',"
        " 1, subject, order_id, event_key, 'active', 'try_it', :at, '2030-01-01Z', :at, :at FROM journeys"
        f" WHERE flow_key = 'order_confirmation' AND order_id = {order}"
        for order in (":order", "'5'")
    ),
    "INSERT INTO timers SELECT id, shop_id, wake_at, 1 FROM journeys WHERE step = 'try_it'",
    "INSERT INTO watches SELECT :shop, id, '2030-01-01Z' FROM unnest(ARRAY[CAST(:order AS text), '5']) AS id"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO reader_paces VALUES (:shop, :hash, 14, :at, :at)",
    "INSERT INTO outside_sends VALUES (:shop, 's1', :hash, 'Newsletter', 'M', :at, :at)",
    "INSERT INTO visits VALUES (:shop, :order, 'tracking', '2026-11-02', :at)",
    "INSERT INTO coupons VALUES (:shop, 1, 'offer', :order, 'win_back', 'THX-1', 'percent', 10, 'EUR', 0,"
    " :at, :at)",
    "INSERT INTO estimates (shop_id, order_id, name, at, samples, source, computed_at)"
    " VALUES (:shop, :order, 'run_out', :at, 0, 'kind', :at)",
    "INSERT INTO credits VALUES (:shop, :order, 1, 'win_back', 'why', 'click', 1, 'EUR', :at, :at)",
    "INSERT INTO suppressions VALUES (:shop, :hash, 'reviews', 'unsubscribed', :at)",
    "INSERT INTO feedback (shop_id, source, key, message_id, kind, at, address_hash, status, detail, machine,"
    " received_at) SELECT shop_id, 'smtp', 'k' || id, id, 'soft_bounced', :at, :hash, '4.2.2',"
    " 'no room for ' || :name, false, :at FROM messages WHERE state = 'sent'",
    f"{_WRITE}, error) VALUES (:shop, 'w1',"
    " 'set_consent', jsonb_build_object('email', CAST(:email AS text),"
    " 'customer_id', CAST(:customer AS text)), 'open', :at, :at, 'refused for ' || :email)",
    f"{_WRITE}) VALUES (:shop, 'w2',"
    " 'change_address', jsonb_build_object('order_id', CAST(:order AS text), 'address',"
    " jsonb_build_object('line1', CAST(:street AS text))), 'done', :at, :at)",
    f"{_WRITE}) VALUES (:shop, 'w3',"
    " 'point_tracking', jsonb_build_object('parcel_id', 't1', 'number', 'CANARY-TRACKING'), 'done',"
    " :at, :at)",
    f"{_WRITE}, error) VALUES (:shop, 'w4',"
    " 'set_rating', '{\"product_id\": \"p9\"}', 'open', :at, :at, 'after a review of ' || :name)",
    f"{_WRITE}) VALUES (:shop, 'w5',"
    " 'post_review', jsonb_build_object('email', upper(:email), 'name', CAST(:name AS text), 'text',"
    " 'By ' || :name, 'order_id', '1'), 'done', :at, :at)",
    f"{_WISH} VALUES (:shop, 'customer', :customer, :at, :at, 'no ' || :email)",
    f"{_WISH} VALUES (:shop, 'product', 'p9', :at, :at, 'StoreRefused: ' || :phone)",
    "INSERT INTO admin_changes (shop_id, at, who, area, words) VALUES (:shop, :at, 'Mia', 'brand',"
    " 'A mail to ' || :email || ' (' || :name || ') was looked at.')",
    "INSERT INTO texts VALUES (:shop, 'en', 'review.ask.subject', 'As ' || :email || ' said', :at)",
    "INSERT INTO mail_versions VALUES (:shop, 'review_request', 'ask', 1,"
    " jsonb_build_object('en', jsonb_build_object('review.ask.subject', 'As \"' || :email || '\" said')),"
    " NULL, '<p>' || :email || '</p>', 'Asked by ' || :email, 'owner', :at, :at, true)",
    "INSERT INTO contents VALUES (:shop, 'guide', 'shop', '', 'For ' || :email, 'Ask ' || :phone, '', 1,"
    " :at)",
    "UPDATE polls SET error = 'StoreRefused: ' || :email WHERE noun = 'orders'",
    "INSERT INTO privacy_requests (shop_id, kind, key, body, received_at, due_at, next_at) VALUES (:shop,"
    " 'export', 'open', jsonb_build_object('kind', 'export', 'key', 'open', 'email', CAST(:email AS text)),"
    " :at, :at, 'infinity')",
)
