"""What goes with an order, as its facts hold it."""

from __future__ import annotations

from datetime import timedelta

from app.predict.learning import learn
from connectors.base import Gone, Noun, Reading
from flows.picks import Pick, Why
from tests.app.desk import START, Desk
from tests.app.predict.bought import bought, sold, told
from tests.app.predict.test_run_outs import facts, now_bought
from tests.app.services.statements import counted


def learnt(desk: Desk) -> None:
    """A shop in which seven bought a lid and a spoon with their mug."""
    shelf = [sold(name, kind=name) for name in ("mug", "lid", "spoon")]
    baskets = [bought(n, f"p{n}", n, "mug", "lid", "spoon") for n in range(7)]
    desk.read(told(*shelf, *baskets))
    while learn(desk.database, desk.now):
        pass


def test_an_order_knows_what_goes_with_it_and_its_product(desk: Desk) -> None:
    learnt(desk)
    desk.read(told(now_bought("mug")))
    found = facts(desk)
    assert found.picks == (Pick("lid", Why.TOGETHER, 7), Pick("spoon", Why.TOGETHER, 7))
    assert {one: found.products[one].title for one in ("lid", "spoon")} == {"lid": "Lid", "spoon": "Spoon"}


def test_never_what_they_have_just_bought_lately_nor_what_nobody_can_buy(desk: Desk) -> None:
    learnt(desk)
    desk.read(told(now_bought("mug"), now_bought("spoon", number=901)))
    assert [pick.product_id for pick in facts(desk).picks] == ["lid"], "the spoon was bought since"
    desk.read(told(sold("lid", kind="lid", available=False, version=START + timedelta(days=1))))
    assert facts(desk).picks == ()
    desk.read(told(now_bought("mug", number=910, who="bo")))
    assert [pick.product_id for pick in facts(desk, "910").picks] == ["spoon"]
    desk.read(Reading(gone=(Gone(Noun.PRODUCT, "spoon"),)))
    assert facts(desk, "910").picks == ()


def test_what_was_bought_more_than_a_year_before_may_go_with_it_again(desk: Desk) -> None:
    learnt(desk)
    since = START + timedelta(days=1)
    desk.read(
        told(
            bought(800, "ada", -366, "lid", since=since),
            bought(801, "ada", -364, "spoon", since=since),
            now_bought("mug"),
        )
    )
    assert [pick.product_id for pick in facts(desk).picks] == ["lid"]


def test_a_batch_costs_the_same_statements(desk: Desk) -> None:
    learnt(desk)
    counts = []
    for first, size in ((1000, 1), (2000, 50), (3000, 500)):
        orders = [now_bought("mug", number=first + n, who=f"q{first + n}") for n in range(size)]
        with counted(desk.database) as seen:
            desk.read(told(*orders))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts
    assert facts(desk, "3499").picks
