"""Orders of real people as a shop's rehearsal takes them: everybody agreed to everything, and every word that
a flow could wait for is written, so that all that limits mails are the flows, the guards and the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.commerce import ConsentState, Product
from flows.content import Content
from flows.events import Event
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.flow import Flow
from flows.memory import Past
from flows.person import Person
from flows.picks import Pick, Why
from flows.picture import OrderPicture
from flows.presets import PRESETS
from flows.rehearsed import Rules

WORDS = {slot: Content("Words.") for slot in ("access", "story", "prepare", "guide", "care", "gift", "vip")}
COURSE = {f"course_{number}": Content("Words.") for number in (1, 2, 3)}


@dataclass
class Shopper:
    """`reviewed`: by product, when; `stars`: the fewest that they gave to an order's products."""

    key: str
    pictures: list[OrderPicture] = field(default_factory=list)
    told: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    reviewed: dict[str, datetime] = field(default_factory=dict)
    stars: dict[str, int] = field(default_factory=dict)


def rules(since: datetime) -> Rules:
    """Every flow on, with its numbers as they come, but something to give where a flow waits for that."""
    return Rules(PRESETS, {flow.key: FlowSetting(True, since, _knobs(flow)) for flow in PRESETS})


def pasts(shop: ShopFacts, shopper: Shopper, products: Mapping[str, Product]) -> list[Past]:
    found = sorted(shopper.pictures, key=lambda one: (one.order.placed_at, one.order.id))
    gift = next((id for id in products if not _bought(found, id)), None)
    picks = (Pick(gift, Why.TOGETHER, 9),) if gift else ()
    return [
        Past(
            Facts(
                shop,
                FlowSetting(),
                picture,
                {},
                {id: products[id] for id in _named(picture, picks) if id in products},
                recipient=f"{shopper.key}@example.com",
                consent=ConsentState.SUBSCRIBED,
                consent_confirmed=True,
                orders_before=before,
                reviewed_products=shopper.reviewed,
                stars=shopper.stars.get(picture.order.id),
                person=Person(key=shopper.key),
                picks=picks,
                content={**WORDS, **COURSE},
            ),
            shopper.told.get(picture.order.id, ()),
        )
        for before, picture in enumerate(found)
    ]


def _knobs(flow: Flow) -> dict[str, int]:
    knobs = flow.knob_values({})
    return {**knobs, "amount": 500} if "amount" in knobs else knobs


def _bought(pictures: Iterable[OrderPicture], product: str) -> bool:
    return any(line.product_id == product for picture in pictures for line in picture.order.lines)


def _named(picture: OrderPicture, picks: Iterable[Pick]) -> Iterator[str]:
    yield from {line.product_id for line in picture.order.lines if line.product_id}
    yield from (pick.product_id for pick in picks)
