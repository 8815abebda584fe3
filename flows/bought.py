"""What kinds of things an order holds, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from flows.commerce import OrderLine
from flows.facts import Facts
from flows.kinds import NOTHING_SAID, SLOWEST_FIRST, ProductKind, TimingKind, kind_of


def kept_kinds(facts: Facts) -> Iterator[tuple[OrderLine, ProductKind]]:
    """Every line that was kept, gift cards left out, with what it is."""
    for line in facts.picture.kept_lines():
        if not line.gift_card:
            yield line, kind_in(facts, line.product_id or "")


def kind_in(facts: Facts, product_id: str) -> ProductKind:
    return kind_of(facts.products.get(product_id), facts.kinds_said.get(product_id, NOTHING_SAID))


def tags_of(facts: Facts, line: OrderLine) -> tuple[str, ...]:
    product = facts.products.get(line.product_id or "")
    return () if product is None else product.tags


def slowest_kind(facts: Facts) -> TimingKind:
    """Over the order's reviewable lines; a product that is not known counts as standard."""
    kinds = {kind_in(facts, line.product_id or "").timing for line in facts.picture.reviewable_lines()}
    found = kinds or {TimingKind.STANDARD}
    return next(kind for kind in SLOWEST_FIRST if kind in found)
