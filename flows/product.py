"""What a shop sells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Product:
    """A variation of WooCommerce is a product with `parent_id`. `price` in minor units. `vendor`: who makes
    it. `available`: whether it can be bought now; None: the store did not say."""

    id: str
    title: str
    version: datetime
    parent_id: str | None = None
    url: str | None = None
    image_url: str | None = None
    price: int | None = None
    currency: str | None = None
    published: bool = True
    kind: str = ""
    tags: tuple[str, ...] = ()
    digital: bool = False
    vendor: str = ""
    available: bool | None = None
