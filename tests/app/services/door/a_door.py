"""A shop that has opened its door to a tool, and what becomes of its orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.models.permission import ALL_CLASSES
from app.services.send import Sender, send_due
from app.services.unsubscribe import suppress
from app.services.webhook_door import (
    load_doors,
    open_door,
    send_by,
)
from connectors.base import Reading
from tests.app.desk import START, Desk, an_order
from tests.app.tool_server import ORIGIN

CONFIRMATION = "order_confirmation"


def opened(desk: Desk, *flows: str, url: str = f"{ORIGIN}/messages") -> str:
    """The secret."""
    with desk.database.shops(desk.shop_id) as session:
        door, _ = open_door(session, desk.shop_id, url, desk.now)
        for flow in flows or (CONFIRMATION,):
            send_by(session, desk.shop_id, flow, "webhook", desk.now)
        return door.secrets(desk.keys, desk.real)[0]


def buy(desk: Desk, *numbers: str, **changes: Any) -> None:
    desk.now = max(desk.now, START + timedelta(minutes=2))
    orders = [an_order(id=n, number=n, email=f"p{n}@example.com", **changes) for n in numbers or ("13",)]
    desk.read(Reading(orders=tuple(orders)))


def run(desk: Desk, sender: Sender) -> None:
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in desk.rows("SELECT state, reason FROM messages ORDER BY id")]


def door(desk: Desk) -> Any:
    with desk.database.shops(desk.shop_id) as session:
        return load_doors(session, [desk.shop_id])[desk.shop_id]


def forbidden(desk: Desk, number: str) -> None:
    hashed = desk.keys.address_hash(desk.shop_id, f"p{number}@example.com")
    suppress(desk.database, desk.shop_id, hashed, ALL_CLASSES, "complaint", desk.now)
