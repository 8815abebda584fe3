"""Reviews: written by who bought, held until the shop has looked.

One review for a product of an order. Sent again unchanged it stays as it is; changed words or stars
replace it and are looked at anew, also where it was rejected: whoever mends a review is heard again.
What was decided on it before stays in `review_decisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Database, Session, put_rows
from app.keys import Keys
from app.models.review import HELD, reviews
from app.services.listed_reviews import owe_listing_of
from app.services.locks import lock_shop
from app.services.react import tell
from app.services.stars import owe_stars
from flows.events import Event, EventKind

LONGEST_BODY = 5_000
LONGEST_TITLE = 120
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Submitted:
    """One product's review as its writer sent it, within the limits above."""

    product_id: str
    stars: int
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote: the holder of the link in a mail about this order."""

    shop_id: int
    order_id: str
    message_id: int
    email: str
    name: str
    language: str


def submit_reviews(
    database: Database,
    keys: Keys,
    writer: Writer,
    sent: Sequence[Submitted],
    now: datetime,
    real: datetime,
) -> int:
    """Stores what is new or changed, and ends the journeys that hoped for it. Returns how many. `real`:
    real time, for what the store is owed: one that was published and is rewritten no longer counts."""
    with database.shops(writer.shop_id) as session:
        lock_shop(session, writer.shop_id)
        stored = _put(session, keys, writer, sent, now)
        happened = [_submitted(writer.order_id, product_id, now) for product_id in stored]
        if happened:
            tell(session, (writer.shop_id, writer.order_id), happened, keys, now)
            owe_stars(session, writer.shop_id, stored, real)
            owe_listing_of(session, writer.shop_id, writer.order_id, stored, real)
    return len(stored)


def _put(session: Session, keys: Keys, writer: Writer, sent: Sequence[Submitted], now: datetime) -> list[str]:
    """The products whose review is new or changed. One statement."""
    rows = [
        {
            "shop_id": writer.shop_id,
            "order_id": writer.order_id,
            "product_id": one.product_id,
            "message_id": writer.message_id,
            "address_hash": keys.address_hash(writer.shop_id, writer.email),
            "stars": one.stars,
            "title": one.title,
            "body": one.body,
            "name": writer.name,
            "language": writer.language,
            "state": HELD,
            "seen_public": False,
            "verified": True,
            "submitted_at": now,
        }
        for one in {one.product_id: one for one in sent}.values()
    ]
    changed = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)
    stored = put_rows(
        session,
        reviews,
        rows,
        f"ON CONFLICT (shop_id, order_id, product_id) DO UPDATE SET {changed}, reason = NULL,"
        " decided_at = NULL, decided_by = NULL, seen_public = false"
        " WHERE (reviews.stars, reviews.title, reviews.body, reviews.name)"
        " IS DISTINCT FROM (excluded.stars, excluded.title, excluded.body, excluded.name)",
        "product_id",
    )
    return [row.product_id for row in stored]


_REPLACED = ("message_id", "stars", "title", "body", "name", "language", "state", "submitted_at")


def _submitted(order_id: str, product_id: str, now: datetime) -> Event:
    key = f"review:{order_id}:{product_id}"
    return Event(EventKind.REVIEW_SUBMITTED, key, f"order:{order_id}", order_id, now)
