"""Which products are chosen for an order, and which never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.picks import Pick, Why
from flows.recommend import Candidate, choose
from tests.flows.pictures import BEANS, MUG, T0, order, picture, refund

LID = Candidate("p-lid", Why.TOGETHER, support=9, price=900, currency="USD")
BOTH = picture(order(MUG, BEANS))


def chosen(*candidates: Candidate, lately: tuple[str, ...] = (), of: str = "p-mug") -> list[str]:
    return [pick.product_id for pick in choose(BOTH, {of: candidates}, lately)]


def test_a_pick_says_why() -> None:
    assert choose(BOTH, {"p-mug": [LID]}, ()) == (Pick("p-lid", Why.TOGETHER, 9),)


@pytest.mark.parametrize(
    ("candidate", "lately"),
    [
        (replace(LID, product_id="p-mug"), ()),
        (replace(LID, product_id="p-beans"), ()),
        (LID, ("p-lid",)),
        (replace(LID, on_sale=False), ()),
        (replace(LID, price=399), ()),
        (replace(LID, price=1601), ()),
        (replace(LID, why=Why.CATEGORY, price=None), ()),
        (replace(LID, why=Why.CATEGORY, currency="EUR"), ()),
    ],
)
def test_never(candidate: Candidate, lately: tuple[str, ...]) -> None:
    assert chosen(candidate, lately=lately) == []


def test_what_was_given_back_is_not_sold_again_and_brings_nothing() -> None:
    back = picture(order(MUG, BEANS), refunds=(refund((MUG, 1), at=T0),))
    mug_again = replace(LID, product_id="p-mug")
    assert choose(back, {"p-mug": [LID], "p-beans": [mug_again]}, ()) == ()


@pytest.mark.parametrize("price", [400, 1000, 1600])
def test_the_price_fits_what_was_paid(price: int) -> None:
    assert chosen(replace(LID, price=price, why=Why.CATEGORY)) == ["p-lid"]


def test_the_price_is_that_of_one_piece() -> None:
    six = picture(order(replace(MUG, quantity=6, total=6000)))
    assert choose(six, {"p-mug": [LID]}, ()) != ()
    assert choose(six, {"p-mug": [replace(LID, price=6000)]}, ()) == ()


def test_what_people_bought_together_may_have_no_price() -> None:
    assert chosen(replace(LID, price=None)) == ["p-lid"]
    assert chosen(replace(LID, currency="EUR")) == ["p-lid"]


def test_the_better_reason_goes_first_then_the_more_orders_then_the_better_place() -> None:
    def one(name: str, why: Why, support: int = 0, rank: int = 0) -> Candidate:
        return replace(LID, product_id=name, why=why, support=support, rank=rank)

    found = chosen(
        one("v", Why.VENDOR),
        one("c2", Why.CATEGORY, rank=7),
        one("c1", Why.CATEGORY, rank=2),
        one("t5", Why.TOGETHER, 5),
        one("t8", Why.TOGETHER, 8),
        one("b", Why.BUNDLE),
    )
    assert found == ["t8", "t5", "b", "c1"], "four at most"


def test_one_product_for_two_lines_counts_by_its_better_reason() -> None:
    weak, strong = replace(LID, why=Why.VENDOR, support=0), LID
    for pair in ((weak, strong), (strong, weak)):
        (pick,) = choose(BOTH, {"p-mug": [pair[0]], "p-beans": [pair[1]]}, ())
        assert pick == Pick("p-lid", Why.TOGETHER, 9)
