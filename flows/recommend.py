"""Which products go with an order: chosen from what was counted beforehand for each product in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flows.picks import Pick, Why
from flows.picture import OrderPicture

MOST = 4
CHEAPEST, DEAREST = 40, 160
"""Per cent of what was paid for the product that it goes with."""
_BEST_FIRST = tuple(Why)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`rank`: its place among those of one product, the best is 0. `price` in minor units of `currency`;
    None: not known. `on_sale`: published, and not known to be out of stock."""

    product_id: str
    why: Why
    support: int = 0
    rank: int = 0
    price: int | None = None
    currency: str | None = None
    on_sale: bool = True


def choose(
    picture: OrderPicture,
    candidates: Mapping[str, Iterable[Candidate]],
    bought_lately: Collection[str],
    most: int = MOST,
) -> tuple[Pick, ...]:
    """`candidates`: by the product that they go with. Best first: the better reason, then the more orders,
    then the better place. Never what the order held, kept or given back, nor what they bought lately."""
    held = {line.product_id for line in picture.order.lines}
    found: dict[str, Candidate] = {}
    for line in picture.kept_lines():
        paid = line.total // line.quantity if line.quantity else 0
        for one in candidates.get(line.product_id or "", ()):
            if one.product_id in held or one.product_id in bought_lately or not one.on_sale:
                continue
            if _fits(one, paid, picture.order.currency):
                known = found.get(one.product_id)
                found[one.product_id] = one if known is None else min(known, one, key=_place)
    best = sorted(found.values(), key=_place)[:most]
    return tuple(Pick(one.product_id, one.why, one.support) for one in best)


def _fits(one: Candidate, paid: int, currency: str) -> bool:
    """Of what costs nothing, or is sold in another currency, nobody knows whether it fits: it may go along
    if people bought both."""
    if one.price is None or one.currency != currency or paid <= 0:
        return one.why is Why.TOGETHER
    return CHEAPEST * paid <= one.price * 100 <= DEAREST * paid


def _place(one: Candidate) -> tuple[int, int, int, str]:
    return _BEST_FIRST.index(one.why), -one.support, one.rank, one.product_id
