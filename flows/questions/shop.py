"""What a flow may ask about the shop and its switch."""

from __future__ import annotations

from datetime import datetime

from flows.facts import Facts
from flows.questions.rule import Arguments, Rule, told, whole_second


def _after_connect(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    placed = facts.picture.order.placed_at
    since = whole_second(facts.shop.connected_at)
    return placed >= since, f"placed {told(placed)}, connected {told(since)}"


def _flow_on(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    setting = facts.setting
    if not setting.enabled:
        return False, "off"
    if setting.since is None:
        return True, "on"
    return now >= whole_second(setting.since), f"on since {told(setting.since)}"


def _active(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.shop.active, "connected" if facts.shop.active else "not connected"


def _knob(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Of a knob that nobody turned the flow's default counts, which `knob_values` has put in."""
    on = bool(facts.setting.knobs.get(str(arguments["knob"]), 0))
    return on, "on" if on else "off"


RULES = (
    Rule("knob_is_on", "knob_is_off", _knob, "on", "off", (("knob", str),)),
    Rule("shop_is_active", "shop_is_not_active", _active, "connected", "not connected"),
    Rule("placed_after_connect", "placed_before_connect", _after_connect, "after", "before"),
    Rule("flow_was_on", "flow_was_off", _flow_on, "on when it happened", "off when it happened"),
)
