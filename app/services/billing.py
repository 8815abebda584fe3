"""Plans: whether a shop has one, what the platform says it is, and what it lets begin.

A plan is only ever read from the platform's own API. Messages and the address that a merchant comes back
by merely make that happen sooner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.queries.facts import FactBase
from app.queries.pictures import OrderKey
from app.queries.plan import load_counted, load_usage
from app.services.decisions import Started
from app.services.polls import PLAN
from app.services.stores import Stores
from app.words.plans import FREE, PLANS
from connectors.base import Store
from flows.commerce import Platform
from flows.journey import JourneyStatus

PLAN_LIMIT = "plan_limit"
# No limit is higher, so no more orders need to be counted.
_MOST = max(plan.orders or 0 for plan in PLANS)


def keep_billed(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> None:
    """Whether the shop has a plan at all; without one it has no limit. The operator decides, for all shops
    of a platform that bills; a shop that has one is asked for it at once, then daily."""
    on = stores.billing and store.platform is Platform.SHOPIFY
    values = {"on": on, "shop": shop_id, "noun": PLAN, "real": real}
    with database.shops(shop_id) as session:
        session.execute(text("UPDATE shops SET billed = :on WHERE id = :shop AND billed <> :on"), values)
        if on:
            session.execute(
                text(
                    "INSERT INTO polls (shop_id, noun, watermark, next_at)"
                    " SELECT id, :noun, :real, :real FROM shops WHERE id = :shop AND state <> 'uninstalled'"
                    " ON CONFLICT DO NOTHING"
                ),
                values,
            )
        else:
            session.execute(text("DELETE FROM polls WHERE shop_id = :shop AND noun = :noun"), values)
            session.execute(text("DELETE FROM shop_plans WHERE shop_id = :shop"), values)


def read_plan(database: Database, stores: Stores, shop_id: int, store: Store, real: datetime) -> None:
    """Asks the platform and takes its word. No active subscription is the free plan. Raises StoreError.

    An answer about a connection that ended meanwhile says nothing of the next one.
    """
    with database.shops(shop_id) as session:
        token = session.execute(text("SELECT token FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    found = stores.connector(store.platform).plan(store)
    with database.shops(shop_id) as session:
        session.execute(
            text(
                "INSERT INTO shop_plans (shop_id, plan, status, subscription_id, verified_at)"
                " SELECT id, :plan, :status, :subscription, :real FROM shops"
                " WHERE id = :shop AND token = :token AND billed AND state <> 'uninstalled'"
                " ON CONFLICT (shop_id) DO UPDATE SET plan = excluded.plan, status = excluded.status,"
                " subscription_id = excluded.subscription_id, verified_at = excluded.verified_at"
                " WHERE shop_plans.verified_at <= excluded.verified_at"
            ),
            {
                "shop": shop_id,
                "token": token,
                "plan": found.plan if found else FREE.handle,
                "status": found.status if found else "",
                "subscription": found.id if found else "",
                "real": real,
            },
        )


def within_plan(session: Session, base: FactBase, started: Sequence[Started], now: datetime) -> list[Started]:
    """What the shops' plans let begin, oldest order first; the rest is noted on its events.

    An order counts once, when the first of its flows begins, and then gets all its mails, in whichever
    month they leave: nobody is told that a parcel left and never that it arrived. The shops are locked.
    """
    beginning = [one for one in started if base.shops[one.shop_id].billed and _begins(one)]
    if not beginning:
        return list(started)
    zones = {one.shop_id: base.shops[one.shop_id].timezone for one in beginning}
    usage = load_usage(session, zones, now, _MOST)
    counted = load_counted(session, {_order(one) for one in beginning})
    waiting = sorted(
        {_order(one) for one in beginning} - counted,
        key=lambda key: (base.pictures[key].order.placed_at, key),
    )
    room = {shop: one.plan.orders - one.used if one.plan.orders else None for shop, one in usage.items()}
    fresh, over = _shared_out(waiting, room)
    _count(session, fresh, now)
    _decline(session, [one for one in beginning if _order(one) in over])
    return [one for one in started if not (_begins(one) and _order(one) in over)]


def _begins(one: Started) -> bool:
    return one.decision.journey.status is not JourneyStatus.DECLINED


def _order(one: Started) -> OrderKey:
    return one.shop_id, one.event.order_id


def _shared_out(
    waiting: Iterable[OrderKey], room: dict[int, int | None]
) -> tuple[list[OrderKey], set[OrderKey]]:
    """Which orders still fit, and which do not."""
    fresh: list[OrderKey] = []
    over: set[OrderKey] = set()
    for key in waiting:
        left = room[key[0]]
        if left is None or left > 0:
            fresh.append(key)
            room[key[0]] = None if left is None else left - 1
        else:
            over.add(key)
    return fresh, over


def _count(session: Session, keys: Sequence[OrderKey], now: datetime) -> None:
    if keys:
        session.execute(
            text(
                "UPDATE orders o SET counted_at = :now"
                " FROM unnest(CAST(:shops AS bigint[]), CAST(:ids AS text[])) AS k(shop_id, id)"
                " WHERE o.shop_id = k.shop_id AND o.id = k.id AND o.counted_at IS NULL"
            ),
            {"now": now, "shops": [shop for shop, _ in keys], "ids": [order for _, order in keys]},
        )


def _decline(session: Session, held: Collection[Started]) -> None:
    flows: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for one in held:
        flows[one.shop_id, one.event.key][one.flow.key] = PLAN_LIMIT
    if flows:
        rows = [{"shop_id": shop, "key": key, "flows": names} for (shop, key), names in flows.items()]
        session.execute(
            text(
                "UPDATE events e SET declined = e.declined || r.flows"
                " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(shop_id bigint, key text, flows jsonb)"
                " JOIN shops s ON s.id = r.shop_id"
                " WHERE e.shop_id = r.shop_id AND e.generation = s.generation AND e.key = r.key"
            ),
            {"rows": as_json(rows)},
        )
