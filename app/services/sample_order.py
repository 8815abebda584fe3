"""A made-up order for shops that have none yet, of their own products where they have some."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.queries.facts import ShopRow
from flows.commerce import (
    Address,
    Order,
    OrderLine,
    Parcel,
    ParcelStatus,
    Product,
    Shipped,
)
from flows.estimates import RUN_OUT, Estimate
from flows.events import EventKind
from flows.facts import Facts, FlowSetting
from flows.picks import Pick, Why
from flows.picture import OrderPicture
from flows.plain import from_plain

NUMBER = "1001"


def sample_products(session: Session, shop_id: int) -> list[Product]:
    """Four that can be bought and have a picture, the newest ones."""
    rows = session.execute(
        text(
            "SELECT body FROM products WHERE shop_id = :shop AND body->>'parent_id' IS NULL"
            " ORDER BY (body->>'image_url' IS NULL), version DESC LIMIT 4"
        ),
        {"shop": shop_id},
    )
    return [from_plain(Product, row.body) for row in rows]


def sample_facts(shop: ShopRow, products: list[Product], now: datetime) -> Facts:
    """Two products, ordered twelve days ago, arrived ten days ago; the others go with them."""
    shown = products[:2] or [Product("sample", "Sample product", now)]
    placed, arrived = now - timedelta(days=12), now - timedelta(days=10)
    lines = tuple(
        OrderLine(
            id=product.id,
            title=product.title,
            quantity=1,
            total=product.price or 2900,
            product_id=product.id,
            image_url=product.image_url,
        )
        for product in shown
    )
    total = sum(line.total for line in lines)
    order = Order(
        id="sample",
        number=NUMBER,
        version=arrived,
        placed_at=placed,
        accepted_at=placed,
        paid_at=placed,
        currency=shop.currency or "EUR",
        total=total,
        subtotal=total,
        email="alex@example.com",
        first_name="Alex",
        last_name="Winter",
        lines=lines,
        shipping_address=Address(name="Alex Winter", line1="1 Sample Street", city="Sampleton"),
        shipped=Shipped.ALL,
    )
    parcel = Parcel(
        id="sample",
        order_id="sample",
        version=arrived,
        status=ParcelStatus.DELIVERED,
        shipped_at=placed + timedelta(days=1),
        delivered_at=arrived,
    )
    return Facts(
        shop=shop.facts(),
        setting=FlowSetting(True),
        picture=OrderPicture(order, (parcel,)),
        happened={EventKind.ORDER_PLACED: placed, EventKind.ORDER_DELIVERED: arrived},
        products={product.id: product for product in products or shown},
        picks=tuple(Pick(product.id, Why.TOGETHER) for product in products[2:]),
        estimates={RUN_OUT: Estimate(now + timedelta(days=6), "fallback", subject=shown[0].id)},
        parcel_id="sample",
        recipient="alex@example.com",
    )
