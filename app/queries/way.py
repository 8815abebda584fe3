"""What is known of orders on their way besides their pictures: what we inferred, and who misses a parcel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays, load_pictures
from flows.commerce import ReturnState
from flows.events import INFERRED, EventKind, is_past
from flows.late import Late
from flows.missing import Happening, is_missed


@dataclass(frozen=True, slots=True)
class Complaints:
    """`returns`: one is open. `missed`: since when parcels are that they said are not there."""

    returns: bool = False
    missed: tuple[datetime, ...] = ()


NO_COMPLAINTS = Complaints()


def load_inferred(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, frozenset[Happening]]:
    """By order, what nobody told: kind and parcel."""
    found: dict[OrderKey, set[Happening]] = defaultdict(set)
    for row in session.execute(_INFERRED, {**key_arrays(keys), "source": INFERRED}):
        if not is_past(EventKind(row.kind), row.key):
            found[row.shop_id, row.order_id].add((EventKind(row.kind), row.parcel_id))
    return {key: frozenset(kinds) for key, kinds in found.items()}


def load_complaints(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, Complaints]:
    """By order, what its person waits for the shop for; of orders of others nothing. Whether it is of this
    order or of another one of theirs is all the same to them. One statement, and where somebody said that a
    parcel is not there, those of its picture."""
    rows = session.execute(_COMPLAINTS, {**key_arrays(keys), "open": OPEN_RETURNS}).all()
    asked = {(row.shop_id, row.of_order) for row in rows if row.since is not None}
    denied = load_pictures(session, asked) if asked else {}
    found: dict[OrderKey, Complaints] = defaultdict(lambda: NO_COMPLAINTS)
    for row in rows:
        key, picture = (row.shop_id, row.id), denied.get((row.shop_id, row.of_order))
        if row.since is None:
            found[key] = replace(found[key], returns=True)
        elif picture is not None and is_missed(picture, row.parcel_id, row.since):
            found[key] = replace(found[key], missed=(*found[key].missed, row.since))
    return dict(found)


def load_late(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, tuple[Late, ...]]:
    """By order, the late parcels of whoever ordered it, and when time tells something of the others."""
    found: dict[OrderKey, list[Late]] = defaultdict(list)
    for row in session.execute(_LATE, key_arrays(keys)):
        found[row.shop_id, row.id].append(Late(row.since, row.came_at))
    return {key: tuple(late) for key, late in found.items()}


OPEN_RETURNS = [state.value for state in (ReturnState.REQUESTED, ReturnState.OPEN)]

_INFERRED = text(
    f"SELECT e.shop_id, e.order_id, e.kind, e.parcel_id, e.key FROM events e JOIN {KEYS}"
    " ON e.shop_id = k.shop_id AND e.order_id = k.id"
    " JOIN shops s ON s.id = e.shop_id AND s.generation = e.generation WHERE e.source = :source"
)

# Each person's orders are looked at once, however many of them are asked about.
_THEIRS = f"""
WITH asked AS MATERIALIZED (
    SELECT o.shop_id, o.id, o.email, o.body->>'state' AS state
    FROM {KEYS} JOIN orders o ON o.shop_id = k.shop_id AND o.id = k.id
), theirs AS (
    SELECT * FROM asked
    UNION SELECT q.shop_id, q.id, q.email, q.body->>'state'
    FROM (SELECT DISTINCT shop_id, email FROM asked) a JOIN orders q USING (shop_id, email)
)
"""
_COMPLAINTS = text(f"""
{_THEIRS}, waiting AS MATERIALIZED (
    SELECT q.shop_id, q.id, q.email, CAST(NULL AS text) AS parcel_id, CAST(NULL AS timestamptz) AS since
    FROM theirs q WHERE EXISTS (SELECT FROM returns r WHERE r.shop_id = q.shop_id AND r.order_id = q.id
        AND (r.body->>'state')::int = any(:open))
    UNION ALL SELECT q.shop_id, q.id, q.email, e.parcel_id, e.happened_at
    FROM theirs q JOIN shops s ON s.id = q.shop_id
    JOIN events e ON e.shop_id = q.shop_id AND e.order_id = q.id AND e.generation = s.generation
        AND e.kind = 'ArrivalDenied'
    WHERE q.state = 'open'
)
SELECT DISTINCT a.shop_id, a.id, w.id AS of_order, w.parcel_id, w.since FROM asked a JOIN waiting w
    ON w.shop_id = a.shop_id AND (w.id = a.id OR w.email = a.email)
ORDER BY a.shop_id, a.id, w.since
""")
_LATE = text(f"""
{_THEIRS}, late AS MATERIALIZED (
    SELECT q.shop_id, q.id, q.email, e.happened_at AS since, d.happened_at AS came_at
    FROM theirs q JOIN shops s ON s.id = q.shop_id
    JOIN events e ON e.shop_id = q.shop_id AND e.order_id = q.id AND e.generation = s.generation
        AND e.kind = 'ParcelLate'
    LEFT JOIN events d ON d.shop_id = e.shop_id AND d.order_id = e.order_id AND d.generation = e.generation
        AND d.kind = 'ParcelDelivered' AND d.parcel_id = e.parcel_id AND d.key LIKE '%delivered'
    WHERE q.state = 'open'
    UNION ALL SELECT q.shop_id, q.id, q.email, w.due_at, NULL
    FROM theirs q JOIN watches w ON w.shop_id = q.shop_id AND w.order_id = q.id
)
SELECT DISTINCT a.shop_id, a.id, l.since, l.came_at FROM asked a JOIN late l
    ON l.shop_id = a.shop_id AND (l.id = a.id OR l.email = a.email)
ORDER BY l.since
""")
