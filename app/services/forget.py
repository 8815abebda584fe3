"""A person is forgotten: in one transaction, in every table of the shop that could hold something of it.

Figures stay true: orders, refunds, events and mails go on being counted, but nobody can be found by them.
What a person forbade us stays as keyed hashes, so that being forgotten does not mean being written to
again. A review that was published stays without its writer; one that nobody has decided on yet goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.keys import Keys
from app.services.forget_inbox import empty_bodies, empty_old_bodies
from app.services.locks import lock_shop
from app.services.person import REMOVED, Person, find_person
from app.services.redaction import DOCUMENTS, redacted
from connectors.news import PrivacyAsk

FORGOTTEN = "forgotten"


def forget_person(
    database: Database, keys: Keys, shop_id: int, ask: PrivacyAsk, now: datetime, real: datetime
) -> Person:
    """Repeating it changes nothing. Open mails are stopped at once; the long look through old deliveries
    holds nobody up; the rest, with what came in meanwhile, is done under the shop's lock."""
    with database.shops(shop_id) as session:
        person = find_person(session, keys, shop_id, ask)
        session.execute(_CANCEL, _parameters(shop_id, person, now, real))
    seen = empty_old_bodies(database, shop_id, person)
    with database.shops(shop_id) as session:
        lock_shop(session, shop_id)
        # Whoever held the lock may have stored more of the person, or planned more mails.
        person = find_person(session, keys, shop_id, ask)
        session.execute(_CANCEL, _parameters(shop_id, person, now, real))
        empty_bodies(session, shop_id, person, after=seen)
        _forget(session, shop_id, person, now, real)
    return person


def _forget(session: Session, shop_id: int, person: Person, now: datetime, real: datetime) -> None:
    parameters = _parameters(shop_id, person, now, real)
    _scrub(session, "reviews", person, parameters, _THEIR_REVIEWS)
    for statements in STEPS.values():
        for statement in statements:
            session.execute(text(statement), parameters)
    for table in DOCUMENTS:
        _redact(session, table, shop_id, person, now)
    for table in SENTENCES:
        words = person.contacts if table in NOT_BY_NAME else person.surely if table in OF_OTHERS else person
        _scrub(session, table, words, parameters)
    for pattern in person.contacts.patterns:
        session.execute(text(_SCRUB_VERSIONS), {**parameters, "pattern": pattern})


def _scrub(
    session: Session, table: str, person: Person, parameters: Mapping[str, Any], whose: str = "true"
) -> None:
    for pattern in person.patterns:
        for column in SENTENCES[table]:
            scrub = text(_SCRUB.format(table=table, column=column, whose=whose))
            session.execute(scrub, {**parameters, "pattern": pattern})


def _parameters(shop_id: int, person: Person, now: datetime, real: datetime) -> dict[str, Any]:
    told = {"shop": shop_id, "now": now, "real": real, "removed": REMOVED, "reason": FORGOTTEN}
    return {**person.parameters(), **told}


def _redact(session: Session, table: str, shop_id: int, person: Person, now: datetime) -> None:
    """Stored documents, each through its own type, so that none is left half readable."""
    ids = person.customer_ids if table == "customers" else person.order_ids
    key = "id" if table in ("orders", "customers") else "order_id"
    found = session.execute(
        text(f"SELECT id, body FROM {table} WHERE shop_id = :shop AND {key} = any(:ids)"),
        {"shop": shop_id, "ids": list(ids)},
    )
    rows = [{"id": row.id, "body": redacted(table, row.body, now, person.removed_from)} for row in found]
    moved = ", email = NULL, version = (r.body->>'version')::timestamptz" if key == "id" else ""
    session.execute(
        text(
            f"UPDATE {table} t SET body = r.body{moved} FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
            " AS r(id text, body jsonb) WHERE t.shop_id = :shop AND t.id = r.id"
        ),
        {"shop": shop_id, "rows": as_json(rows)},
    )


_CANCEL = text(
    "UPDATE messages SET state = 'cancelled', reason = :reason, changed_at = :now WHERE shop_id = :shop"
    " AND state IN ('due', 'claimed')"
    " AND (order_id = any(:orders) OR reader = any(:emails))"
)

_THEIR_MAILS = (
    "SELECT id FROM messages WHERE shop_id = :shop AND (order_id = any(:orders) OR reader = any(:emails))"
)
_THEIR_JOURNEYS = "SELECT id FROM journeys WHERE shop_id = :shop AND order_id = any(:orders)"
_THEIR_REVIEWS = "(address_hash = any(:hashes) OR order_id = any(:orders))"
_NO_TIMERS = f"DELETE FROM timers WHERE shop_id = :shop AND journey_id IN ({_THEIR_JOURNEYS})"

# By table, in this order. Whoever wakes a journey holds its timer first; when we have ended the journey,
# a timer and a mail that were made meanwhile are there to be seen.
STEPS: Mapping[str, tuple[str, ...]] = {
    "timers": (_NO_TIMERS,),
    "watches": ("DELETE FROM watches WHERE shop_id = :shop AND order_id = any(:orders)",),
    "journeys": (
        "UPDATE journeys SET status = 'ended', end_reason = :reason, wake_at = NULL,"
        " revision = revision + 1, changed_at = :now"
        f" WHERE status = 'active' AND id IN ({_THEIR_JOURNEYS})",
        _NO_TIMERS,
    ),
    "visits": ("DELETE FROM visits WHERE shop_id = :shop AND order_id = any(:orders)",),
    "message_events": (
        "UPDATE message_events SET data = jsonb_strip_nulls(jsonb_build_object('to', data->'to'))"
        f" WHERE shop_id = :shop AND message_id IN ({_THEIR_MAILS})",
    ),
    "feedback": (
        # That something came back is counted; what a server wrote of them is not kept.
        "UPDATE feedback SET address_hash = '', detail = ''"
        f" WHERE shop_id = :shop AND (address_hash = any(:hashes) OR message_id IN ({_THEIR_MAILS}))",
    ),
    "messages": (
        "UPDATE messages SET state = 'cancelled', reason = :reason, changed_at = :now"
        f" WHERE state IN ('due', 'claimed') AND id IN ({_THEIR_MAILS})",
        "UPDATE messages SET recipient = NULL, subject = NULL, provider_id = NULL"
        f" WHERE id IN ({_THEIR_MAILS})",
    ),
    "suppressions": (
        # What the person forbade the store lives on as what was forbidden to us.
        "INSERT INTO suppressions (shop_id, address_hash, scope, reason, at)"
        " SELECT :shop, p.hash, s.scope, 'unsubscribed', :now"
        " FROM unnest(CAST(:emails AS text[]), CAST(:hashes AS text[])) AS p(email, hash)"
        " JOIN consents c ON c.shop_id = :shop AND c.email = p.email"
        " AND c.state IN ('unsubscribed', 'redacted')"
        " CROSS JOIN (VALUES ('S'), ('M')) AS s(scope) ON CONFLICT DO NOTHING",
    ),
    "forgotten": (
        # What is told late of them is stored without them: see forgotten.py.
        "INSERT INTO forgotten (shop_id, hash, at) SELECT :shop, unnest(CAST(:marks AS text[])), :now"
        " ON CONFLICT (shop_id, hash) DO UPDATE SET at = greatest(forgotten.at, excluded.at)",
    ),
    "consents": ("DELETE FROM consents WHERE shop_id = :shop AND email = any(:emails)",),
    "reviews": (
        f"DELETE FROM reviews WHERE shop_id = :shop AND state = 'held' AND {_THEIR_REVIEWS}",
        "UPDATE reviews SET name = '', address_hash = '', message_id = NULL,"
        " title = CASE WHEN state = 'published' THEN title ELSE '' END,"
        " body = CASE WHEN state = 'published' THEN body ELSE '' END"
        f" WHERE shop_id = :shop AND {_THEIR_REVIEWS}",
    ),
    "store_writes": (
        "DELETE FROM store_writes WHERE shop_id = :shop AND (body->>'order_id' = any(:orders)"
        " OR body->>'customer_id' = any(:customers) OR lower(body->>'email') = any(:emails)"
        " OR body->>'parcel_id' IN"
        " (SELECT id FROM parcels WHERE shop_id = :shop AND order_id = any(:orders)))",
    ),
    "reader_paces": ("DELETE FROM reader_paces WHERE shop_id = :shop AND address_hash = any(:hashes)",),
    "outside_sends": ("DELETE FROM outside_sends WHERE shop_id = :shop AND address_hash = any(:hashes)",),
    "held_mails": (
        # Nor is the store asked to write to them.
        "DELETE FROM held_mails WHERE shop_id = :shop AND order_id = any(:orders)",
    ),
    "wishes": (
        # A read that is on its way finds its wish gone, and what it brings is thrown away.
        "DELETE FROM wishes WHERE shop_id = :shop AND CASE WHEN noun = 'customer'"
        " THEN id = any(:customers) ELSE id = any(:orders) END",
    ),
    "polls": (
        # A page that is being read just now, or a listing that was prepared, is of before: whoever reads
        # it has lost it, and it begins anew.
        "UPDATE polls SET next_at = :real, held = false, cursor = NULL, began_at = NULL"
        " WHERE shop_id = :shop AND (held OR cursor IS NOT NULL)",
    ),
}

# Somebody's words, in which the person may be named; of the rows of all others, too.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "reviews": ("title", "body"),
    "admin_changes": ("words",),
    "texts": ("text",),
    "contents": ("title", "body"),
    "mail_versions": ("own_html", "note"),
    "messages": ("reason",),
    "wishes": ("error",),
    "polls": ("error",),
    "store_writes": ("error", "answer"),
    "inbox": ("error",),
}
# What a merchant writes to all shoppers: nobody whose name is "Thank you" must be able to spoil it.
NOT_BY_NAME = ("texts", "contents", "mail_versions")
# What other shoppers wrote: nobody whose name is "do not" must be able to turn it round.
OF_OTHERS = ("reviews",)
_SCRUB = (
    "UPDATE {table} SET {column} = regexp_replace({column}, :pattern, :removed, 'gi')"
    " WHERE shop_id = :shop AND {column} ~* :pattern AND {whose}"
)

# Their sentences lie in documents, by language and key.
_SCRUB_VERSIONS = (
    "UPDATE mail_versions SET words = (SELECT jsonb_object_agg(l.key, (SELECT jsonb_object_agg(s.key,"
    "  regexp_replace(s.value, :pattern, :removed, 'gi')) FROM jsonb_each_text(l.value) s))"
    "  FROM jsonb_each(words) l) WHERE shop_id = :shop AND words::text ~* :pattern"
)

# The other tables of a shop, and why no person is in them.
NOBODY_IN: Mapping[str, str] = {
    "products": "what is sold",
    "product_words": "the merchant's settings",
    "product_habits": "what all buyers of a product do",
    "product_picks": "what goes with a product",
    "order_products": "what was in an order, by its number",
    "estimates": "what is expected of an order, by its number",
    "coupons": "a code that a mail carried, by the order's number",
    "events": "what happened to an order, by its number",
    "flow_switches": "the merchant's settings",
    "segments": "the merchant's groups, by what is bought and how often",
    "trials": "the merchant's own words, the same for everybody",
    "webhook_doors": "where the merchant's own tool is",
    "mail_accounts": "the merchant's own account at a mail vendor, sealed",
    "sending_domains": "the merchant's own domain, and what it is signed with",
    "credits": "what came of a mail, by the order's number",
    "brand_kits": "the merchant's own name and address",
    "brand_logos": "the merchant's picture",
    "review_decisions": "the merchant's decisions on a review, by its number",
    "features": "the merchant's settings",
    "shop_plans": "the merchant's plan",
    "store_health": "how the store is doing",
    "mail_limits": "the merchant's settings",
    "desk_turns": "a number beside a keyed hash, from which no address can be read",
    "shipment_words": "the merchant's settings",
    "shop_secrets": "the shop's keys, sealed",
    "privacy_requests": "emptied by whoever works them off: see privacy.py",
}
