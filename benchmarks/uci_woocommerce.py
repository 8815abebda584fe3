"""The same gift shop's orders as WooCommerce lists them, newest first: an order a line, trimmed to the fields
that we ask for.

`python -m benchmarks.uci_woocommerce FOLDER TARGET [ORDERS]`, as `benchmarks.uci_orders`.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.uci_orders import LAST, Invoice, Line, read_invoices, repeated
from connectors.woocommerce.trimmed import ORDER

Body = dict[str, Any]
_PEOPLE = 100_000
# Two years of a shop, drawn together so that all of it lies within the two years that are read.
_CLOSER = 0.9
# Orders of a repetition are so much older than their models.
_APART = timedelta(minutes=7)


def order_body(number: int, repetition: int, invoice: Invoice, latest: datetime, first_line: int) -> Body:
    """As a shop with a tracking plugin tells it: paid, shipped by one parcel, sometimes partly refunded."""
    placed = LAST - (latest - invoice.at) * _CLOSER - repetition * _APART
    arrived = placed + timedelta(days=4)
    total = sum(line.quantity * line.price for line in invoice.lines)
    back = min(invoice.given_back, total)
    person = invoice.customer + _PEOPLE * repetition
    address = {
        "first_name": "Robin", "last_name": f"Fields {person}", "company": "",
        "address_1": f"{person % 200} High Street", "address_2": "", "city": "Leeds", "state": "",
        "postcode": "LS1 4AP", "country": "GB",
    }  # fmt: skip
    tracking = {
        "tracking_provider": "royal-mail", "custom_tracking_provider": "", "custom_tracking_link": "",
        "tracking_number": f"RM{number:09}GB", "tracking_id": f"{number:032x}",
        "date_shipped": str(int((placed + timedelta(days=1)).timestamp())),
    }  # fmt: skip
    whole: Body = {
        "id": 100_000 + number, "number": str(1001 + number), "parent_id": 0, "version": "10.2.4",
        "status": "refunded" if back == total and back else "completed", "currency": "GBP",
        "prices_include_tax": True, "discount_total": "0.00", "discount_tax": "0.00",
        "shipping_total": "0.00", "shipping_tax": "0.00", "total": _money(total), "total_tax": "0.00",
        "customer_id": 1000 + person, "customer_note": "", "order_key": f"wc_order_{number:013x}",
        "billing": address | {"email": f"buyer-{person}@example.com", "phone": ""},
        "shipping": address | {"phone": ""}, "payment_method": "stripe", "payment_method_title": "Card",
        "created_via": "checkout", "needs_processing": True, "date_created_gmt": _text(placed),
        "date_modified_gmt": _text(arrived), "date_paid_gmt": _text(placed),
        "date_completed_gmt": _text(placed + timedelta(days=1)),
        "line_items": [_line(line, first_line + at) for at, line in enumerate(invoice.lines)],
        "shipping_lines": [{
            "id": 9_000_000 + number, "method_title": "Royal Mail Tracked 48", "method_id": "flat_rate",
            "instance_id": "1", "total": "0.00", "total_tax": "0.00", "taxes": [], "tax_status": "taxable",
            "meta_data": [],
        }],
        "fee_lines": [], "coupon_lines": [],
        "refunds": [{"id": 7_000_000 + number, "reason": "", "total": f"-{_money(back)}"}] if back else [],
        "meta_data": [{"id": 5_000_000 + number, "key": "_wc_shipment_tracking_items", "value": [tracking]}],
    }  # fmt: skip
    return {name: whole[name] for name in ORDER}


def _line(line: Line, number: int) -> Body:
    product = sum(line.sku.encode()) * 7919 % 1_000_003
    total = _money(line.quantity * line.price)
    return {
        "id": number, "name": line.title, "product_id": product, "variation_id": 0,
        "quantity": line.quantity, "tax_class": "", "subtotal": total, "subtotal_tax": "0.00",
        "total": total, "total_tax": "0.00", "taxes": [], "meta_data": [], "sku": line.sku,
        "global_unique_id": "", "price": line.price / 100, "image": {"id": "", "src": ""},
        "parent_name": None,
    }  # fmt: skip


def write_file(invoices: list[Invoice], orders: int, target: Path) -> None:
    """Newest first, those of one second by falling ids."""
    latest = max(invoice.at for invoice in invoices)
    lines = 0
    written: list[tuple[str, int, bytes]] = []
    for number, repetition, invoice in repeated(invoices, orders):
        body = order_body(number, repetition, invoice, latest, 10_000_000 + lines)
        lines += len(invoice.lines)
        text = json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")
        written.append((body["date_created_gmt"], body["id"], text.encode()))
    written.sort(key=lambda one: one[:2], reverse=True)
    with target.open("wb") as file:
        for _, _, raw in written:
            file.write(raw + b"\n")


def _money(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def main() -> None:
    folder, target, *rest = sys.argv[1:]
    wanted = int(rest[0]) if rest else 100_000
    write_file(read_invoices(Path(folder)), wanted, Path(target))
    print(f"{target}: {wanted:,} orders, {Path(target).stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
