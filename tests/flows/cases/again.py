"""What the rules for the next purchase say."""

from __future__ import annotations

from typing import Any

from flows.conditions import Condition, bought_again, is_seasonal
from flows.estimates import Estimate
from flows.facts import Facts
from flows.person import Person
from tests.flows.pictures import BEANS, MUG, T0, facts, order, picture, product, refund

BOTH = picture(order(MUG, BEANS))
BEANS_RUN_OUT = {"run_out": Estimate(T0, "fallback", subject="p-beans")}
SEASONAL = {"p-mug": product("mug", "Mug", ("gift", " Seasonal ")), "p-beans": product("beans", "Coffee")}


def again(*products: str, **other: Any) -> Facts:
    return facts(BOTH, person=Person("k", bought_again=frozenset(products)), **other)


CASES: list[tuple[Condition, Facts, bool]] = [
    (bought_again, again(), False),
    (bought_again, again("p-lid"), False),
    (bought_again, again("p-mug"), True),
    (bought_again, again("p-mug", estimates=BEANS_RUN_OUT), False),
    (bought_again, again("p-beans", estimates=BEANS_RUN_OUT), True),
    (bought_again, facts(), False),
    (is_seasonal, facts(BOTH, products=SEASONAL), True),
    (is_seasonal, facts(picture(order(BEANS)), products=SEASONAL), False),
    (is_seasonal, facts(), False),
    (is_seasonal, facts(picture(refunds=(refund((MUG, 1), at=T0),)), products=SEASONAL), False),
]
