"""How near the prediction of a run-out comes to the day of the next order, beside the rule of thumb.

`python -m benchmarks.accuracy.run_outs` reads two shops from the folders that DOORSTEP_COMPLETEJOURNEY and
DOORSTEP_UCI name (as `benchmarks.real_rows` reads them): a supermarket's households over a year (Complete
Journey, what its categories say gets used up) and a gift shop's customers over two (UCI Online Retail II,
where nothing is known of kinds). What buyers do is
learnt from the first part of the time alone; every order of the rest that was followed by another is
predicted from what was known then. Whoever never came back is not judged.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median, median_low

from benchmarks.real_rows import folder_named, rows
from benchmarks.uci_orders import read_invoices
from flows.kinds import ProductKind, kind_of
from flows.product import Product
from flows.replenishment import Bought, Habit, run_out

LEARNT_FROM = 0.6
"""The part of the time of which it is learnt what buyers do."""


@dataclass(frozen=True, slots=True)
class Purchase:
    who: str
    product: str
    at: datetime
    quantity: int


@dataclass(frozen=True, slots=True)
class Report:
    """Days. `predicted`, `thumb`: the middle of how far the prediction and the rule of thumb were off.
    `inside`: the share of orders that came between the earliest and the latest day that was said."""

    orders: int
    predicted: float
    thumb: float
    inside: float
    by_source: Mapping[str, tuple[int, float, float]]


def report(purchases: Iterable[Purchase], kinds: Mapping[str, ProductKind]) -> Report:
    """`kinds`: by product, those that get used up; of others nothing is predicted. Raises ValueError where
    there is nothing to predict."""
    histories = _histories(one for one in purchases if one.product in kinds)
    instants = sorted(one.at for found in histories.values() for one in found)
    if not instants:
        raise ValueError("nothing was bought twice")
    until = instants[int(len(instants) * LEARNT_FROM)]
    habits = _habits(histories, until)
    rows = list(_rows(histories, habits, kinds, until))
    if not rows:
        raise ValueError("nothing was bought twice after the time of learning")
    sources = {source for source, *_ in rows}
    by_source = {
        source: (len(found), median(off for _, off, _, _ in found), median(off for *_, off, _ in found))
        for source in sorted(sources)
        if (found := [row for row in rows if row[0] == source])
    }
    return Report(
        orders=len(rows),
        predicted=median(off for _, off, _, _ in rows),
        thumb=median(off for *_, off, _ in rows),
        inside=sum(within for *_, within in rows) / len(rows),
        by_source=by_source,
    )


def _histories(purchases: Iterable[Purchase]) -> dict[tuple[str, str], list[Bought]]:
    """By person and product, oldest first; what was bought on one day is one order."""
    days: dict[tuple[str, str], dict[object, Bought]] = defaultdict(dict)
    for one in sorted(purchases, key=lambda one: one.at):
        held = days[one.who, one.product].get(one.at.date())
        pieces = one.quantity + (held.quantity if held else 0)
        days[one.who, one.product][one.at.date()] = Bought(held.at if held else one.at, pieces)
    return {key: list(found.values()) for key, found in days.items()}


def _habits(histories: Mapping[tuple[str, str], list[Bought]], until: datetime) -> dict[str, Habit]:
    """As the shop's database learns them: from everybody's first order of a product to their second."""
    gaps: dict[str, list[int]] = defaultdict(list)
    pieces: dict[str, list[int]] = defaultdict(list)
    for (_, product), found in histories.items():
        if len(found) > 1 and found[1].at < until:
            gaps[product].append((found[1].at.date() - found[0].at.date()).days)
            pieces[product].append(found[0].quantity)
    return {product: _habit(sorted(days), pieces[product]) for product, days in gaps.items()}


def _habit(days: list[int], pieces: list[int]) -> Habit:
    def at(share: float) -> int:
        return days[max(0, -int(-share * len(days) // 1) - 1)]

    return Habit(at(0.5), at(0.25), at(0.75), len(days), median_low(pieces))


def _rows(
    histories: Mapping[tuple[str, str], list[Bought]],
    habits: Mapping[str, Habit],
    kinds: Mapping[str, ProductKind],
    until: datetime,
) -> Iterator[tuple[str, float, float, bool]]:
    """For every order after the time of learning that was followed by another: where the prediction came
    from, how many days it and the rule of thumb were off, and whether its interval held the day."""
    for (_, product), found in histories.items():
        first = bisect_left(found, until, key=lambda one: one.at)
        for place, (one, following) in enumerate(pairwise(found)):
            if place < first:
                continue
            kind = kinds[product]
            told = run_out(product, kind, one, one.at, found[:place], habits.get(product, Habit()))
            thumb = run_out(product, kind, one, one.at)
            off, thumb_off = _apart(told.at, following.at), _apart(thumb.at, following.at)
            within = (told.earliest or told.at) <= following.at <= (told.latest or told.at)
            yield told.source, off, thumb_off, within


def _apart(one: datetime, two: datetime) -> float:
    return abs(one - two) / timedelta(days=1)


def gift_shop(folder: Path) -> tuple[list[Purchase], dict[str, ProductKind]]:
    bought = [
        Purchase(str(invoice.customer), line.sku, invoice.at, min(line.quantity, 100_000))
        for invoice in read_invoices(folder)
        for line in invoice.lines
    ]
    return bought, dict.fromkeys((one.product for one in bought), ProductKind(consumable=True))


def supermarket(folder: Path) -> tuple[list[Purchase], dict[str, ProductKind]]:
    kinds = {
        str(row["product_id"]): kind
        for row in rows(folder, "products")
        if (kind := _kind(row["product_category"], row["product_type"])).consumable
    }
    bought = [
        Purchase(
            str(row["household_id"]),
            product,
            datetime.fromisoformat(row["ts"]).replace(tzinfo=UTC),
            max(1, int(row["quantity"])),
        )
        for row in rows(folder, "transactions_dev")
        if (product := str(row["product_id"])) in kinds
    ]
    return bought, kinds


def _kind(category: str | None, kind: str | None) -> ProductKind:
    never = datetime(2017, 1, 1, tzinfo=UTC)
    return kind_of(Product("", "", never, kind=(category or "").title(), tags=((kind or "").title(),)))


SHOPS = {
    "supermarket": ("DOORSTEP_COMPLETEJOURNEY", supermarket),
    "gift shop": ("DOORSTEP_UCI", gift_shop),
}


def in_words(name: str, found: Report) -> str:
    lines = [
        f"{name}: {found.orders:,} orders, off by {found.predicted:.1f} days in the middle,"
        f" the rule of thumb by {found.thumb:.1f}; {found.inside:.0%} within what was said"
    ]
    for source, (orders, off, thumb) in found.by_source.items():
        lines.append(f"  {source}: {orders:,} orders, {off:.1f} days, the rule of thumb {thumb:.1f}")
    return "\n".join(lines)


def main() -> None:
    for name, (variable, read) in SHOPS.items():
        sys.stdout.write(in_words(name, report(*read(folder_named(variable)))) + "\n")


if __name__ == "__main__":
    main()
