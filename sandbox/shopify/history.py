"""What happened in Hollow Pine Coffee before anybody installed an app there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.shopify.actions.change import Change
from sandbox.shopify.actions.placing import place_order
from sandbox.shopify.actions.shipping import report, ship
from sandbox.shopify.actions.undoing import cancel, refund
from sandbox.shopify.shop import Shop
from sandbox.store import OrderRequest, PlacedOrder

Then = Callable[[Shop, PlacedOrder, datetime], None]


@dataclass(frozen=True, slots=True)
class PastOrder:
    days_ago: int
    buyer: tuple[str, str, str]
    lines: tuple[tuple[str, int], ...]
    then: Then
    accepts_marketing: bool = False
    discount_code: str | None = None


def _later(shop: Shop, moment: datetime, **gap: float) -> Change:
    return Change(shop, None, moment + timedelta(**gap))


def _delivered(shop: Shop, placed: PlacedOrder, moment: datetime) -> None:
    ship(_later(shop, moment, hours=26), placed.id)
    report(_later(shop, moment, days=3), placed.id, "out_for_delivery")
    report(_later(shop, moment, days=3, hours=5), placed.id, "delivered")


def _delivered_in_two(shop: Shop, placed: PlacedOrder, moment: datetime) -> None:
    ship(_later(shop, moment, hours=22), placed.id, [(placed.line_ids[0], 1)])
    report(_later(shop, moment, days=2, hours=4), placed.id, "delivered")
    ship(_later(shop, moment, days=3), placed.id, carrier="USPS")
    report(_later(shop, moment, days=5), placed.id, "delivered")


def _sent_back(shop: Shop, placed: PlacedOrder, moment: datetime) -> None:
    _delivered(shop, placed, moment)
    refund(_later(shop, moment, days=9), placed.id)


def _called_off(shop: Shop, placed: PlacedOrder, moment: datetime) -> None:
    cancel(_later(shop, moment, hours=2), placed.id)
    refund(_later(shop, moment, hours=3), placed.id)


def _under_way(shop: Shop, placed: PlacedOrder, moment: datetime) -> None:
    ship(_later(shop, moment, hours=20), placed.id, carrier="FedEx")


_NORA = ("nora.lindqvist@example.com", "Nora", "Lindqvist")
_TOMAS = ("tomas.ferreira@example.net", "Tomás", "Ferreira")
_AIKO = ("aiko.watanabe@example.org", "Aiko", "Watanabe")
_BEN = ("ben.achterberg@example.com", "Ben", "Achterberg")
_PRIYA = ("priya.raman@example.net", "Priya", "Raman")
_LENA = ("lena.hofmann@example.org", "Lena", "Hofmann")

PAST_ORDERS: tuple[PastOrder, ...] = (
    PastOrder(58, _NORA, (("HP-FERRY-250", 1),), _delivered, True, "WELCOME10"),
    PastOrder(51, _TOMAS, (("HP-GRINDER", 1), ("HP-EMBER-250", 1)), _delivered_in_two),
    PastOrder(47, _AIKO, (("HP-ORCHARD-250", 2),), _delivered, True),
    PastOrder(41, _NORA, (("HP-FERRY-1000", 1),), _delivered),
    PastOrder(36, _BEN, (("HP-KETTLE", 1),), _sent_back),
    PastOrder(33, _PRIYA, (("HP-MUG-MOSS", 2), ("HP-NIGHT-250", 1)), _delivered, True, "WELCOME10"),
    PastOrder(27, _TOMAS, (("HP-EMBER-1000", 1),), _delivered),
    PastOrder(22, _LENA, (("HP-SUNDAYBOX", 1),), _called_off),
    PastOrder(18, _AIKO, (("HP-ORCHARD-1000", 1), ("HP-MUG-CLAY", 1)), _delivered),
    PastOrder(12, _LENA, (("HP-GRASS-250", 2),), _delivered, True),
    PastOrder(7, _NORA, (("HP-FERRY-1000", 1), ("HP-MONTHLY", 1)), _delivered),
    PastOrder(2, _BEN, (("HP-NIGHT-250", 1),), _under_way),
)


def live_through_history(shop: Shop) -> None:
    """Places, ships and refunds the past orders silently, each at its own time."""
    for past in PAST_ORDERS:
        email, first_name, last_name = past.buyer
        moment = shop.clock.now() - timedelta(days=past.days_ago, minutes=17 * len(past.lines))
        wanted = OrderRequest(
            lines=past.lines,
            email=email,
            first_name=first_name,
            last_name=last_name,
            accepts_marketing=past.accepts_marketing,
            discount_code=past.discount_code,
        )
        past.then(shop, place_order(Change(shop, None, moment), wanted), moment)
