"""A parcel that does not come and money that goes back: the same is told of both, in the same words."""

from __future__ import annotations

from tests.contract.twins import FAST, STANDARD, Told, Twins

ASKED, ARRIVED = "arrival_check/asked", "delivered/arrived"
REFUNDED, CANCELLED = "cancel_refund_exchange/refunded", "cancel_refund_exchange/cancelled"
WAY = ("arrival_check", "delivery_updates", "order_progress", "cancel_refund_exchange", "delivered")


def _one(pair: Twins) -> Told:
    """What both tell; sums are each in its own money, and days each by its own carrier."""
    told, other = pair.shopify.told(), pair.woocommerce.told()
    assert told.kinds() == other.kinds()
    assert _steps(told) == _steps(other)
    return told


def _days(pair: Twins, count: int) -> None:
    """Day by day: what was to be asked days ago is not asked any more."""
    for _ in range(count):
        pair.later(days=1)


def _steps(told: Told) -> list[str]:
    return [step for step in told.steps() if step.partition("/")[0] in WAY]


def test_a_parcel_of_which_nobody_says_anything_is_asked_about_and_then_inferred(pair: Twins) -> None:
    pair.place(STANDARD)
    pair.act("ship")
    pair.later(days=1)
    assert _steps(_one(pair)) == []
    _days(pair, 8)
    pair.later(days=10)
    pair.later(days=10)
    told = _one(pair)
    assert told.kinds()[2:] == ("ParcelShipped", "ParcelLate", "ParcelDelivered", "OrderDelivered")
    assert _steps(told) == [ASKED]
    for side in pair.both:
        assert "review_request/ask" in side.told().steps(), "by the day on which it should be there"


def test_a_parcel_that_comes_late_is_told_to_be_there(pair: Twins) -> None:
    pair.place(STANDARD)
    pair.act("ship")
    _days(pair, 8)
    for side in pair.both:
        assert _steps(side.told()) == [ASKED]
    pair.act("deliver")
    pair.later(hours=3)
    assert _steps(_one(pair)) == [ASKED, ARRIVED]


def test_money_that_goes_back_in_parts_and_a_cancellation(pair: Twins) -> None:
    pair.place(STANDARD, FAST)
    pair.act("refund", line=0)
    assert _steps(_one(pair)) == [REFUNDED]
    pair.act("cancel")
    pair.later(minutes=15)
    assert _steps(_one(pair)) == [REFUNDED, CANCELLED]
