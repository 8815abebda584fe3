"""All that we hold of one person, gathered for who asked for it: readable, complete, in one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.services.forget_inbox import bodies_about
from app.services.person import Person, find_person
from connectors.news import PrivacyAsk


def gather(
    session: Session,
    keys: Keys,
    shop_id: int,
    ask: PrivacyAsk,
    now: datetime,
    *,
    deliveries: bool = True,
) -> str:
    """JSON, indented: a heading that says what it is, then one list a table, empty ones left out.
    `deliveries` False: without what came in, in which looking for somebody takes long."""
    person = find_person(session, keys, shop_id, ask)
    shop = session.execute(text("SELECT name, domain FROM shops WHERE id = :id"), {"id": shop_id}).one()
    parameters = {**person.parameters(), "shop": shop_id}
    held: dict[str, list[Mapping[str, Any]]] = {
        EXPORTED[table][0]: [dict(row._mapping) for row in session.execute(text(sql), parameters)]
        for table, (_, sql) in EXPORTED.items()
    }
    if deliveries:
        held["messages from the shop's platform"] = list(bodies_about(session, shop_id, person))
    told = {
        "about": _about(ask, person),
        "shop": shop.name or shop.domain,
        "made_at": now,
        "what this is": "Everything that Doorstep holds about this person on behalf of the shop.",
        **{name: rows for name, rows in held.items() if rows},
    }
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=2)


def _about(ask: PrivacyAsk, person: Person) -> Mapping[str, Any]:
    known = {
        "customer": ask.customer_id or ", ".join(person.customer_ids),
        "email addresses": list(person.emails),
        "phone numbers": list(person.phones),
        "orders": list(person.order_ids),
    }
    return {name: value for name, value in known.items() if value}


def tells_of(told: str, person: Person) -> bool:
    """Whether what was gathered is about the person, by any of its numbers and addresses."""
    about = json.loads(told)["about"]
    customers = about.get("customer", "").split(", ")
    return not (
        set(person.customer_ids).isdisjoint(customers)
        and set(person.emails).isdisjoint(about.get("email addresses", ()))
        and set(person.order_ids).isdisjoint(about.get("orders", ()))
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_OF_ORDERS = "WHERE shop_id = :shop AND order_id = any(:orders)"
_THEIRS = "WHERE shop_id = :shop AND (order_id = any(:orders) OR reader = any(:emails))"

# By table: its heading, and what is told. Texts of mails are not kept; their subjects are.
EXPORTED: Mapping[str, tuple[str, str]] = {
    "customers": (
        "customer",
        "SELECT body AS customer FROM customers WHERE shop_id = :shop"
        " AND (id = any(:customers) OR email = any(:emails))",
    ),
    "consents": (
        "consent to advertising, as the shop knows it",
        "SELECT email, state, level, at FROM consents WHERE shop_id = :shop AND email = any(:emails)",
    ),
    "suppressions": (
        "what must not be written any more",
        "SELECT scope AS kind_of_mail, reason, at FROM suppressions WHERE shop_id = :shop"
        " AND address_hash = any(:hashes)",
    ),
    "reader_paces": (
        "how often mails are wanted",
        "SELECT offer_days AS days_between_offers, break_until, changed_at FROM reader_paces"
        " WHERE shop_id = :shop AND address_hash = any(:hashes)",
    ),
    "orders": (
        "orders",
        'SELECT body AS "order" FROM orders WHERE shop_id = :shop AND id = any(:orders) ORDER BY placed_at',
    ),
    "parcels": ("parcels", f"SELECT body AS parcel FROM parcels {_OF_ORDERS} ORDER BY id"),
    "parcel_events": ("scans of parcels", f"SELECT body AS scan FROM parcel_events {_OF_ORDERS} ORDER BY id"),
    "refunds": ("refunds", f"SELECT body AS refund FROM refunds {_OF_ORDERS} ORDER BY id"),
    "returns": ("returns", f'SELECT body AS "return" FROM returns {_OF_ORDERS} ORDER BY id'),
    "events": (
        "what happened to the orders",
        f"SELECT order_id, kind, parcel_id, happened_at FROM events {_OF_ORDERS} ORDER BY happened_at, id",
    ),
    "estimates": (
        "what is expected of the orders",
        "SELECT order_id, name, subject, at, earliest, latest, samples, source FROM estimates"
        f" {_OF_ORDERS} ORDER BY order_id, name",
    ),
    "coupons": (
        "codes that mails to them carried",
        "SELECT order_id, flow_key AS series, code, kind, value, currency, minimum, ends_at FROM coupons"
        f" {_OF_ORDERS} ORDER BY asked_at, code",
    ),
    "credits": (
        "orders that came of a mail",
        "SELECT order_id, flow_key AS series, rule AS known_by, amount, currency, at FROM credits"
        f" {_OF_ORDERS} ORDER BY at, order_id",
    ),
    "journeys": (
        "series of mails",
        "SELECT order_id, flow_key AS series, status, started_at, wake_at, end_reason AS ended_by"
        f" FROM journeys {_OF_ORDERS} ORDER BY started_at, id",
    ),
    "messages": (
        "mails",
        "SELECT order_id, recipient AS sent_to, subject, flow_key AS series, step, variant, channel AS way,"
        f" provider AS sent_by, state, due_at, sent_at, reason FROM messages {_THEIRS} ORDER BY due_at, id",
    ),
    "feedback": (
        "what mail servers and vendors told of them",
        "SELECT message_id AS mail, kind, at, status, detail FROM feedback WHERE shop_id = :shop"
        " AND (address_hash = any(:hashes) OR message_id IN"
        f" (SELECT id FROM messages {_THEIRS})) ORDER BY at, id",
    ),
    "message_events": (
        "what became of the mails",
        "SELECT message_id AS mail, kind, at, data FROM message_events WHERE shop_id = :shop"
        f" AND message_id IN (SELECT id FROM messages {_THEIRS}) ORDER BY at, id",
    ),
    "visits": (
        "days on which they looked at an order",
        f"SELECT order_id, page, at FROM visits {_OF_ORDERS} ORDER BY at, order_id",
    ),
    "reviews": (
        "reviews",
        "SELECT order_id, product_id, stars, title, body, name, state, reason, submitted_at FROM reviews"
        " WHERE shop_id = :shop AND (address_hash = any(:hashes) OR order_id = any(:orders)) ORDER BY id",
    ),
    "store_writes": (
        "what was written into the shop's platform",
        "SELECT kind, body AS what, state, asked_at FROM store_writes WHERE shop_id = :shop"
        " AND (body->>'order_id' = any(:orders) OR body->>'customer_id' = any(:customers)"
        " OR lower(body->>'email') = any(:emails)) ORDER BY asked_at",
    ),
    "held_mails": (
        "mails of the shop's own that were held back for ours",
        f"SELECT order_id, mail, held_at, state FROM held_mails {_OF_ORDERS} ORDER BY held_at, mail",
    ),
    "outside_sends": (
        "mails of other senders that the shop told us of",
        "SELECT tool, mail_class, sent_at FROM outside_sends WHERE shop_id = :shop"
        " AND address_hash = any(:hashes) ORDER BY sent_at",
    ),
    "wishes": (
        "what is being asked of the shop's platform",
        "SELECT noun, id, reason, asked_at FROM wishes WHERE shop_id = :shop"
        " AND CASE WHEN noun = 'customer' THEN id = any(:customers) ELSE id = any(:orders) END",
    ),
    "privacy_requests": (
        "demands",
        "SELECT kind, received_at, done_at FROM privacy_requests WHERE shop_id = :shop"
        " AND (body->>'customer_id' = any(:customers) OR lower(body->>'email') = any(:emails))",
    ),
}

# The other tables of a shop, and why nothing of a person is told from them.
NOTHING_OF_A_PERSON: Mapping[str, str] = {
    "inbox": "told as the bodies that are about the person",
    "products": "what is sold",
    "product_words": "the merchant's settings",
    "product_habits": "what all buyers of a product do",
    "product_picks": "what goes with a product",
    "order_products": "what was in the orders: told with them",
    "timers": "when a series of mails goes on: told with the series",
    "watches": "when an order is looked at again: it follows from the order",
    "review_decisions": "the merchant's decisions; the state of a review is told with it",
    "polls": "how far the shop's listings were read",
    "flow_switches": "the merchant's settings",
    "segments": "the merchant's groups",
    "trials": "the merchant's own words, the same for everybody",
    "webhook_doors": "where the merchant's own tool is",
    "mail_accounts": "the merchant's own account at a mail vendor",
    "sending_domains": "the merchant's own domain",
    "brand_kits": "the merchant's own name and address",
    "brand_logos": "the merchant's picture",
    "texts": "the merchant's own words, the same for everybody",
    "mail_versions": "the merchant's own words, the same for everybody",
    "contents": "the merchant's own words, the same for everybody",
    "admin_changes": "what the merchant changed",
    "features": "the merchant's settings",
    "shop_plans": "the merchant's plan",
    "store_health": "how the store is doing",
    "mail_limits": "the merchant's settings",
    "desk_turns": "how many mails were weighed, a number",
    "shipment_words": "the merchant's settings",
    "forgotten": "keyed hashes of who was forgotten before: they tell nothing, not even of whom",
    "shop_secrets": "the shop's keys",
}
