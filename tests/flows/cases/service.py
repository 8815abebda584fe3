"""What the rules of flows that help and thank say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.commerce import Address
from flows.conditions import (
    Condition,
    has_words,
    is_first_parcel,
    is_gift,
    orders_at_most,
    stars_at_least,
    total_at_least,
    vip_is_thanked,
)
from flows.content import Content
from flows.facts import Facts, FlowSetting
from tests.flows.pictures import SHOP, T0, facts, order, parcel, picture

HOME = Address("Ada Bell", line1="1 Mill Lane")
AUNT = Address("Rose Fell", line1="7 Hill Road")
LARGE = picture(order(total=20_000))
LEAST = FlowSetting(True, knobs={"least": 20_000})
THANKS = FlowSetting(True, knobs={"least_total": 20_000})
ABROAD = replace(SHOP, currency="EUR")
TWO = picture(parcels=(parcel("8"), parcel("9", shipped_at=T0 + timedelta(days=2))))
TOGETHER = picture(parcels=(parcel("8"), parcel("9")))


def _sent_to(to: Address | None, bill: Address | None = HOME) -> Facts:
    return facts(picture(order(shipping_address=to, billing_address=bill)))


CASES: list[tuple[Condition, Facts, bool]] = [
    (has_words("guide"), facts(content={"guide": Content("Charge it")}), True),
    (has_words("guide"), facts(content={"care": Content("Wipe it")}), False),
    (has_words("guide"), facts(), False),
    (total_at_least("least"), facts(LARGE, setting=LEAST), True),
    (total_at_least("least"), facts(picture(order(total=19_999)), setting=LEAST), False),
    (total_at_least("least"), facts(LARGE), True),
    (total_at_least("least"), facts(LARGE, setting=FlowSetting(True, knobs={"least": 20_001})), False),
    (total_at_least("least"), facts(LARGE, setting=LEAST, shop=ABROAD), False),
    (total_at_least("least"), facts(LARGE, setting=LEAST, shop=replace(SHOP, currency="USD")), True),
    (vip_is_thanked, facts(LARGE, vip=THANKS), True),
    (vip_is_thanked, facts(LARGE, vip=replace(THANKS, enabled=False)), False),
    (vip_is_thanked, facts(vip=THANKS), False),
    (orders_at_most(2), facts(), True),
    (orders_at_most(2), facts(orders_before=1), True),
    (orders_at_most(2), facts(orders_before=2), False),
    (is_first_parcel, facts(TWO, parcel_id="8"), True),
    (is_first_parcel, facts(TWO, parcel_id="9"), False),
    (is_first_parcel, facts(TOGETHER, parcel_id="8"), True),
    (is_first_parcel, facts(TOGETHER, parcel_id="9"), False),
    (is_first_parcel, facts(), False),
    (stars_at_least(4), facts(stars=4), True),
    (stars_at_least(4), facts(stars=3), False),
    (stars_at_least(4), facts(), False),
    (is_gift, _sent_to(AUNT), True),
    (is_gift, _sent_to(HOME), False),
    (is_gift, _sent_to(replace(AUNT, name=" ada  BELL ")), False),
    (is_gift, _sent_to(replace(AUNT, line1="1 mill lane")), False),
    (is_gift, _sent_to(replace(AUNT, name="")), False),
    (is_gift, _sent_to(AUNT, replace(HOME, line1="")), False),
    (is_gift, _sent_to(AUNT, None), False),
]
