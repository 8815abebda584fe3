"""The people of a group who agreed to offers, for the shop's other tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Database
from app.keys import Keys
from app.queries.facts import load_fact_base
from app.services import changes
from app.services.csv_lines import FORMULA, csv_lines
from flows.consent import Ground, permission
from flows.facts import Facts, MailClass, Topic
from flows.segments import Segment, Unreadable

BATCH = 500
AREA = "segments"
COLUMNS = ("email", "language", "country")


@dataclass(frozen=True, slots=True)
class Reached:
    email: str
    language: str
    country: str


def audience(
    database: Database, keys: Keys, shop_id: int, group: Segment | Unreadable, who: str, now: datetime
) -> Iterator[Reached]:
    """Sorted by address, a batch at a time, in the same number of statements each. A person is asked about by
    their newest order. That it was done is on record before the first address is told."""
    with database.shops(shop_id) as session:
        words = f"Addresses of {group.title} were given out."
        changes.record(session, shop_id, now, who, AREA, words)
    after: str | None = ""
    while after is not None:
        with database.shops(shop_id) as session:
            rows = session.execute(_NEWEST, {"shop": shop_id, "after": after, "limit": BATCH}).all()
            base = load_fact_base(session, [(shop_id, row.id) for row in rows], keys)
        for row in rows:
            facts = base.facts((shop_id, row.id), "", None)
            if agreed(facts, now) and group.check(facts, now).passed:
                home = facts.home
                country = home.country if home is not None else ""
                yield Reached(row.email, facts.picture.order.locale or facts.shop.locale, country)
        after = rows[-1].email if len(rows) == BATCH else None


def as_csv(people: Iterable[Reached]) -> Iterator[str]:
    return csv_lines(COLUMNS, ((one.email, one.language, one.country) for one in people))


def agreed(facts: Facts, now: datetime) -> bool:
    """A yes that stands, and nothing against it. That somebody bought is no yes to other tools. An address
    that a spreadsheet would work out cannot be told: tamed, it would be another one."""
    address = facts.recipient
    if address is None or address.startswith(FORMULA) or facts.suppressed is not None:
        return False
    left = MailClass.MARKETING in facts.unsubscribed or Topic.OFFERS in facts.left_topics
    return not left and permission(MailClass.MARKETING, Topic.OFFERS, facts, now).ground is Ground.AGREED


_NEWEST = text(
    "SELECT DISTINCT ON (email) email, id FROM orders WHERE shop_id = :shop AND email > :after"
    " AND body->>'state' <> 'gone' ORDER BY email, placed_at DESC, id DESC LIMIT :limit"
)
