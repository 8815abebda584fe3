"""What a first version does: SQLAlchemy's ORM, an order at a time, each in its own transaction.

Reads the same file, maps fewer fields than we do and normalises none of them. Tables of its own, one row
for each thing, as one would draw them. Prints its CPU seconds.

`python -m benchmarks.peers.orm_per_order DATABASE_URL FILE ORDERS`
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Buyer(Base):
    __tablename__ = "peer_buyers"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    first_name: Mapped[str]
    last_name: Mapped[str]


class Product(Base):
    __tablename__ = "peer_products"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]


class Order(Base):
    __tablename__ = "peer_orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str]
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    total: Mapped[Decimal]
    status: Mapped[str]
    buyer_id: Mapped[str] = mapped_column(ForeignKey(Buyer.id), index=True)
    buyer: Mapped[Buyer] = relationship()
    lines: Mapped[list[Line]] = relationship(cascade="all, delete-orphan")
    parcels: Mapped[list[Parcel]] = relationship(cascade="all, delete-orphan")
    refunds: Mapped[list[Refund]] = relationship(cascade="all, delete-orphan")


class Line(Base):
    __tablename__ = "peer_lines"
    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey(Product.id))
    product: Mapped[Product] = relationship()
    title: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[Decimal]


class Parcel(Base):
    __tablename__ = "peer_parcels"
    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id), index=True)
    status: Mapped[str]
    carrier: Mapped[str]
    number: Mapped[str]


class Refund(Base):
    __tablename__ = "peer_refunds"
    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order.id), index=True)
    amount: Mapped[Decimal]


def put(session: Session, node: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    buyer = session.scalar(select(Buyer).where(Buyer.id == node["customer"]["id"]))
    if buyer is None:
        person = node["customer"]
        buyer = Buyer(id=person["id"], email=node["email"])
        buyer.first_name, buyer.last_name = person["firstName"], person["lastName"]
        session.add(buyer)
    order = session.get(Order, node["id"]) or Order(id=node["id"])
    order.number, order.buyer, order.status = node["name"], buyer, node["displayFinancialStatus"]
    order.placed_at = datetime.fromisoformat(node["processedAt"])
    order.updated_at = datetime.fromisoformat(node["updatedAt"])
    order.total = Decimal(node["totalPriceSet"]["shopMoney"]["amount"])
    order.lines = [_line(session, line) for line in lines]
    order.parcels = [
        Parcel(
            id=part["id"],
            status=part["displayStatus"],
            carrier=part["trackingInfo"][0]["company"],
            number=part["trackingInfo"][0]["number"],
        )
        for part in node["fulfillments"]
    ]
    order.refunds = [
        Refund(id=part["id"], amount=Decimal(part["totalRefundedSet"]["shopMoney"]["amount"]))
        for part in node["refunds"]
    ]
    session.add(order)
    session.commit()


def _line(session: Session, line: dict[str, Any]) -> Line:
    product = session.get(Product, line["product"]["id"])
    if product is None:
        product = Product(id=line["product"]["id"], title=line["title"])
        session.add(product)
    price = Decimal(line["originalUnitPriceSet"]["shopMoney"]["amount"])
    return Line(id=line["id"], product=product, title=line["title"], quantity=line["quantity"], price=price)


def groups(file: Path, orders: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    node: dict[str, Any] | None = None
    lines: list[dict[str, Any]] = []
    with file.open(encoding="utf-8") as opened:
        for text in opened:
            found = json.loads(text)
            if "__parentId" in found:
                lines.append(found)
                continue
            if node is not None:
                yield node, lines
                orders -= 1
                if not orders:
                    return
            node, lines = found, []
    if node is not None:
        yield node, lines


def main() -> None:
    url, file, orders = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    before = resource.getrusage(resource.RUSAGE_SELF)
    with Session(engine) as session:
        for node, lines in groups(file, orders):
            put(session, node, lines)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime:.3f}", flush=True)


if __name__ == "__main__":
    main()
