"""The merchant's own words for shipping: kept by the page that asks for them, given to connectors."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session, as_json
from app.services import changes
from app.services.changes import Stale
from app.services.polls import HOOKS, NIGHTLY, begin_again, poke
from connectors.base import OrderStatus, ShipmentWords
from connectors.woocommerce.statuses import MEANINGS, may_mean, slug_of
from connectors.woocommerce.tracking import TRACKING

AREA = "shipping"
LONGEST_KEY = 100
MOST_STATUSES = 100
MEANING_WORDS = {
    "shipped": "shipped",
    "partly": "partly shipped",
    "pickup": "waiting to be picked up",
    "failed": "could not be handed over",
    "delivered": "delivered",
    "nothing": "nothing about shipping",
}
KEY_WORDS = {"number_key": "tracking number", "carrier_key": "carrier", "link_key": "link"}
STATUS, OTHER_STATUS, OTHER_MEANING = "status-", "other_status", "other_meaning"
# Read by ourselves, and better than any field could be.
_OURS = (TRACKING, "_fulfillment_status")
_SLUG = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Held:
    """`known`: the statuses that the store told. `seen`: by which a form is known to be of today."""

    words: ShipmentWords = field(default_factory=ShipmentWords)
    known: tuple[OrderStatus, ...] = ()
    seen: str = ""


def words_of(session: Session, shop_ids: Collection[int]) -> Mapping[int, ShipmentWords]:
    """Of the shops that have any. One statement for any number."""
    rows = session.execute(
        text("SELECT * FROM shipment_words WHERE shop_id = any(:shops)"), {"shops": sorted(shop_ids)}
    )
    return {row.shop_id: _words(row) for row in rows}


def held_words(session: Session, shop_id: int) -> Held:
    row = session.execute(
        text("SELECT * FROM shipment_words WHERE shop_id = :shop"), {"shop": shop_id}
    ).one_or_none()
    if row is None:
        return Held()
    known = tuple(OrderStatus(one["slug"], one["name"], one["orders"]) for one in row.known)
    return Held(_words(row), known, row.changed_at.isoformat() if row.changed_at else "")


def checked(form: Mapping[str, str]) -> tuple[ShipmentWords, dict[str, str]]:
    """What the form says, and by field what is wrong with it."""
    errors: dict[str, str] = {}
    statuses = {
        name.removeprefix(STATUS): word for name, word in form.items() if name.startswith(STATUS) and word
    }
    other, meaning = slug_of(form.get(OTHER_STATUS, "")), form.get(OTHER_MEANING, "")
    if other and not _SLUG.fullmatch(other):
        errors[OTHER_STATUS] = "A status is written in small letters, digits and hyphens, like handed-over."
    elif other and not may_mean(other):
        errors[OTHER_STATUS] = "This one always means the same: it waits for money, or the order is over."
    elif other and meaning not in MEANINGS:
        errors[OTHER_MEANING] = "Say what it means."
    elif other:
        statuses[other] = meaning
    elif meaning:
        errors[OTHER_STATUS] = "Say which status means that."
    for slug, word in statuses.items():
        if word not in MEANINGS or not _SLUG.fullmatch(slug) or not may_mean(slug):
            errors[f"{STATUS}{slug}"] = "Choose one of the meanings."
    if len(statuses) > MOST_STATUSES:
        errors[OTHER_STATUS] = f"At most {MOST_STATUSES} statuses have a meaning of their own."
    keys = {name: " ".join(form.get(name, "").split()) for name in KEY_WORDS}
    return ShipmentWords(statuses, **keys), {**errors, **_wrong_keys(keys)}


def _wrong_keys(keys: Mapping[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, key in keys.items():
        if len(key) > LONGEST_KEY:
            errors[name] = f"At most {LONGEST_KEY} letters; this has {len(key)}."
        elif not key.isprintable():
            errors[name] = "There is a letter in it that cannot be read."
        elif key in _OURS:
            errors[name] = "We read this one by ourselves: leave it out here."
        elif key and name != "number_key" and key == keys["number_key"]:
            errors[name] = "This is the field of the number."
    if not keys["number_key"] and (keys["carrier_key"] or keys["link_key"]):
        errors["number_key"] = "Without the field of the number the others are not read."
    return errors


def hold_words(session: Session, shop_id: int) -> Held:
    """As they stand, and nobody else changes them meanwhile."""
    session.execute(
        text("INSERT INTO shipment_words (shop_id) VALUES (:shop) ON CONFLICT DO NOTHING"), {"shop": shop_id}
    )
    session.execute(text("SELECT FROM shipment_words WHERE shop_id = :shop FOR UPDATE"), {"shop": shop_id})
    return held_words(session, shop_id)


def save_words(
    session: Session,
    shop_id: int,
    seen: str,
    wanted: ShipmentWords,
    who: str,
    now: datetime,
    real: datetime,
) -> bool:
    """`seen`: as the form was made from. What is on its way is read once more, three days back, so that it is
    understood in the new words. False: it was so already. Raises Stale."""
    held = hold_words(session, shop_id)
    wanted = replace(wanted, agreed_key=held.words.agreed_key)
    if held.words == wanted:
        return False
    if held.seen != seen:
        raise Stale(fields_of(held.words))
    session.execute(
        text(
            "UPDATE shipment_words SET statuses = CAST(:statuses AS jsonb), number_key = :number_key,"
            " carrier_key = :carrier_key, link_key = :link_key, changed_at = :now WHERE shop_id = :shop"
        ),
        {
            "shop": shop_id,
            "now": now,
            "statuses": as_json(dict(wanted.statuses)),
            **{name: getattr(wanted, name) for name in KEY_WORDS},
        },
    )
    changes.record(session, shop_id, now, who, AREA, _told(held, wanted))
    begin_again(session, shop_id, NIGHTLY, real)
    # Which mails the plugin holds back depends on them.
    poke(session, shop_id, HOOKS, real)
    return True


def fields_of(words: ShipmentWords) -> dict[str, str]:
    """As the form holds them."""
    statuses = {f"{STATUS}{slug}": word for slug, word in words.statuses.items()}
    return {**statuses, **{name: getattr(words, name) for name in KEY_WORDS}}


def _told(held: Held, wanted: ShipmentWords) -> str:
    """Changed: Handed over means shipped; the tracking number is in ywot_tracking_code."""
    names, before = {one.slug: one.name for one in held.known}, held.words
    parts = [
        f"{names.get(slug, slug)} means {MEANING_WORDS[wanted.statuses[slug]]}"
        if slug in wanted.statuses
        else f"{names.get(slug, slug)} means what it did at first"
        for slug in sorted({*before.statuses, *wanted.statuses})
        if before.statuses.get(slug) != wanted.statuses.get(slug)
    ]
    for name, words in KEY_WORDS.items():
        key = getattr(wanted, name)
        if key != getattr(before, name):
            parts.append(f"the {words} is in {key}" if key else f"the {words} is in no field any more")
    return f"Changed: {'; '.join(parts)}."


def _words(row: Row[Any]) -> ShipmentWords:
    return ShipmentWords(row.statuses, row.number_key, row.carrier_key, row.link_key, row.agreed_key)
