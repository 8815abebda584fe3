"""When a wait is over.

Days are days of the wall clock in the shop's zone: the same time of day, whatever the clocks did in
between. Hours and minutes are elapsed time. A number of days with a time of day means that many
calendar days after the anchor's local day, at that time; elapsed time with a time of day means its
first showing after the time has elapsed. Nothing is due before its anchor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.bought import slowest_kind
from flows.delays import Amount, Delay, KnobRef, Latest, LocalTime, Timing, Unit, Until
from flows.facts import Facts
from flows.kinds import TimingKind
from flows.moments import moment_of
from flows.wallclock import instant_of, wall_of, zone_named

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Due:
    """When a wait is over, and in words why then."""

    at: datetime
    why: str


def due_after(
    timing: Timing, at: LocalTime | None, anchor: datetime, facts: Facts, knobs: Mapping[str, int]
) -> Due:
    """The end of a wait that counts from `anchor`; `knobs` holds the present value of every knob."""
    if isinstance(timing, Latest):
        return max((due_after(one, at, anchor, facts, knobs) for one in timing.of), key=lambda due: due.at)
    clock = None if at is None else time(_number(at.hour, knobs), at.minute)
    zone = zone_named(facts.shop.timezone)
    if isinstance(timing, Until):
        return _until(timing, clock, anchor, facts, knobs, zone)
    kind = None if isinstance(timing, Delay) else slowest_kind(facts)
    delay = timing if isinstance(timing, Delay) else timing.of(kind or TimingKind.STANDARD)
    amount = _number(delay.amount, knobs)
    over = _over(delay.unit, amount, clock, anchor, zone)
    return Due(over, _words(delay.unit, amount, kind, clock, zone))


def _until(
    timing: Until,
    clock: time | None,
    anchor: datetime,
    facts: Facts,
    knobs: Mapping[str, int],
    zone: ZoneInfo,
) -> Due:
    name = timing.moment.value.replace("_", " ")
    moment = moment_of(timing.moment, facts, anchor)
    if moment is None:
        return Due(anchor, f"{name}: not known")
    before, after = _number(timing.before, knobs), _number(timing.after, knobs)
    wall = wall_of(moment, zone)
    day = wall.date() + timedelta(days=after - before)
    if clock is None:
        over = max(anchor, instant_of(datetime.combine(day, wall.time()), zone))
    else:
        over = _showing(clock, max(day, wall_of(anchor, zone).date()), anchor, Unit.DAYS, zone)
    place = f"{before} days before" if before else f"{after} days after" if after else "at"
    return Due(over, _at_clock(f"{place} {name}", clock, zone))


def _number(amount: Amount, knobs: Mapping[str, int]) -> int:
    return knobs[amount.key] if isinstance(amount, KnobRef) else amount


def _over(unit: Unit, amount: int, clock: time | None, anchor: datetime, zone: ZoneInfo) -> datetime:
    if unit is Unit.MINUTES or unit is Unit.HOURS:
        elapsed = anchor + (timedelta(hours=amount) if unit is Unit.HOURS else timedelta(minutes=amount))
        if clock is None:
            return elapsed
        return _showing(clock, wall_of(elapsed, zone).date(), elapsed, Unit.DAYS, zone)
    wall = wall_of(anchor, zone)
    day = _later_day(wall.date(), amount, unit)
    if clock is None and day == wall.date():
        return anchor
    return _showing(clock or wall.time(), day, anchor, unit, zone)


def _showing(clock: time, day: date, not_before: datetime, unit: Unit, zone: ZoneInfo) -> datetime:
    """The first time from `day` on that the wall shows `clock`, at or after `not_before`."""
    while (found := instant_of(datetime.combine(day, clock), zone)) < not_before:
        day = _later_day(day, 1, unit)
    return found


def _later_day(day: date, amount: int, unit: Unit) -> date:
    """`amount` days on; of business days 0 is the day itself, or the next workday if it is none."""
    if unit is not Unit.BUSINESS_DAYS:
        return day + timedelta(days=amount)
    if day.weekday() > _FRIDAY:
        day -= timedelta(days=day.weekday() - _FRIDAY)
        amount = max(amount, 1)
    weeks, rest = divmod(amount, 5)
    over_weekend = day.weekday() + rest > _FRIDAY
    return day + timedelta(days=7 * weeks + rest + (2 if over_weekend else 0))


def _words(unit: Unit, amount: int, kind: TimingKind | None, clock: time | None, zone: ZoneInfo) -> str:
    why = f"{amount} {unit.value.replace('_', ' ')}"
    if kind is not None:
        why += f" ({kind.value} products)"
    return _at_clock(why, clock, zone)


def _at_clock(why: str, clock: time | None, zone: ZoneInfo) -> str:
    return why if clock is None else f"{why}, at {clock:%H:%M} {zone.key}"
