"""What a mail of each flow is worth to the person and the shop beside one of another: who goes first at the
desk. A shop may store numbers of its own; a flow that is not named stands in the middle."""

from __future__ import annotations

from collections.abc import Mapping

USUAL = 50
# Of mails that belong to a day (what runs out, a birthday) before those that may come any day.
WORTH: Mapping[str, int] = {
    "prepare_for_arrival": 95,
    "vip_thank_you": 90,
    "first_use_guide": 85,
    "first_buyer_welcome": 80,
    "gift_guide": 75,
    "review_reply": 72,
    "review_request": 70,
    "care_warranty": 40,
    "replenishment": 90,
    "anniversary_birthday": 80,
    "second_order_offer": 70,
    "cross_sell_series": 60,
    "milestone_seasonal": 55,
    "win_back": 45,
    "surprise_delight": 30,
}


def worth_of(flow_key: str) -> int:
    return WORTH.get(flow_key, USUAL)
