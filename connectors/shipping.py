"""What a store and its merchant say of statuses and of parcels, in words of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ShipmentWords:
    """What a merchant says that the store's own words mean. `statuses`: an order status -> "shipped",
    "partly", "delivered" or "nothing". The keys name fields of an order in which another plugin keeps number,
    carrier and link of a parcel, and `agreed_key` the one in which the checkout keeps that a buyer agreed to
    offers; "" for none."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    number_key: str = ""
    carrier_key: str = ""
    link_key: str = ""
    agreed_key: str = ""


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """A status that orders of the store may have, those of its plugins included. `orders`: how many do."""

    slug: str
    name: str
    orders: int
