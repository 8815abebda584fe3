"""Rules of flows that help and thank: facts under which each does not hold, and under which it does."""

from __future__ import annotations

from flows.conditions import (
    has_words,
    is_first_parcel,
    orders_at_most,
    stars_at_least,
    vip_is_thanked,
)
from flows.content import Content
from flows.facts import FlowSetting
from tests.flows.pictures import parcel, picture
from tests.flows.situation import PLAIN, Change, Questions, Situation

THANKS = FlowSetting(True, knobs={"least_total": 500})
TWO = PLAIN.having(picture=picture(parcels=(parcel("8"), parcel("9"))))
QUESTIONS: Questions = {
    "has_words": (has_words("guide"), "content", PLAIN, PLAIN.having(content={"guide": Content("Charge")})),
    "vip_is_thanked": (vip_is_thanked, "vip", PLAIN, PLAIN.having(vip=THANKS)),
    "orders_at_most": (orders_at_most(2), "orders_before", PLAIN.having(orders_before=2), PLAIN),
    "is_first_parcel": (
        is_first_parcel,
        "parcels",
        TWO.having(parcel_id="9"),
        TWO.having(parcel_id="8"),
    ),
    "stars_at_least": (stars_at_least(4), "stars", PLAIN.having(stars=1), PLAIN.having(stars=5)),
}


def _content(it: Situation) -> Situation:
    return it.having(content={} if it.facts.content else {"guide": Content("Charge")})


CHANGE: Change = {
    "content": _content,
    "vip": lambda it: it.having(vip=FlowSetting() if it.facts.vip.enabled else THANKS),
    "parcels": lambda it: it.having(parcel_id="8" if it.facts.parcel_id == "9" else "9"),
    "stars": lambda it: it.having(stars=1 if it.facts.stars == 5 else 5),
}
