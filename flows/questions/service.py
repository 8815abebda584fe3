"""What flows that help and thank may ask: is it written, is it much, how often, how content."""

from __future__ import annotations

from datetime import datetime

from flows.facts import Facts
from flows.questions.rule import Arguments, Rule

VIP_TOTAL = 20_000
"""Minor units from which an order is thanked for in person, where the merchant says nothing."""
VIP_FLOW, VIP_KNOB = "vip_thank_you", "least_total"


def _written(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Of what is kept: whose only product with a guide went back needs none."""
    found = facts.content.get(str(arguments["slot"]))
    return found is not None, "written" if found is not None else "nothing written"


def _total(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    knob = str(arguments["knob"])
    return _reaches(facts, facts.setting.knobs.get(knob, VIP_TOTAL))


def _thanked(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """The personal thanks take the place of the welcome, while that flow is on."""
    if not facts.vip.enabled:
        return False, "the personal thanks are off"
    return _reaches(facts, facts.vip.knobs.get(VIP_KNOB, VIP_TOTAL))


def _reaches(facts: Facts, least: int | str | bool) -> tuple[bool, str]:
    """Money of another currency cannot be compared: such an order is one like any other."""
    order = facts.picture.order
    if facts.shop.currency and order.currency != facts.shop.currency:
        return False, f"{order.currency}, not {facts.shop.currency}"
    return order.total >= int(least), f"{order.total} of {least} minor units"


def _few_orders(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    orders = facts.orders_before + 1
    return orders <= int(arguments["orders"]), f"order {orders} of this person"


def _stars(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Of several products the one that disappointed most counts: that is what has to be put right."""
    stars = facts.stars
    found = "no review" if stars is None else f"{stars} stars at the least"
    return stars is not None and stars >= int(arguments["stars"]), found


def _first_parcel(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """The one that left first; of two that left together the one with the smaller name."""
    left = sorted(
        (one.shipped_at or one.version, one.id)
        for one in facts.picture.live_parcels()
        if one.shipped_at is not None or one.id == facts.parcel_id
    )
    first = bool(left) and left[0][1] == facts.parcel_id
    return first, "the first" if first else f"one of {len(left)}, not the first"


RULES = (
    Rule("has_words", "no_words", _written, "words for it", "none", (("slot", str),)),
    Rule("total_at_least", "total_below", _total, "at least that much", "less", (("knob", str),)),
    Rule("vip_is_thanked", "vip_is_not_thanked", _thanked, "thanked in person", "not thanked in person"),
    Rule(
        "orders_at_most",
        "orders_beyond",
        _few_orders,
        "up to {orders} orders",
        "more than {orders} orders",
        (("orders", int),),
    ),
    Rule("is_first_parcel", "not_first_parcel", _first_parcel, "the first to leave", "a later one"),
    Rule(
        "stars_at_least",
        "stars_below",
        _stars,
        "at least {stars} stars",
        "below {stars} stars",
        (("stars", int),),
        sentiment=True,
    ),
)
