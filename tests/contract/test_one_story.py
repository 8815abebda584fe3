"""The contract of the two doors: a story that is told through either platform is the same to all behind them,
in what happened and in what shoppers read of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.twins import FAST, STANDARD, Told, Twins

CONFIRMED, SHIPPED, ARRIVED = "order_confirmation/confirmation", "shipped/parcel", "delivered/arrived"
REFUNDED = "cancel_refund_exchange/refunded"
ASK, NUDGE, LAST = "review_request/ask", "review_request/nudge", "review_request/last"
PAID = ("OrderPlaced", "OrderPaid")


def _one(pair: Twins) -> Told:
    """What both tell."""
    told = pair.shopify.told()
    assert told.events == pair.woocommerce.told().events
    assert told.mails == pair.woocommerce.told().mails
    return told


@pytest.mark.parametrize("by", ["fulfilments", "tracking plugin"])
def test_two_parcels_one_corrected_delivered_and_taken_back_piece_by_piece(pair: Twins, by: str) -> None:
    pair.woocommerce.call("/sandbox/quirks", {"fulfillments": by == "fulfilments"})
    pair.place(STANDARD, FAST)
    assert _one(pair).kinds() == PAID
    pair.act("ship", line=0)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED)
    pair.correct("1Z9990000000000001")
    assert _one(pair).steps() == (CONFIRMED, SHIPPED), "another number is no other parcel"
    pair.act("ship")
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, SHIPPED)
    pair.act("deliver")
    pair.later(hours=3)
    assert _one(pair).kinds() == (
        *PAID, "ParcelShipped", "ParcelShipped", "ParcelDelivered", "ParcelDelivered", "OrderDelivered",
    )  # fmt: skip
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, SHIPPED, ARRIVED)
    pair.act("refund", line=0)
    assert _one(pair).kinds()[-1] == "LinesRefunded"
    pair.act("refund")
    assert _one(pair).kinds()[-2:] == ("LinesRefunded", "OrderRefunded")
    pair.later(days=25)
    told = (CONFIRMED, SHIPPED, SHIPPED, ARRIVED, REFUNDED, REFUNDED)
    assert _one(pair).steps() == told, "nobody is asked what they gave back"


def test_reviews_are_asked_for_on_the_same_days_in_the_same_words(pair: Twins) -> None:
    pair.place(STANDARD)
    pair.act("ship")
    pair.act("deliver")
    pair.later(hours=3)
    pair.later(days=12)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, ARRIVED, ASK)
    pair.later(days=5)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, ARRIVED, ASK, NUDGE)
    pair.later(days=9)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, ARRIVED, ASK, NUDGE, LAST)


@pytest.mark.parametrize("shipped", [False, True])
def test_cancelled(pair: Twins, shipped: bool) -> None:
    pair.place(STANDARD, FAST)
    if shipped:
        pair.act("ship", line=0)
    pair.act("cancel")
    told = _one(pair)
    assert told.kinds() == (*PAID, *(("ParcelShipped",) if shipped else ()), "OrderCancelled")
    pair.later(days=20)
    assert _one(pair).mails == told.mails


@pytest.mark.parametrize(
    "more",
    [{}, {"gift_note": "For your birthday"}, {"discount": True}, {"accepts_marketing": True},
     {"first_name": "Noa", "last_name": "Berg"}],
    ids=["guest", "gift", "discount", "consent", "name"],
)  # fmt: skip
def test_whoever_buys_and_however(pair: Twins, more: dict[str, Any]) -> None:
    pair.place(STANDARD, **more)
    pair.act("ship")
    pair.act("deliver")
    pair.later(hours=3)
    pair.later(days=12)
    asked = () if "gift_note" in more else (ASK,)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, ARRIVED, *asked)
    (gifts, codes) = zip(*(_order(pair, side.domain) for side in pair.both), strict=True)
    assert gifts == ("gift_note" in more,) * 2
    assert codes == ("discount" in more,) * 2


def _order(pair: Twins, domain: str) -> tuple[bool, bool]:
    (row,) = pair.home.rows(
        "SELECT o.body FROM orders o JOIN shops s ON s.id = o.shop_id WHERE s.domain = :domain", domain=domain
    )
    return row.body["is_gift"], bool(row.body["discount_codes"]) and row.body["discount"] > 0


def test_somebody_with_an_account(pair: Twins) -> None:
    pair.with_accounts()
    pair.place(STANDARD)
    pair.act("ship")
    assert _one(pair).steps() == (CONFIRMED, SHIPPED)
    rows = pair.home.rows("SELECT body->>'customer_id' AS id FROM orders")
    assert len(rows) == 2 and all(row.id for row in rows)


def test_files_alone_are_no_parcel(pair: Twins) -> None:
    pair.make_virtual()
    pair.place(STANDARD)
    pair.later(days=20)
    told = _one(pair)
    assert (told.kinds(), told.steps()) == (PAID, (CONFIRMED,))


def test_all_at_once_and_told_out_of_order(pair: Twins) -> None:
    """Nothing is worked on before the last has been told."""
    for side in pair.both:
        side.place(STANDARD, FAST)
    pair.home.later(minutes=1)
    for side in pair.both:
        side.act("ship")
    pair.home.later(minutes=1)
    for side in pair.both:
        side.act("deliver")
    pair.rest()
    pair.later(hours=3)
    assert _one(pair).steps() == (CONFIRMED, SHIPPED, ARRIVED)


def test_money_back_before_anything_left(pair: Twins) -> None:
    pair.place(STANDARD, FAST)
    pair.act("refund", line=1)
    assert _one(pair).kinds() == (*PAID, "LinesRefunded")
    pair.act("ship")
    pair.act("deliver")
    pair.later(hours=3)
    assert _one(pair).steps() == (CONFIRMED, REFUNDED, SHIPPED, ARRIVED)
    pair.later(days=12)
    assert _one(pair).steps() == (CONFIRMED, REFUNDED, SHIPPED, ARRIVED, ASK)
