"""What kinds of things an order holds, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator

from flows.commerce import OrderLine
from flows.facts import Facts
from flows.kinds import NOTHING_SAID, SLOWEST_FIRST, ProductKind, TimingKind, is_fee, kind_of


def kept_kinds(facts: Facts) -> Iterator[tuple[OrderLine, ProductKind]]:
    """Every line that was kept, gift cards left out, with what it is."""
    for line in facts.picture.kept_lines():
        if not line.gift_card:
            yield line, kind_in(facts, line.product_id or "")


def digital_lines(facts: Facts) -> tuple[OrderLine, ...]:
    """What of the kept is not sent but used at once: as the merchant says, else as the store does. Some
    stores say it of the product, others only that the line is not shipped; what is carried home from a till
    is not shipped either, nor are fees and tips, which are no products or such by name alone."""
    return tuple(line for line, kind in kept_kinds(facts) if _is_digital(facts, line, kind))


def _is_digital(facts: Facts, line: OrderLine, kind: ProductKind) -> bool:
    said = facts.kinds_said.get(line.product_id or "", NOTHING_SAID).digital
    if said is not None:
        return said
    if line.product_id is None or is_fee(facts.products.get(line.product_id), line.title):
        return False
    return kind.digital or (not line.ships and facts.picture.order.source != "pos")


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
