"""A page of changed orders beside what is known of them already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.services.watermarks import OVERLAP
from connectors.base import Noun, Page, Reading

NOT_AHEAD = timedelta()


@dataclass(frozen=True, slots=True)
class Known:
    """The versions that we hold, by order, and when the shop was connected."""

    versions: Mapping[str, datetime]
    connected_at: datetime


def known_orders(session: Session, shop_id: int, reading: Reading) -> Known:
    rows = session.execute(
        text(
            "SELECT s.connected_at, o.id, o.version FROM shops s"
            " LEFT JOIN orders o ON o.shop_id = s.id AND o.id = any(:ids) WHERE s.id = :shop"
        ),
        {"shop": shop_id, "ids": [order.id for order in reading.orders]},
    ).all()
    return Known({row.id: row.version for row in rows if row.id}, rows[0].connected_at)


def new_changes(
    reading: Reading, known: Known, *, ahead: timedelta = NOT_AHEAD, all_of_them: bool = False
) -> list[datetime]:
    """When, by our clock, those orders changed that are other than we know them; the store's own is so much
    `ahead`. What changed long before the connection was not to be told: without `all_of_them` that is left
    out."""
    versions = [order.version for order in reading.orders if known.versions.get(order.id) != order.version]
    changes = [version - ahead for version in versions]
    return [change for change in changes if all_of_them or change >= known.connected_at - OVERLAP]


def without_known(page: Page, known: Known) -> Page:
    """Orders whose version is known are not asked for again: whoever told us of it asked for the rest."""
    reading = page.reading
    same = {order.id for order in reading.orders if known.versions.get(order.id) == order.version}
    wishes = tuple(wish for wish in reading.wishes if wish.noun is not Noun.ORDER or wish.id not in same)
    return replace(page, reading=replace(reading, wishes=wishes))
