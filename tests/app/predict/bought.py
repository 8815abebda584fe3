"""Orders by the dozen, for what is learnt of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from connectors.base import Reading
from flows.commerce import Order, OrderLine, Product
from tests.app.desk import START, a_product, an_order

BEFORE = START - timedelta(days=400)


def bought(
    number: int,
    who: str,
    day: float,
    *products: str,
    quantity: int = 1,
    since: datetime = BEFORE,
    **other: Any,
) -> Order:
    """One order of one piece of each product, so many days after the beginning."""
    at = since + timedelta(days=day)
    lines = tuple(
        OrderLine(f"{number}-{product}", product.title(), quantity, 1000 * quantity, product_id=product)
        for product in products
    )
    told = {"id": str(number), "number": str(number), "email": f"{who}@example.com", "lines": lines, **other}
    return an_order(at=at, **told)


def sold(name: str, kind: str = "Coffee", price: int | None = 1000, **other: Any) -> Product:
    told = {"id": name, "title": name.title(), "kind": kind, "price": price, "currency": "EUR", **other}
    return a_product(**told)


def told(*things: Order | Product) -> Reading:
    return Reading(
        orders=tuple(one for one in things if isinstance(one, Order)),
        products=tuple(one for one in things if isinstance(one, Product)),
    )
