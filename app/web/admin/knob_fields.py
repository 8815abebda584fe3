"""Knobs that belong to no wait, as fields of a form: a switch, an amount of money, a share, a count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flows.currencies import decimals
from flows.flow import Flow
from flows.retiming import knobs_of
from flows.steps import Knob, KnobKind, steps_within

_AMOUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` as it stands in the field, of a switch "1" or "0"; `unit` stands behind it."""

    key: str
    kind: KnobKind
    title: str
    value: str
    unit: str
    bounds: str
    lowest: int = 0
    highest: int = 0

    @property
    def on(self) -> bool:
        return self.value == "1"


def loose_knobs(flow: Flow) -> tuple[Knob, ...]:
    """Those that no step waits by."""
    waited = {key for step in steps_within(flow.steps) for key in knobs_of(step)}
    return tuple(knob for knob in flow.knobs if knob.key not in waited)


def settings_of(flow: Flow, values: Mapping[str, int], currency: str) -> tuple[Setting, ...]:
    return tuple(
        Setting(
            knob.key,
            knob.kind,
            knob.meaning,
            written(knob, values[knob.key], currency),
            _unit(knob, currency),
            _bounds(knob, currency),
            knob.lowest,
            knob.highest,
        )
        for knob in loose_knobs(flow)
    )


def read(knob: Knob, field: str, currency: str) -> int | None:
    """The value that was typed; None: it is none. A comma counts as a point, and money has no more digits
    behind it than the currency."""
    text = field.strip()
    if knob.kind is KnobKind.MONEY:
        found = _AMOUNT.fullmatch(text) if text.isascii() else None
        places = decimals(currency)
        if found is None or len(found[2] or "") > places:
            return None
        return int(Decimal(f"{found[1]}.{found[2] or '0'}").scaleb(places))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def problem_with(knob: Knob, value: int | None, currency: str) -> str | None:
    """What is wrong with it, in words; None: it may be kept."""
    bounds = _bounds(knob, currency)
    if value is None:
        what = "An amount" if knob.kind is KnobKind.MONEY else "A whole number"
        return f"{what} is needed: {bounds}."
    if not knob.accepts(value):
        return f"{said(knob, value, currency)} is out of bounds: {bounds}."
    return None


def written(knob: Knob, value: int, currency: str) -> str:
    """As it stands in a field."""
    if knob.kind is not KnobKind.MONEY:
        return str(value)
    places = decimals(currency)
    return f"{Decimal(value).scaleb(-places):.{places}f}"


def said(knob: Knob, value: int, currency: str) -> str:
    """As it is told: on, 12 %, 200.00 EUR."""
    if knob.kind is KnobKind.YES_NO:
        return "on" if value else "off"
    return " ".join(filter(None, (written(knob, value, currency), _unit(knob, currency))))


def _bounds(knob: Knob, currency: str) -> str:
    return f"{written(knob, knob.lowest, currency)} to {said(knob, knob.highest, currency)}"


def _unit(knob: Knob, currency: str) -> str:
    return {KnobKind.PERCENT: "%", KnobKind.MONEY: currency}.get(knob.kind, "")
