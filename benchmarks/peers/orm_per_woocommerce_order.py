"""What a first version does with WooCommerce's orders: the ORM of `orm_per_order`, its tables and its one
transaction an order, fed with the bodies that we are fed with.

`python -m benchmarks.peers.orm_per_woocommerce_order DATABASE_URL FILE ORDERS` prints its CPU seconds.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks.peers.orm_per_order import Base, Buyer, Line, Order, Parcel, Product, Refund


def put(session: Session, body: dict[str, Any]) -> None:
    buyer = session.scalar(select(Buyer).where(Buyer.id == str(body["customer_id"])))
    if buyer is None:
        person = body["billing"]
        buyer = Buyer(id=str(body["customer_id"]), email=person["email"])
        buyer.first_name, buyer.last_name = person["first_name"], person["last_name"]
        session.add(buyer)
    order = session.get(Order, str(body["id"])) or Order(id=str(body["id"]))
    order.number, order.buyer, order.status = body["number"], buyer, body["status"]
    order.placed_at = datetime.fromisoformat(body["date_created_gmt"])
    order.updated_at = datetime.fromisoformat(body["date_modified_gmt"])
    order.total = Decimal(body["total"])
    order.lines = [_line(session, line) for line in body["line_items"]]
    order.parcels = [
        Parcel(
            id=part["tracking_id"],
            status="shipped",
            carrier=part["tracking_provider"],
            number=part["tracking_number"],
        )
        for meta in body["meta_data"]
        if meta["key"] == "_wc_shipment_tracking_items"
        for part in meta["value"]
    ]
    order.refunds = [
        Refund(id=str(part["id"]), amount=abs(Decimal(part["total"]))) for part in body["refunds"]
    ]
    session.add(order)
    session.commit()


def _line(session: Session, line: dict[str, Any]) -> Line:
    product = session.get(Product, str(line["product_id"]))
    if product is None:
        product = Product(id=str(line["product_id"]), title=line["name"])
        session.add(product)
    total, quantity = Decimal(line["total"]), line["quantity"]
    return Line(
        id=str(line["id"]), product=product, title=line["name"], quantity=quantity, price=total / quantity
    )


def main() -> None:
    url, file, orders = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    before = resource.getrusage(resource.RUSAGE_SELF)
    with Session(engine) as session, file.open("rb") as opened:
        for raw in islice(opened, orders):
            put(session, json.loads(raw))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime:.3f}", flush=True)


if __name__ == "__main__":
    main()
