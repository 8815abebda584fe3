"""How long a step waits, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flows.delays import (
    Amount,
    ByProductKind,
    Delay,
    KnobRef,
    Latest,
    Moment,
    Timing,
    Unit,
    Until,
)
from flows.kinds import TimingKind

_UNITS = {
    Unit.MINUTES: ("minute", "minutes"),
    Unit.HOURS: ("hour", "hours"),
    Unit.DAYS: ("day", "days"),
    Unit.BUSINESS_DAYS: ("working day", "working days"),
}
MOMENT_WORDS: Mapping[Moment, str] = {
    Moment.ORDERED: "the order",
    Moment.ESTIMATED_ARRIVAL: "the expected arrival",
    Moment.RUN_OUT: "it runs out",
    Moment.ANNIVERSARY: "the day of the first order comes round",
    Moment.RHYTHM_BROKEN: "they are half as long again away as they usually are",
}


def wait_in_words(timing: Timing, kind: TimingKind, knobs: Mapping[str, int], *, first: bool) -> str:
    """ "Wait 10 days", "3 days later", "Wait until 6 days before it runs out". `first`: of all."""
    if isinstance(timing, Latest):
        of = [wait_in_words(one, kind, knobs, first=True).removeprefix("Wait ") for one in timing.of]
        return f"Wait {' or '.join(of)}, whichever is later"
    if isinstance(timing, Until):
        return f"Wait until {_moment(timing, knobs)}"
    delay = timing.of(kind) if isinstance(timing, ByProductKind) else timing
    said = amount(delay.unit, number_in(delay.amount, knobs))
    return f"Wait {said}" if first else f"{said} later"


def counted_in(timing: Timing, knob: str) -> str | None:
    """The unit of what the knob turns in this wait; None: it turns nothing there."""
    if isinstance(timing, Delay):
        return _UNITS[timing.unit][1] if timing.amount == KnobRef(knob) else None
    if isinstance(timing, Until):
        return _UNITS[Unit.DAYS][1] if KnobRef(knob) in (timing.before, timing.after) else None
    inside = timing.of if isinstance(timing, Latest) else tuple(timing.of(kind) for kind in TimingKind)
    return next((unit for one in inside if (unit := counted_in(one, knob))), None)


def amount(unit: Unit, number: int) -> str:
    """10 days, 1 hour."""
    one, many = _UNITS[unit]
    return f"{number:,} {one if number == 1 else many}"


def _moment(timing: Until, knobs: Mapping[str, int]) -> str:
    name = MOMENT_WORDS[timing.moment]
    if timing.before and (before := number_in(timing.before, knobs)):
        return f"{amount(Unit.DAYS, before)} before {name}"
    if timing.after and (after := number_in(timing.after, knobs)):
        return f"{amount(Unit.DAYS, after)} after {name}"
    return name


def number_in(of: Amount, knobs: Mapping[str, int]) -> int:
    return knobs[of.key] if isinstance(of, KnobRef) else of
