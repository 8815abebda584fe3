"""What comes by time alone: read with every look at an order, and the order is looked at again when the next
of it falls due. So the cost grows with what is due, not with what is on its way.

One row for an order, not a timer for each parcel and flow: what time tells is told whether a flow is on or
not, follows a moved day by itself, and is heard by every flow alike.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json, record_set
from app.models.journey import watches
from app.queries.facts import FactBase
from app.queries.pictures import OrderKey
from flows.delivery import born_of_time
from flows.events import Event
from flows.questions.rule import whole_second


def born_by(base: FactBase, key: OrderKey, now: datetime) -> tuple[Event, ...]:
    """What time has brought by now and is not on record."""
    return tuple(event for event in _to_come(base, key) if event.happened_at <= now)


def watch(session: Session, base: FactBase, now: datetime) -> None:
    """Sets when each order is looked at again, after what holds is on record. One statement."""
    rows = [
        {"shop_id": shop_id, "order_id": order_id, "due_at": _next(base, (shop_id, order_id), now)}
        for shop_id, order_id in base.pictures
    ]
    if rows:
        session.execute(_WATCH, {"rows": as_json(rows)})


def _next(base: FactBase, key: OrderKey, now: datetime) -> datetime | None:
    return min((event.happened_at for event in _to_come(base, key) if event.happened_at > now), default=None)


def _to_come(base: FactBase, key: OrderKey) -> tuple[Event, ...]:
    """Nothing of orders from before the connection, of which nobody is told anything either."""
    shop, picture = base.shop(key[0]), base.pictures[key]
    if not shop.active or picture.order.placed_at < whole_second(shop.connected_at):
        return ()
    return born_of_time(shop, picture, base.happened.get(key, {}))


_WATCH = text(
    f"WITH told AS (SELECT * FROM {record_set(watches, ['shop_id', 'order_id', 'due_at'])}),"
    " over AS (DELETE FROM watches w USING told t"
    " WHERE w.shop_id = t.shop_id AND w.order_id = t.order_id AND t.due_at IS NULL)"
    " INSERT INTO watches (shop_id, order_id, due_at, lane)"
    " SELECT shop_id, order_id, due_at, 0 FROM told WHERE due_at IS NOT NULL"
    " ON CONFLICT (shop_id, order_id) DO UPDATE SET due_at = excluded.due_at"
    " WHERE watches.due_at IS DISTINCT FROM excluded.due_at"
)
