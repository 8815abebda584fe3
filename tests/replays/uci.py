"""UCI Online Retail II: two years of a British gift shop, people who order often, and what they cancelled.

The set knows no parcels: each leaves on the next day and comes three later, one in seven a week later than
that. A cancellation gives back lines of the person's latest orders of the same thing, one refund for each of
these orders; what was bought before the set begins is passed over. What is no product (postage, bank charges)
is a fee.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.real_rows import Row, clock, grouped, rows
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
    Shipped,
)
from flows.facts import ShopFacts
from flows.memory import Past
from flows.picture import OrderPicture
from tests.replays.shoppers import Shopper, pasts

SINCE = datetime(2009, 1, 1, tzinfo=UTC)
ZONE = "Europe/London"
SHOP = ShopFacts(1, 1, True, SINCE, ZONE, country="GB", currency="GBP")
DAY = timedelta(days=1)
COUNTRIES = {
    "United Kingdom": "GB", "France": "FR", "Germany": "DE", "Spain": "ES", "Belgium": "BE",
    "Switzerland": "CH", "Sweden": "SE", "Portugal": "PT", "Netherlands": "NL", "Norway": "NO",
    "Finland": "FI", "Japan": "JP", "Austria": "AT", "Denmark": "DK", "Australia": "AU", "Italy": "IT",
    "Cyprus": "CY", "Poland": "PL", "USA": "US", "EIRE": "IE", "Canada": "CA",
}  # fmt: skip
_at = clock(ZoneInfo(ZONE))


def people(folder: Path) -> Iterator[list[Past]]:
    titles = {row["sku"]: row["description"] for row in rows(folder, "products")}
    products = {sku: Product(sku, title or sku, SINCE, kind=title or "") for sku, title in titles.items()}
    lives = {row["customer"]: COUNTRIES.get(row["country"], "") for row in rows(folder, "customers_dev")}
    for customer, found in grouped(rows(folder, "lines_dev"), "customer").items():
        theirs = sorted(found, key=lambda row: str(row["ts"]))
        shopper = Shopper(f"customer-{customer}")
        invoices = grouped((row for row in theirs if row["kind"] == "sale"), "invoice")
        refunds = _refunds(theirs)
        for number, bought in invoices.items():
            home = Address(country=lives.get(customer, ""), postcode="LS1 4AP")
            shopper.pictures.append(_picture(number, bought, home, refunds.get(number, [])))
        if shopper.pictures:
            yield pasts(SHOP, shopper, products)


def _picture(number: str, bought: Sequence[Row], home: Address, refunds: Sequence[Refund]) -> OrderPicture:
    at = min(_instant(row) for row in bought)
    lines = tuple(_line(number, place, row) for place, row in enumerate(bought) if row["is_product"])
    total = sum(max(1, row["qty"]) * row["price_pence"] for row in bought)
    given = min(total, sum(refund.amount for refund in refunds))
    order = Order(
        id=number,
        number=number,
        version=max([at, *(refund.created_at for refund in refunds)]),
        placed_at=at,
        accepted_at=at,
        paid_at=at,
        currency="GBP",
        total=total,
        email="somebody@example.com",
        fees=total - sum(line.total for line in lines),
        lines=lines,
        shipping_address=home,
        refunded=given,
        fully_refunded=bool(refunds) and given >= total,
        shipped=Shipped.ALL if lines else Shipped.NONE,
    )
    parcels, scans = _way(order) if lines else ((), ())
    return OrderPicture(order, parcels, scans, tuple(refunds))


def _line(number: str, place: int, row: Row) -> OrderLine:
    return OrderLine(
        f"{number}.{place}",
        "Thing",
        max(1, row["qty"]),
        max(1, row["qty"]) * row["price_pence"],
        product_id=row["sku"],
        sku=row["sku"],
    )


def _way(order: Order) -> tuple[tuple[Parcel, ...], tuple[ParcelEvent, ...]]:
    left = order.placed_at + DAY
    came = left + (10 if sum(order.id.encode()) % 7 == 0 else 3) * DAY
    name = f"parcel-{order.id}"
    parcel = Parcel(
        name, order.id, came, ParcelStatus.DELIVERED, "Royal Mail", shipped_at=left, delivered_at=came
    )
    scan = ParcelEvent(f"scan-{order.id}", name, order.id, ParcelStatus.IN_TRANSIT, left)
    return (parcel,), (scan,)


@dataclass
class _Kept:
    """Of a line that was bought, how many were not given back yet."""

    invoice: str
    line: str
    quantity: int
    price: int


def _refunds(theirs: Sequence[Row]) -> dict[str, list[Refund]]:
    """By invoice. `theirs`: a person's rows, the oldest first."""
    kept: dict[str, list[_Kept]] = defaultdict(list)
    lines: Counter[str] = Counter()
    given: dict[tuple[str, str], list[LineQuantity]] = defaultdict(list)
    when: dict[str, datetime] = {}
    for row in theirs:
        invoice, left = row["invoice"], -row["qty"]
        if row["kind"] == "sale":
            name = f"{invoice}.{lines[invoice]}"
            lines[invoice] += 1
            kept[row["sku"]].append(_Kept(invoice, name, max(1, row["qty"]), row["price_pence"]))
            continue
        when.setdefault(invoice, _instant(row))
        while left > 0 and kept[row["sku"]]:
            one = kept[row["sku"]][-1]
            back = min(left, one.quantity)
            given[one.invoice, invoice].append(LineQuantity(one.line, back, back * one.price))
            left -= back
            one.quantity -= back
            if not one.quantity:
                kept[row["sku"]].pop()
    found: dict[str, list[Refund]] = defaultdict(list)
    for (order, invoice), parts in given.items():
        amount = sum(part.amount for part in parts)
        found[order].append(Refund(f"{invoice}.{order}", order, when[invoice], amount, tuple(parts)))
    return found


def _instant(row: Row) -> datetime:
    at = _at(row["ts"])
    assert at is not None, "every row has its instant"
    return at
