"""Two years of a gift shop's orders (UCI Online Retail II) as the file of a bulk operation.

`python -m benchmarks.uci_orders FOLDER TARGET [ORDERS]` reads lines_dev.parquet and products.parquet of
FOLDER, or JSON lines made of them (`benchmarks.real_rows`), and writes ORDERS orders, the shop's own repeated
under new ids, people and dates until there are enough.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.real_rows import rows

# All of it lies before any connection that a benchmark makes.
LAST = datetime(2026, 6, 1, tzinfo=UTC)
_PEOPLE = 100_000  # customer numbers apart between two repetitions
_FIRST_ORDER, _FIRST_LINE, _FIRST_PART = 5_000_000_000_000, 14_000_000_000_000, 6_000_000_000_000
Node = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """`price` in pence."""

    sku: str
    title: str
    quantity: int
    price: int


@dataclass
class Invoice:
    """`given_back` in pence."""

    customer: int
    at: datetime
    lines: list[Line] = field(default_factory=list)
    given_back: int = 0


def read_invoices(folder: Path) -> list[Invoice]:
    """Oldest first. A cancellation is a refund on the same person's latest order of the same thing. Raises
    FileNotFoundError."""
    titles = {row["sku"]: row["description"] for row in rows(folder, "products")}
    return invoices_of(sorted(rows(folder, "lines_dev"), key=lambda row: str(row["ts"])), titles)


def invoices_of(lines: Iterable[Node], titles: dict[str, str]) -> list[Invoice]:
    found: dict[str, Invoice] = {}
    bought: dict[tuple[int, str], Invoice] = {}
    for row in lines:
        customer, sku = int(row["customer"]), str(row["sku"])
        if row["kind"] == "cancel":
            earlier = bought.get((customer, sku))
            if earlier is not None:
                earlier.given_back += -row["qty"] * row["price_pence"]
            continue
        invoice = found.setdefault(
            row["invoice"], Invoice(customer, datetime.fromisoformat(row["ts"]).replace(tzinfo=UTC))
        )
        invoice.lines.append(Line(sku, titles.get(sku) or sku, max(1, row["qty"]), row["price_pence"]))
        bought[customer, sku] = invoice
    return list(found.values())


def repeated(invoices: list[Invoice], orders: int) -> Iterator[tuple[int, int, Invoice]]:
    """Number, repetition and invoice."""
    for number in range(orders):
        yield number, number // len(invoices), invoices[number % len(invoices)]


def order_nodes(
    number: int, repetition: int, invoice: Invoice, shift: timedelta, first_line: int
) -> list[Node]:
    """The order and its lines, as `bulk_orders.graphql` asks for them."""
    placed = _text(invoice.at + shift - timedelta(days=11 * repetition))
    sent = _text(invoice.at + shift - timedelta(days=11 * repetition) + timedelta(days=1))
    arrived = _text(invoice.at + shift - timedelta(days=11 * repetition) + timedelta(days=4))
    gid = f"gid://shopify/Order/{_FIRST_ORDER + number}"
    total = sum(line.quantity * line.price for line in invoice.lines)
    back = min(invoice.given_back, total)
    person = invoice.customer + _PEOPLE * repetition
    email = f"buyer-{person}@example.com"
    address = {
        "name": f"Robin Fields {person}", "firstName": "Robin", "lastName": f"Fields {person}",
        "company": None,
        "address1": f"{person % 200} High Street", "address2": None, "city": "Leeds", "province": "England",
        "provinceCode": "ENG", "zip": "LS1 4AP", "country": "United Kingdom", "countryCodeV2": "GB",
        "phone": None,
    }  # fmt: skip
    refund = {
        "id": f"gid://shopify/Refund/{_FIRST_PART + number}", "createdAt": arrived, "processedAt": arrived,
        "note": None, "totalRefundedSet": _money(back),
    }  # fmt: skip
    state = "REFUNDED" if back == total and back else "PARTIALLY_REFUNDED" if back else "PAID"
    order = {
        "id": gid, "name": f"#{1001 + number}", "confirmationNumber": f"C{number:09}",
        "createdAt": placed, "updatedAt": arrived, "processedAt": placed, "cancelledAt": None,
        "currencyCode": "GBP", "email": email, "phone": None, "note": None, "tags": ["wholesale"],
        "test": False, "sourceName": "web", "customerLocale": "en-GB", "taxesIncluded": True,
        "displayFinancialStatus": state, "displayFulfillmentStatus": "FULFILLED", "discountCodes": [],
        "paymentGatewayNames": ["shopify_payments"],
        "statusPageUrl": f"https://gifts.example/{number}/orders/{number:032x}/authenticate?key={number:032x}",
        "customAttributes": [],
        "customer": {
            "id": f"gid://shopify/Customer/{7_000_000_000_000 + person}", "firstName": "Robin",
            "lastName": f"Fields {person}", "defaultEmailAddress": {"emailAddress": email},
            "defaultPhoneNumber": None,
        },
        "totalPriceSet": _money(total), "totalShippingPriceSet": _money(0), "totalTaxSet": _money(total // 6),
        "totalDiscountsSet": _money(0), "totalTipReceivedSet": _money(0),
        "originalTotalAdditionalFeesSet": None, "originalTotalDutiesSet": None,
        "shippingLine": {"title": "Royal Mail Tracked 48"}, "shippingAddress": address,
        "billingAddress": address,
        "fulfillments": [{
            "id": f"gid://shopify/Fulfillment/{_FIRST_PART + number}", "name": f"#{1001 + number}.1",
            "status": "SUCCESS", "displayStatus": "DELIVERED", "createdAt": sent, "updatedAt": arrived,
            "deliveredAt": arrived, "estimatedDeliveryAt": None, "requiresShipping": True,
            "trackingInfo": [{
                "company": "Royal Mail", "number": f"RM{number:09}GB",
                "url": f"https://www.royalmail.com/track-your-item#/tracking-results/RM{number:09}GB",
            }],
        }],
        "refunds": [refund] if back else [],
    }  # fmt: skip
    return [order, *(_line(line, first_line + at, gid) for at, line in enumerate(invoice.lines))]


def _line(line: Line, number: int, parent: str) -> Node:
    product = sum(line.sku.encode()) * 7919 % 1_000_003
    return {
        "id": f"gid://shopify/LineItem/{number}", "title": line.title, "name": line.title,
        "quantity": line.quantity, "currentQuantity": line.quantity, "variantTitle": None, "sku": line.sku,
        "requiresShipping": True, "isGiftCard": False, "originalUnitPriceSet": _money(line.price),
        "discountAllocations": [], "product": {"id": f"gid://shopify/Product/{8_000_000_000_000 + product}"},
        "variant": {"id": f"gid://shopify/ProductVariant/{9_000_000_000_000 + product}"},
        "customAttributes": [], "__parentId": parent,
    }  # fmt: skip


def write_file(invoices: list[Invoice], orders: int, target: Path) -> tuple[int, int]:
    """Returns the number of lines that were bought, and of refunds."""
    shift = LAST - max(invoice.at for invoice in invoices)
    lines = refunds = 0
    with target.open("w", encoding="utf-8") as file:
        for number, repetition, invoice in repeated(invoices, orders):
            nodes = order_nodes(number, repetition, invoice, shift, _FIRST_LINE + lines)
            lines += len(nodes) - 1
            refunds += len(nodes[0]["refunds"])
            for node in nodes:
                file.write(json.dumps(node, ensure_ascii=False, separators=(",", ":")) + "\n")
    return lines, refunds


def _money(pence: int) -> Node:
    return {"shopMoney": {"amount": f"{pence // 100}.{pence % 100:02}"}}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    folder, target, *rest = sys.argv[1:]
    wanted = int(rest[0]) if rest else 200_000
    lines, refunds = write_file(read_invoices(Path(folder)), wanted, Path(target))
    size = Path(target).stat().st_size
    print(f"{target}: {wanted:,} orders, {lines:,} lines, {refunds:,} refunds, {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
