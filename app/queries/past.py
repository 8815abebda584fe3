"""The past of a shop's shoppers, person by person: all that a rehearsal needs, some hundred orders a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.queries.facts import FactBase, load_fact_base
from app.queries.habits import load_habits
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.events import (
    ArrivalDenied,
    Event,
    EventKind,
    LinkClicked,
    ProductViewed,
    ReviewSubmitted,
    Unsubscribed,
)
from flows.facts import ShopFacts
from flows.memory import Past
from flows.replenishment import Habit

AT_ONCE = 500
_SHOWN_NOWHERE = (ArrivalDenied, LinkClicked, ProductViewed, ReviewSubmitted, Unsubscribed)


def people_since(session: Session, shop_id: int, since: datetime, until: datetime) -> list[list[str]]:
    """By person, all of their orders up to `until`, of those who ordered since `since`. An order without an
    address stands alone."""
    rows = session.execute(_PEOPLE, {"shop": shop_id, "since": since, "until": until})
    return [list(row.ids) for row in rows]


def pasts(
    session: Session, shop_id: int, people: Sequence[Sequence[str]], since: datetime, secrets: Keys
) -> Iterator[list[Past]]:
    """Each person's orders, the oldest first, as if the shop had been connected at `since`."""
    for group in _groups(people):
        keys = [(shop_id, order_id) for person in group for order_id in person]
        base = load_fact_base(session, keys, secrets)
        told = _told(session, keys)
        habits = {product: habit for (_, product), habit in load_habits(session, base.products).items()}
        shop = replace(base.shops[shop_id].facts(), active=True, connected_at=since)
        for person in group:
            found = [
                _past(base, (shop_id, order_id), shop, told, habits)
                for order_id in person
                if (shop_id, order_id) in base.pictures
            ]
            yield sorted(found, key=lambda past: (_placed(past), past.facts.picture.order.id))


def _past(
    base: FactBase,
    key: OrderKey,
    shop: ShopFacts,
    told: Mapping[OrderKey, tuple[Event, ...]],
    habits: Mapping[str, Habit],
) -> Past:
    facts = replace(base.facts(key, "", None), shop=shop, happened={}, inferred=frozenset())
    return Past(facts, told.get(key, ()), habits)


def _placed(past: Past) -> datetime:
    return past.facts.picture.order.placed_at


def _groups(people: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    group: list[Sequence[str]] = []
    for person in people:
        group.append(person)
        if sum(map(len, group)) >= AT_ONCE:
            yield group
            group = []
    if group:
        yield group


def _told(session: Session, keys: Collection[OrderKey]) -> Mapping[OrderKey, tuple[Event, ...]]:
    """What people did that no order shows."""
    found: dict[OrderKey, list[Event]] = defaultdict(list)
    kinds = [kind.value for kind in _SHOWN_NOWHERE]
    for row in session.execute(_TOLD, {**key_arrays(keys), "kinds": kinds}):
        event = Event(
            EventKind(row.kind),
            row.key,
            row.subject,
            row.order_id,
            row.happened_at,
            row.parcel_id,
            row.source,
        )
        found[row.shop_id, row.order_id].append(event)
    return {key: tuple(events) for key, events in found.items()}


_PEOPLE = text("""
SELECT array_agg(o.id ORDER BY o.placed_at, o.id) AS ids
FROM orders o WHERE o.shop_id = :shop AND o.placed_at <= :until AND (
    o.placed_at >= :since AND o.email IS NULL
    OR o.email IN (SELECT email FROM orders WHERE shop_id = :shop AND placed_at BETWEEN :since AND :until)
) GROUP BY coalesce(o.email, o.id || ' without an address') ORDER BY min(o.placed_at), min(o.id)
""")
_TOLD = text(
    "SELECT e.shop_id, e.order_id, e.kind, e.key, e.subject, e.parcel_id, e.happened_at, e.source"
    f" FROM events e JOIN {KEYS} ON e.shop_id = k.shop_id AND e.order_id = k.id"
    " JOIN shops s ON s.id = e.shop_id AND s.generation = e.generation"
    " WHERE e.kind = any(:kinds) ORDER BY e.id"
)
