"""Past orders of invented people, as they would be stored: the months of a shop for rehearsals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random

from flows.commerce import ConsentState
from flows.content import Content
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.flow import Flow
from flows.memory import Past
from flows.person import Person
from flows.picks import Pick, Why
from flows.picture import OrderPicture
from flows.presets import PRESETS
from flows.rehearsed import Rules
from tests.app.desk import START
from tests.app.services.a_month import catalogue, month

SHOP = ShopFacts(1, 1, True, START, "Europe/Berlin", currency="EUR", country="DE")
PRODUCTS = {product.id: product for product in catalogue().products}
CONTENT = {slot: Content("Words.") for slot in ("story", "prepare", "guide", "care", "gift", "vip")}


def _knobs(flow: Flow) -> dict[str, int]:
    """As they come, but with something to give where a flow waits for that."""
    knobs = flow.knob_values({})
    return {**knobs, "amount": 500} if "amount" in knobs else knobs


SETTINGS = {flow.key: FlowSetting(True, START, _knobs(flow)) for flow in PRESETS}
RULES = Rules(PRESETS, SETTINGS)


def pictures(random: Random, orders: int) -> list[OrderPicture]:
    """As they stand when all has been told."""
    found: dict[str, OrderPicture] = {}
    for told in month(random, orders):
        for order in told.reading.orders:
            held = found.get(order.id)
            found[order.id] = replace(held, order=order) if held else OrderPicture(order)
        for parcel in told.reading.parcels:
            found[parcel.order_id] = replace(found[parcel.order_id], parcels=(parcel,))
        for scan in told.reading.parcel_events:
            held = found[scan.order_id]
            found[scan.order_id] = replace(held, parcel_events=(*held.parcel_events, scan))
        for refund in told.reading.refunds:
            found[refund.order_id] = replace(found[refund.order_id], refunds=(refund,))
    return list(found.values())


def people(random: Random, orders: int, each: float = 1.5) -> list[list[Past]]:
    """By person, the oldest order first; about `each` orders for one person."""
    found: dict[int, list[OrderPicture]] = defaultdict(list)
    for picture in pictures(random, orders):
        found[random.randrange(max(1, int(orders / each)))].append(picture)
    return [_pasts(number, theirs) for number, theirs in sorted(found.items())]


def _pasts(number: int, theirs: list[OrderPicture]) -> list[Past]:
    theirs.sort(key=lambda picture: (picture.order.placed_at, picture.order.id))
    return [
        Past(
            Facts(
                SHOP,
                FlowSetting(),
                picture,
                {},
                PRODUCTS,
                recipient=f"person{number}@example.com",
                consent=ConsentState.SUBSCRIBED,
                consent_confirmed=True,
                orders_before=before,
                person=Person(key=str(number)),
                picks=(Pick("p1", Why.TOGETHER, 9),),
                content=CONTENT,
            )
        )
        for before, picture in enumerate(theirs)
    ]
