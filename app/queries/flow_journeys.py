"""Who is in a flow right now, and what a wait of theirs depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.models.shop import PARKED
from app.queries.facts import ShopRow
from app.queries.journeys import JourneyRow, journey_row
from flows.commerce import LineQuantity, Order, OrderLine, Product, Refund
from flows.facts import Facts, FlowSetting
from flows.picture import OrderPicture


@dataclass(frozen=True, slots=True)
class NextMail:
    """`number` of the order; `name` is "" where the order carries none."""

    at: datetime
    name: str
    number: str


def people_in(session: Session, shop_id: int) -> dict[str, int]:
    """By flow, how many journeys are under way."""
    rows = session.execute(
        text(
            "SELECT flow_key, count(*) AS people FROM journeys"
            " WHERE shop_id = :shop AND status = 'active' GROUP BY flow_key"
        ),
        {"shop": shop_id},
    )
    return {row.flow_key: row.people for row in rows}


def next_mail(session: Session, shop_id: int, flow_key: str) -> NextMail | None:
    """The soonest of the mails that are planned and of the waits that end in one."""
    row = session.execute(
        text(
            "SELECT n.at, o.number, o.body->>'first_name' AS first, o.body->>'last_name' AS last FROM ("
            " (SELECT m.next_at AS at, m.order_id FROM messages m"
            "  WHERE m.shop_id = :shop AND m.flow_key = :flow AND m.state = 'due' AND m.next_at < :parked"
            "  ORDER BY m.next_at LIMIT 1)"
            " UNION ALL"
            " (SELECT j.wake_at, j.order_id FROM journeys j WHERE j.shop_id = :shop"
            "  AND j.flow_key = :flow AND j.status = 'active' AND j.wake_at IS NOT NULL"
            "  ORDER BY j.wake_at LIMIT 1)) n"
            " JOIN orders o ON o.shop_id = :shop AND o.id = n.order_id ORDER BY n.at LIMIT 1"
        ),
        {"shop": shop_id, "flow": flow_key, "parked": PARKED},
    ).one_or_none()
    if row is None:
        return None
    return NextMail(row.at, " ".join(filter(None, (row.first, row.last))), row.number)


def waiting_in(
    session: Session, shop_id: int, flow_key: str, steps: Collection[str], after: int, limit: int
) -> list[JourneyRow]:
    """Journeys that wait in one of these steps, by id from `after` on."""
    rows = session.execute(
        text(
            "SELECT j.id, j.shop_id, j.generation, j.flow_key, j.event_key, j.order_id, j.parcel_id,"
            " j.revision, j.flow_version, j.status, j.anchor, j.step, j.wake_at, j.end_reason, j.variants"
            " FROM journeys j JOIN shops s ON s.id = j.shop_id AND s.generation = j.generation"
            " WHERE j.shop_id = :shop AND j.flow_key = :flow AND j.status = 'active'"
            " AND j.step = any(:steps) AND j.id > :after ORDER BY j.id LIMIT :limit"
        ),
        {"shop": shop_id, "flow": flow_key, "steps": list(steps), "after": after, "limit": limit},
    )
    return [journey_row(row) for row in rows]


def wait_facts(
    session: Session, shop: ShopRow, rows: Collection[JourneyRow], knobs: Mapping[str, int]
) -> dict[int, Facts]:
    """By journey, no more than what the length of its wait depends on: which products of the order are
    kept, what kind they are, the shop, the knobs. Three statements; journeys whose order is not stored
    are absent."""
    orders = {row.order_id for row in rows}
    lines = _lines(session, "orders", "id", shop.id, orders)
    refunded = _lines(session, "refunds", "order_id", shop.id, orders)
    pictures = {
        order_id: _picture(order_id, bought, refunded.get(order_id, ()), shop.connected_at)
        for order_id, bought in lines.items()
    }
    wanted = {line.product_id for one in pictures.values() for line in one.order.lines if line.product_id}
    products = _kinds(session, shop, wanted)
    setting = FlowSetting(True, None, dict(knobs))
    return {
        row.id: Facts(shop.facts(), setting, pictures[row.order_id], {}, products)
        for row in rows
        if row.order_id in pictures
    }


def _lines(
    session: Session, table: str, order: str, shop_id: int, orders: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """By order, the lines that the bodies of `table` list, as they are written there."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = session.execute(
        text(
            f"SELECT {order} AS order_id, body -> 'lines' AS lines FROM {table}"
            f" WHERE shop_id = :shop AND {order} = any(:orders)"
        ),
        {"shop": shop_id, "orders": list(orders)},
    )
    for row in rows:
        found[row.order_id] += row.lines or ()
    return found


def _picture(
    order_id: str, bought: Iterable[dict[str, Any]], refunded: Iterable[dict[str, Any]], at: datetime
) -> OrderPicture:
    """An order of nothing but its lines."""
    lines = tuple(
        OrderLine(
            line["id"],
            "",
            line["quantity"],
            0,
            product_id=line.get("product_id"),
            gift_card=line.get("gift_card", False),
        )
        for line in bought
    )
    given_back = tuple(LineQuantity(line["line_id"], line["quantity"]) for line in refunded)
    order = Order(order_id, "", at, at, "", 0, lines=lines)
    return OrderPicture(order, refunds=(Refund("", order_id, at, 0, given_back),))


def _kinds(session: Session, shop: ShopRow, wanted: Collection[str]) -> dict[str, Product]:
    """Products of nothing but what tells how long they take to be tried."""
    rows = session.execute(
        text(
            "SELECT id, body ->> 'kind' AS kind, body -> 'tags' AS tags FROM products"
            " WHERE shop_id = :shop AND id = any(:ids)"
        ),
        {"shop": shop.id, "ids": list(wanted)},
    )
    return {
        row.id: Product(row.id, "", shop.connected_at, kind=row.kind or "", tags=tuple(row.tags or ()))
        for row in rows
    }
