"""When what was ordered is used up: written in the transaction in which something happened to the order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.foresight import estimates
from app.queries.facts import FactBase
from app.queries.habits import load_habits
from app.queries.pictures import KEYS, OrderKey, key_arrays
from flows.commerce import OrderState
from flows.estimates import RUN_OUT, Estimate
from flows.events import EventKind
from flows.kinds import NOTHING_SAID, ProductKind, kind_of
from flows.replenishment import NO_HABIT, Bought, run_out

ON_ITS_WAY = timedelta(days=5)
"""Until something is delivered it is taken to be there this long after it was ordered."""


@dataclass(frozen=True, slots=True)
class _Consumed:
    key: OrderKey
    product_id: str
    kind: ProductKind
    bought: Bought
    here_at: datetime


def foresee(session: Session, base: FactBase, keys: Collection[OrderKey], now: datetime) -> FactBase:
    """Predicts for these orders, in four statements at most, and returns what is known with it.

    `keys`: orders of `base` to which something happened.
    """
    wanted = [one for key in keys if key in base.pictures for one in _consumed(base, key)]
    own = _own_orders(session, wanted)
    habits = load_habits(session, {(one.key[0], one.product_id) for one in wanted})
    first: dict[OrderKey, Estimate] = {}
    for one in wanted:
        habit = habits.get((one.key[0], one.product_id), NO_HABIT)
        found = run_out(
            one.product_id, one.kind, one.bought, one.here_at, own[one.key, one.product_id], habit
        )
        if one.key not in first or found.at < first[one.key].at:
            first[one.key] = found
    _write(session, keys, first, now)
    return replace(base, estimates=_merged(base, keys, first))


def _consumed(base: FactBase, key: OrderKey) -> Iterator[_Consumed]:
    """What of the order gets used up, and how much of it was kept."""
    picture, shop = base.pictures[key], key[0]
    if picture.order.state is not OrderState.OPEN:
        return
    here_at = _here_at(base, key)
    refunded = picture.refunded_quantities()
    pieces: dict[str, int] = defaultdict(int)
    for line in picture.kept_lines():
        if line.product_id and not line.gift_card:
            pieces[line.product_id] += line.quantity - refunded.get(line.id, 0)
    for product_id, quantity in pieces.items():
        of = (shop, product_id)
        kind = kind_of(base.products.get(of), base.kinds_said.get(of, NOTHING_SAID))
        if kind.consumable:
            yield _Consumed(key, product_id, kind, Bought(picture.order.placed_at, quantity), here_at)


def _here_at(base: FactBase, key: OrderKey) -> datetime:
    happened = base.happened.get(key, {})
    delivered = happened.get((EventKind.ORDER_DELIVERED, None))
    return delivered or base.pictures[key].order.placed_at + ON_ITS_WAY


def _own_orders(
    session: Session, wanted: Collection[_Consumed]
) -> Mapping[tuple[OrderKey, str], list[Bought]]:
    found: dict[tuple[OrderKey, str], list[Bought]] = defaultdict(list)
    if wanted:
        products = sorted({one.product_id for one in wanted})
        keys = sorted({one.key for one in wanted})
        for row in session.execute(_OWN, {**key_arrays(keys), "products": products}):
            key = (row.shop_id, row.id)
            found[key, row.product_id].append(Bought(row.placed_at, row.quantity))
    return found


def _write(
    session: Session, keys: Collection[OrderKey], first: Mapping[OrderKey, Estimate], now: datetime
) -> None:
    rows = [
        {
            "shop_id": shop,
            "order_id": order_id,
            "name": RUN_OUT,
            "subject": found.subject,
            "at": found.at,
            "earliest": found.earliest,
            "latest": found.latest,
            "samples": found.samples,
            "source": found.source,
            "computed_at": now,
        }
        for (shop, order_id), found in first.items()
    ]
    if keys:
        session.execute(_FORGET, {**key_arrays(sorted(keys)), "name": RUN_OUT})
    put_rows(session, estimates, rows)


def _merged(
    base: FactBase, keys: Collection[OrderKey], first: Mapping[OrderKey, Estimate]
) -> dict[OrderKey, Mapping[str, Estimate]]:
    merged = dict(base.estimates)
    for key in keys:
        others = {name: one for name, one in merged.get(key, {}).items() if name != RUN_OUT}
        merged[key] = {**others, RUN_OUT: first[key]} if key in first else others
    return merged


# Written from the order outward: a planner that knows little of a young table must not begin elsewhere.
_OWN = text(f"""
SELECT o.shop_id, o.id, b.product_id, b.placed_at, b.quantity
FROM orders o JOIN {KEYS} USING (shop_id, id)
CROSS JOIN LATERAL (
    SELECT q.shop_id, q.id FROM orders q
    WHERE q.shop_id = o.shop_id AND q.email = o.email AND q.placed_at < o.placed_at OFFSET 0
) q CROSS JOIN LATERAL (
    SELECT m.product_id, m.placed_at, m.quantity FROM order_products m
    WHERE m.shop_id = q.shop_id AND m.order_id = q.id OFFSET 0
) b
WHERE o.email IS NOT NULL AND b.product_id = any(:products)
""")
_FORGET = text(
    f"DELETE FROM estimates e USING {KEYS}"
    " WHERE e.shop_id = k.shop_id AND e.order_id = k.id AND e.name = :name"
)
