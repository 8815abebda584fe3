"""Who is in a flow right now, and what a wait of theirs depends on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.facts import ShopRow, load_products
from app.queries.journeys import JourneyRow, journey_row
from app.queries.pictures import load_pictures
from flows.facts import Facts, FlowSetting


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
            "  WHERE m.shop_id = :shop AND m.flow_key = :flow AND m.state = 'due' ORDER BY m.next_at LIMIT 1)"
            " UNION ALL"
            " (SELECT j.wake_at, j.order_id FROM journeys j WHERE j.shop_id = :shop"
            "  AND j.flow_key = :flow AND j.status = 'active' AND j.wake_at IS NOT NULL"
            "  ORDER BY j.wake_at LIMIT 1)) n"
            " JOIN orders o ON o.shop_id = :shop AND o.id = n.order_id ORDER BY n.at LIMIT 1"
        ),
        {"shop": shop_id, "flow": flow_key},
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
            "SELECT j.* FROM journeys j JOIN shops s ON s.id = j.shop_id AND s.generation = j.generation"
            " WHERE j.shop_id = :shop AND j.flow_key = :flow AND j.status = 'active'"
            " AND j.step = any(:steps) AND j.id > :after ORDER BY j.id LIMIT :limit"
        ),
        {"shop": shop_id, "flow": flow_key, "steps": list(steps), "after": after, "limit": limit},
    )
    return [journey_row(row) for row in rows]


def wait_facts(
    session: Session, shop: ShopRow, rows: Collection[JourneyRow], knobs: Mapping[str, int]
) -> dict[int, Facts]:
    """By journey, what the length of its wait depends on: the order's lines, its products, the knobs.
    Five statements; journeys whose order is not stored are absent."""
    pictures = load_pictures(session, {(shop.id, row.order_id) for row in rows})
    wanted = {
        (shop.id, line.product_id)
        for picture in pictures.values()
        for line in picture.order.lines
        if line.product_id
    }
    products = load_products(session, wanted)
    known = {product_id: product for (_, product_id), product in products.items()}
    setting = FlowSetting(True, None, dict(knobs))
    return {
        row.id: Facts(shop.facts(), setting, pictures[shop.id, row.order_id], {}, known)
        for row in rows
        if (shop.id, row.order_id) in pictures
    }
