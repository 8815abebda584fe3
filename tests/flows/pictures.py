"""Orders, parcels and facts as tests need them: a small coffee and lamp shop in Chicago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.commerce import (
    Address,
    LineQuantity,
    Order,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Product,
    Refund,
)
from flows.events import EventKind
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.picture import OrderPicture

T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 09:00 in Chicago; the clocks go forward there on Sunday the 8th."""

SHOP = ShopFacts(
    id=1,
    generation=1,
    active=True,
    connected_at=T0 - timedelta(days=30),
    timezone="America/Chicago",
    country="US",
)
ON = FlowSetting(enabled=True, since=T0 - timedelta(days=20))


def line(name: str, quantity: int = 1, **other: Any) -> OrderLine:
    values: dict[str, Any] = {"product_id": f"p-{name}", "total": 1000 * quantity, **other}
    return OrderLine(id=name, title=name.title(), quantity=quantity, **values)


MUG = line("mug")
BEANS = line("beans")


def order(*lines: OrderLine, placed_at: datetime = T0, **other: Any) -> Order:
    lines = lines or (MUG,)
    values: dict[str, Any] = {
        "id": "13",
        "number": "#1013",
        "version": placed_at,
        "currency": "USD",
        "total": sum(one.total for one in lines),
        "accepted_at": placed_at,
        "email": "ada@example.com",
        "billing_address": Address(country="US"),
        **other,
    }
    return Order(placed_at=placed_at, lines=lines, **values)


def picture(of: Order | None = None, **other: Any) -> OrderPicture:
    return OrderPicture(of or order(), **other)


def parcel(
    name: str = "9",
    lines: Iterable[OrderLine] = (MUG,),
    shipped_at: datetime | None = T0 + timedelta(days=1),
    delivered_at: datetime | None = None,
    **other: Any,
) -> Parcel:
    values: dict[str, Any] = {
        "version": delivered_at or shipped_at or T0,
        "status": ParcelStatus.DELIVERED if delivered_at else ParcelStatus.SHIPPED,
        "lines": tuple(LineQuantity(one.id, one.quantity) for one in lines),
        **other,
    }
    return Parcel(id=name, order_id="13", shipped_at=shipped_at, delivered_at=delivered_at, **values)


def scan(
    status: ParcelStatus, at: datetime, of: str = "9", name: str | None = None, **other: Any
) -> ParcelEvent:
    name = name or f"{of}-{status.name}-{at.isoformat()}"
    return ParcelEvent(id=name, parcel_id=of, order_id="13", status=status, happened_at=at, **other)


def refund(*pieces: tuple[OrderLine, int], at: datetime, amount: int = 0, name: str = "r1") -> Refund:
    lines = tuple(LineQuantity(one.id, quantity) for one, quantity in pieces)
    return Refund(id=name, order_id="13", created_at=at, amount=amount, lines=lines)


def product(name: str, kind: str = "", tags: tuple[str, ...] = ()) -> Product:
    return Product(id=f"p-{name}", title=name.title(), version=T0, kind=kind, tags=tags)


PRODUCTS: Mapping[str, Product] = {
    one.id: one
    for one in (
        product("mug", "Mug"),
        product("beans", "Coffee"),
        product("grinder", "Coffee grinder"),
        product("sofa", "Furniture"),
    )
}


def facts(
    of: OrderPicture | None = None, happened: Mapping[EventKind, datetime] | None = None, **other: Any
) -> Facts:
    values: dict[str, Any] = {
        "shop": SHOP,
        "setting": ON,
        "products": PRODUCTS,
        "recipient": "ada@example.com",
        **other,
    }
    return Facts(picture=of or picture(), happened=happened or {}, **values)


def in_zone(zone: str, country: str = "", **other: Any) -> Facts:
    """No country: every Monday to Friday is a workday."""
    return facts(shop=replace(SHOP, timezone=zone, country=country), **other)
