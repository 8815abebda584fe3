"""What the stories of flows that help and thank begin with: an order of which everything is written."""

from __future__ import annotations

from typing import Any

from flows.content import Content
from flows.picture import OrderPicture
from tests.flows.life import Life, flows
from tests.flows.pictures import T0, line, order, picture

WORDS = Content("Charge it fully.", "https://shop.example/guide", product_id="p-mug")
SLOTS = ("story", "prepare", "guide", "course_1", "course_2", "course_3", "care", "gift", "vip")
ALL = dict.fromkeys(SLOTS, WORDS)
GRINDER = line("grinder")
LARGE = picture(order(total=20_000))


def life(*keys: str, of: OrderPicture | None = None, **facts: Any) -> Life:
    """The order has just been placed, and everything is written."""
    told = Life(of or picture(), T0, flows(*keys), other_facts={"content": ALL, **facts})
    told.see(told.picture)
    return told


def ended(told: Life, key: str) -> str | None:
    return told.journey(key).end_reason
