"""Something to look at: what happened in both stores before the pages are opened."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.browser.letters import letter
from tests.stories.conftest import SHOPIFY, STORES, WOOCOMMERCE, Placed, Road

# A standard good and a fast one: reviews are asked for on different days.
SKUS = {SHOPIFY: ("HP-MUG-MOSS", "HP-FERRY-250"), WOOCOMMERCE: ("LK-SHADE-30", "LK-CANDLE-6")}


@dataclass(frozen=True)
class Past:
    """By shop. `arrived`: everything of the four flows was mailed; `split`: the first of two parcels
    is on its way; `fresh`: paid a moment ago."""

    arrived: dict[str, Placed]
    split: dict[str, Placed]
    fresh: dict[str, Placed]


def tell(road: Road) -> Past:
    arrived = {shop: road.order(shop, f"arrived@{name(shop)}.example.com", *SKUS[shop]) for shop in STORES}
    for order in arrived.values():
        road.act(order, "ship")
        road.act(order, "deliver")
    for order in arrived.values():
        _delivered(road, order)
    road.wait("22d")
    for order in arrived.values():
        letter(road, order.email, "review_request/last")
    split = {shop: road.order(shop, f"split@{name(shop)}.example.com", *SKUS[shop]) for shop in STORES}
    for order in split.values():
        road.act(order, "ship", lines=[{"line_id": order.line_ids[0], "quantity": 1}])
    fresh = {shop: road.order(shop, f"fresh@{name(shop)}.example.com", *SKUS[shop]) for shop in STORES}
    for one in (*split.values(), *fresh.values()):
        letter(road, one.email, "order_confirmation/confirmation")
    for order in split.values():
        letter(road, order.email, "shipped/parcel")
    return Past(arrived, split, fresh)


def _delivered(road: Road, order: Placed, within: float = 30.0) -> None:
    """The store tells it in its own time, and business time must not run ahead of that."""
    end = time.monotonic() + within
    while "OrderDelivered" not in (told := road.events(order)):
        assert time.monotonic() < end, f"{order}: {told}"
        time.sleep(0.1)


def name(shop: str) -> str:
    """A word for addresses and file names: hollow-pine, larkhus."""
    return shop.split(".")[0]
