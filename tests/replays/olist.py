"""Olist: orders of a Brazilian marketplace with the real days of payment, dispatch, promise and arrival, and
what people thought of them. The set names no instant of a cancellation: it is taken to be three days after
the last thing that is known. The carrier's first scan is one; no other follows before the arrival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.real_rows import Row, clock, grouped, rows
from flows.commerce import (
    Address,
    Order,
    OrderLine,
    OrderState,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Product,
    Shipped,
)
from flows.events import Event, EventKind
from flows.facts import ShopFacts
from flows.memory import Past
from flows.picture import OrderPicture
from tests.replays.shoppers import Shopper, pasts

SINCE = datetime(2016, 1, 1, tzinfo=UTC)
ZONE = "America/Sao_Paulo"
SHOP = ShopFacts(1, 1, True, SINCE, ZONE, country="BR", currency="BRL")
CALLED_OFF = ("canceled", "unavailable")
_at = clock(ZoneInfo(ZONE))


def people(folder: Path) -> Iterator[list[Past]]:
    products = {
        row["product_id"]: Product(row["product_id"], "Thing", SINCE, kind=row["category_en"] or "")
        for row in rows(folder, "products_dev")
    }
    items = grouped(rows(folder, "order_items_dev"), "order_id")
    reviews = grouped(rows(folder, "order_reviews_dev"), "order_id")
    for key, theirs in grouped(rows(folder, "orders_dev"), "customer_unique_id").items():
        shopper = Shopper(key)
        for row in theirs:
            picture = _picture(row, items.get(row["order_id"], []))
            shopper.pictures.append(picture)
            _review(shopper, picture, reviews.get(row["order_id"], []))
        yield pasts(SHOP, shopper, products)


def _picture(row: Row, items: Sequence[Row]) -> OrderPicture:
    left, came = _at(row["order_delivered_carrier_date"]), _at(row["order_delivered_customer_date"])
    placed, paid = _at(row["order_purchase_timestamp"]), _at(row["order_approved_at"])
    assert placed is not None, "every order was placed"
    last = max(at for at in (placed, paid, left, came) if at is not None)
    over_at = last + timedelta(days=3) if row["order_status"] in CALLED_OFF else None
    lines = tuple(
        OrderLine(
            f"{row['order_id']}.{item['order_item_id']}",
            "Thing",
            1,
            round(100 * item["price"]),
            product_id=item["product_id"],
        )
        for item in items
    )
    order = Order(
        id=row["order_id"],
        number=row["order_id"][:8],
        version=over_at or last,
        placed_at=placed,
        accepted_at=paid,
        paid_at=paid,
        currency="BRL",
        total=sum(line.total for line in lines) + sum(round(100 * one["freight_value"]) for one in items),
        state=OrderState.CANCELLED if over_at else OrderState.OPEN,
        cancelled_at=over_at,
        email=f"{row['customer_unique_id']}@example.com",
        lines=lines,
        shipping_address=Address(
            city=row["customer_city"], region=row["customer_state"], country="BR", postcode="01000-000"
        ),
        shipped=Shipped.ALL if left or came else Shipped.NONE,
    )
    parcels, scans = _way(row, left, came)
    return OrderPicture(order, parcels, scans)


def _way(
    row: Row, left: datetime | None, came: datetime | None
) -> tuple[tuple[Parcel, ...], tuple[ParcelEvent, ...]]:
    if left is None and came is None:
        return (), ()
    order, promised = row["order_id"], _at(row["order_estimated_delivery_date"])
    parcel = Parcel(
        f"parcel-{order}",
        order,
        came or left or SINCE,
        ParcelStatus.DELIVERED if came else ParcelStatus.SHIPPED,
        shipped_at=left or came,
        delivered_at=came,
        estimated_at=promised,
        promised_at=promised,
    )
    scan = ParcelEvent(f"scan-{order}", parcel.id, order, ParcelStatus.IN_TRANSIT, left) if left else None
    return (parcel,), (scan,) if scan else ()


def _review(shopper: Shopper, picture: OrderPicture, reviews: Sequence[Row]) -> None:
    """Two of one order count once, as what was said first."""
    order = picture.order.id
    told = sorted((_at(row["review_answer_timestamp"]) or SINCE, row["review_score"]) for row in reviews)
    if not told:
        return
    at, score = told[0]
    event = Event(EventKind.REVIEW_SUBMITTED, f"review:{order}", f"order:{order}", order, at)
    shopper.told[order] = (event,)
    shopper.stars[order] = score
    for line in picture.order.lines:
        shopper.reviewed[line.product_id or ""] = at
