"""When a wait is over.

Days are days of the wall clock in the zone of whoever is written to: the same time of day, whatever the
clocks did in between. Hours and minutes are elapsed time. A number of days with a time of day means that
many calendar days after the anchor's local day, at that time; elapsed time with a time of day means its
first showing after the time has elapsed. Business days are those on which the shop works, by its own clock
and the holidays of its country; the time of day that follows is the person's. Nothing is due before its
anchor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.bought import slowest_kind
from flows.delays import Delay, Latest, LocalTime, Timing, Unit, Until, number_of
from flows.facts import Facts
from flows.holidays import workdays_after
from flows.kinds import TimingKind
from flows.moments import moment_of
from flows.wallclock import instant_of, wall_of, zone_named


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
    clock = None if at is None else time(number_of(at.hour, knobs), at.minute)
    zone = zone_named(facts.zone)
    if isinstance(timing, Until):
        return _until(timing, clock, anchor, facts, knobs, zone)
    kind = None if isinstance(timing, Delay) else slowest_kind(facts)
    delay = timing if isinstance(timing, Delay) else timing.of(kind or TimingKind.STANDARD)
    amount = number_of(delay.amount, knobs)
    if delay.unit is Unit.BUSINESS_DAYS:
        over = _workdays(amount, clock, anchor, facts, zone)
    else:
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
    before, after = number_of(timing.before, knobs), number_of(timing.after, knobs)
    wall = wall_of(moment, zone)
    day = wall.date() + timedelta(days=after - before)
    if clock is None:
        over = max(anchor, instant_of(datetime.combine(day, wall.time()), zone))
    else:
        over = _showing(clock, max(day, wall_of(anchor, zone).date()), anchor, zone)
    place = f"{before} days before" if before else f"{after} days after" if after else "at"
    return Due(over, _at_clock(f"{place} {name}", clock, zone))


def _over(unit: Unit, amount: int, clock: time | None, anchor: datetime, zone: ZoneInfo) -> datetime:
    if unit is Unit.MINUTES or unit is Unit.HOURS:
        elapsed = anchor + (timedelta(hours=amount) if unit is Unit.HOURS else timedelta(minutes=amount))
        return elapsed if clock is None else _showing(clock, wall_of(elapsed, zone).date(), elapsed, zone)
    if clock is None and amount == 0:
        return anchor
    wall = wall_of(anchor, zone)
    return _showing(clock or wall.time(), wall.date() + timedelta(days=amount), anchor, zone)


def _workdays(amount: int, clock: time | None, anchor: datetime, facts: Facts, zone: ZoneInfo) -> datetime:
    """On the day itself at the shop's present time of day, or at the first showing of `clock` to the person
    once that day has begun in the shop."""
    country, at_home = facts.shop.country, zone_named(facts.shop.timezone)
    wall = wall_of(anchor, at_home)
    day = workdays_after(wall.date(), amount, country)
    if clock is None and day == wall.date():
        return anchor
    while True:
        if clock is None:
            found = instant_of(datetime.combine(day, wall.time()), at_home)
        else:
            begun = instant_of(datetime.combine(day, time()), at_home)
            found = _showing(clock, wall_of(begun, zone).date(), begun, zone)
        if found >= anchor:
            return found
        day = workdays_after(day, 1, country)


def _showing(clock: time, day: date, not_before: datetime, zone: ZoneInfo) -> datetime:
    """The first time from `day` on that the wall shows `clock`, at or after `not_before`."""
    while (found := instant_of(datetime.combine(day, clock), zone)) < not_before:
        day += timedelta(days=1)
    return found


def _words(unit: Unit, amount: int, kind: TimingKind | None, clock: time | None, zone: ZoneInfo) -> str:
    why = f"{amount} {unit.value.replace('_', ' ')}"
    if kind is not None:
        why += f" ({kind.value} products)"
    return _at_clock(why, clock, zone)


def _at_clock(why: str, clock: time | None, zone: ZoneInfo) -> str:
    return why if clock is None else f"{why}, at {clock.hour:02}:{clock.minute:02} {zone.key}"
