"""What the first rules say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.commerce import OrderState
from flows.conditions import (
    Condition,
    began_with,
    flow_was_on,
    happened_within,
    has_happened,
    has_kept_line,
    has_reviewable_line,
    is_first_order,
    is_gift,
    is_pos,
    is_renewal,
    is_test,
    knob_is_on,
    not_pos,
    open_complaint,
    order_cancelled,
    order_not_cancelled,
    placed_after_connect,
    reviewed_within,
    scored_at_least,
    shop_is_active,
    told_in_all,
    told_with,
)
from flows.events import LinkClicked, OrderCancelled, OrderDelivered, OrderRefunded, refund_key
from flows.facts import Facts, FlowSetting
from tests.flows.pictures import MUG, SHOP, T0, facts, line, order, picture, refund

DAY = timedelta(days=1)
GIFT = facts(picture(order(is_gift=True)))
CARD_ONLY = facts(picture(order(line("card", gift_card=True))))
RETURNED = facts(picture(refunds=(refund((MUG, 1), at=T0),)))

CALLED_OFF = {OrderCancelled: T0}
WITH_IT = told_with(OrderCancelled, minutes=10)


def _given_back(minutes: int) -> Facts:
    """So long after the order was cancelled."""
    part = refund((MUG, 1), at=T0 + timedelta(minutes=minutes))
    over = picture(order(state=OrderState.CANCELLED), refunds=(part,))
    return facts(over, CALLED_OFF, event_key=refund_key(part))


CASES: list[tuple[Condition, Facts, bool]] = [
    (shop_is_active, facts(), True),
    (knob_is_on("bonus"), facts(setting=FlowSetting(True, knobs={"bonus": 1})), True),
    (knob_is_on("bonus"), facts(setting=FlowSetting(True, knobs={"bonus": 0})), False),
    (knob_is_on("bonus"), facts(), False),
    (began_with(OrderCancelled), facts(began=OrderCancelled), True),
    (began_with(OrderCancelled), facts(began=OrderDelivered), False),
    (began_with(OrderCancelled), facts(), False),
    (shop_is_active, facts(shop=replace(SHOP, active=False)), False),
    (placed_after_connect, facts(shop=replace(SHOP, connected_at=T0)), True),
    (
        placed_after_connect,
        facts(shop=replace(SHOP, connected_at=T0 + timedelta(milliseconds=900))),
        True,
    ),
    (placed_after_connect, facts(shop=replace(SHOP, connected_at=T0 + timedelta(seconds=1))), False),
    (flow_was_on, facts(), True),
    (flow_was_on, facts(setting=FlowSetting()), False),
    (flow_was_on, facts(setting=FlowSetting(True)), True),
    (flow_was_on, facts(setting=FlowSetting(True, T0)), True),
    (flow_was_on, facts(setting=FlowSetting(True, T0 + timedelta(milliseconds=900))), True),
    (flow_was_on, facts(setting=FlowSetting(True, T0 + timedelta(seconds=1))), False),
    (has_kept_line, facts(), True),
    (has_kept_line, RETURNED, False),
    (has_kept_line, CARD_ONLY, True),
    (has_reviewable_line, facts(), True),
    (has_reviewable_line, CARD_ONLY, False),
    (has_reviewable_line, RETURNED, False),
    (is_gift, GIFT, True),
    (is_gift, facts(), False),
    (is_test, facts(picture(order(is_test=True))), True),
    (is_test, facts(), False),
    (is_pos, facts(picture(order(source="pos"))), True),
    (is_pos, facts(picture(order(source="web"))), False),
    (not_pos, facts(picture(order(source="pos"))), False),
    (is_renewal, facts(picture(order(is_renewal=True))), True),
    (is_renewal, facts(), False),
    (order_cancelled, facts(picture(order(state=OrderState.CANCELLED))), True),
    (order_cancelled, facts(happened={OrderCancelled: T0}), False),
    (has_happened(OrderCancelled), facts(happened={OrderCancelled: T0}), False),
    (order_not_cancelled, facts(), True),
    (is_first_order, facts(), True),
    (is_first_order, facts(orders_before=1), False),
    (open_complaint, facts(open_complaint=True), True),
    (open_complaint, facts(), False),
    (reviewed_within(months=12), facts(), False),
    (reviewed_within(months=12), facts(reviewed_products={"p-mug": T0 - 300 * DAY}), True),
    (reviewed_within(months=12), facts(reviewed_products={"p-mug": T0 - 366 * DAY}), False),
    (reviewed_within(months=14), facts(reviewed_products={"p-mug": T0 - 366 * DAY}), True),
    (reviewed_within(months=12), facts(reviewed_products={"p-beans": T0 - DAY}), False),
    (has_happened(OrderDelivered), facts(happened={OrderDelivered: T0}), True),
    (has_happened(LinkClicked), facts(happened={OrderDelivered: T0}), False),
    (happened_within(OrderDelivered, days=5), facts(happened={OrderDelivered: T0 - 5 * DAY}), True),
    (happened_within(OrderDelivered, days=5), facts(happened={OrderDelivered: T0 - 6 * DAY}), False),
    (happened_within(OrderDelivered, days=5), facts(), False),
    (WITH_IT, _given_back(10), True),
    (WITH_IT, _given_back(11), False),
    (WITH_IT, _given_back(-600), True),
    (WITH_IT, replace(_given_back(10), event_key=None), False),
    (WITH_IT, replace(_given_back(10), event_key=None, happened={**CALLED_OFF, OrderRefunded: T0}), True),
    (WITH_IT, replace(_given_back(10), happened={}), False),
    (WITH_IT, replace(_given_back(10), setting=FlowSetting(True, T0 + DAY)), False),
    (told_in_all, facts(told_in_all=True), True),
    (told_in_all, facts(), False),
    (scored_at_least(9), facts(last_score=9), True),
    (scored_at_least(9), facts(last_score=8), False),
    (scored_at_least(9), facts(), False),
]
