"""A flow's definition as a line of steps with day marks: what the merchant sees, for one kind of product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.queries.facts import ShopRow
from app.words.catalogue import branch_in_words
from app.words.flows import EVENT_WORDS
from app.words.rules import condition_in_words
from app.words.waits import amount, counted_in, wait_in_words
from flows.commerce import Order
from flows.delays import ByProductKind, Delay, LocalTime, Timing, Unit
from flows.facts import Facts, FlowSetting
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.picture import OrderPicture
from flows.retiming import knobs_of
from flows.steps import Knob, Send, Split, Step, Wait, WaitFor
from flows.timing import due_after
from flows.wallclock import instant_of, wall_of, zone_named

# An ordinary Monday: days are counted from the trigger, whenever it comes.
_MONDAY = datetime(2026, 1, 5)
_HOUR = "o'clock"


@dataclass(frozen=True, slots=True)
class Mark:
    """ "Day 10" and "10:00"."""

    head: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class KnobView:
    """A knob at its step. `bounds` in words; `unit` stands behind the number."""

    key: str
    value: int
    lowest: int
    highest: int
    meaning: str
    unit: str
    bounds: str

    def said(self, value: int) -> str:
        return _said(self.unit, value)


@dataclass(frozen=True, slots=True)
class WaitView:
    """`words`: how long it is now."""

    key: str
    words: str
    knobs: tuple[KnobView, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the drawing. `kind`: "send", "wait", "wait_for" or "split". `when`: in words, whom the
    step is for. `wait` is the wait right before it. `branches`: their heading and their own lines."""

    kind: str
    key: str
    mark: Mark
    when: str = ""
    words: str = ""
    template: str = ""
    wait: WaitView | None = None
    branches: tuple[tuple[str, tuple[Entry, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Drawing:
    flow: Flow
    knobs: Mapping[str, int]
    kind: TimingKind
    facts: Facts
    anchor: datetime


def timeline(flow: Flow, shop: ShopRow, knobs: Mapping[str, int], kind: TimingKind) -> tuple[Entry, ...]:
    """From the first step to the last; the trigger and the end are the page's own lines."""
    anchor = instant_of(_MONDAY, zone_named(shop.timezone))
    order = Order("", "", _MONDAY.replace(tzinfo=UTC), _MONDAY.replace(tzinfo=UTC), "EUR", 0)
    facts = Facts(shop.facts(), FlowSetting(), OrderPicture(order), {}, {})
    drawing = _Drawing(flow, knobs, kind, facts, anchor)
    entries, _, _ = _drawn(drawing, flow.steps, anchor, False)
    return entries


def sends_in(entries: tuple[Entry, ...]) -> list[Entry]:
    """Every mail of the drawing, those of branches too."""
    found = []
    for entry in entries:
        if entry.kind == "send":
            found.append(entry)
        for _, inside in entry.branches:
            found += sends_in(inside)
    return found


def waits_in(entries: tuple[Entry, ...]) -> list[WaitView]:
    """Every wait with a knob."""
    found = []
    for entry in entries:
        if entry.wait is not None and entry.wait.knobs:
            found.append(entry.wait)
        for _, inside in entry.branches:
            found += waits_in(inside)
    return found


def by_kind(flow: Flow) -> bool:
    """Whether the kind of product makes a difference anywhere."""
    return any(
        isinstance(node.step, Wait | WaitFor) and isinstance(_timing(node.step)[0], ByProductKind)
        for node in flow.nodes.values()
    )


def _drawn(
    drawing: _Drawing, steps: tuple[Step, ...], instant: datetime, clock: bool
) -> tuple[tuple[Entry, ...], datetime, bool]:
    """The lines, where the line stands after them, and whether the time of day is known by then."""
    entries: list[Entry] = []
    wait: WaitView | None = None
    for place, step in enumerate(steps):
        when = condition_in_words(step.when) if step.when is not None else ""
        if isinstance(step, Wait | WaitFor):
            instant, clock, shown = _waited(drawing, step, instant, clock)
            follows = steps[place + 1] if place + 1 < len(steps) else None
            if isinstance(step, Wait) and isinstance(follows, Send) and not when:
                wait = shown
                continue
            kind = "wait" if isinstance(step, Wait) else "wait_for"
            mark = _mark(drawing, instant, clock)
            entries.append(Entry(kind, step.key, mark, when, _awaited(step), wait=shown))
        elif isinstance(step, Send):
            mark = _mark(drawing, instant, clock)
            entries.append(Entry("send", step.key, mark, when, template=step.template, wait=wait))
        else:
            mark = _mark(drawing, instant, clock)
            branches, instant, clock = _branched(drawing, step, instant, clock)
            entries.append(Entry("split", step.key, mark, when, branches=branches))
        wait = None
    return tuple(entries), instant, clock


def _branched(
    drawing: _Drawing, step: Split, instant: datetime, clock: bool
) -> tuple[tuple[tuple[str, tuple[Entry, ...]], ...], datetime, bool]:
    """What comes behind the split is drawn as late as its longest branch takes."""
    branches, latest = [], (instant, clock)
    for branch in step.branches:
        inside, end, known = _drawn(drawing, branch.steps, instant, clock)
        branches.append((branch_in_words(branch.when), inside))
        latest = max(latest, (end, known))
    return tuple(branches), *latest


def _waited(
    drawing: _Drawing, step: Wait | WaitFor, instant: datetime, clock: bool
) -> tuple[datetime, bool, WaitView]:
    timing, at = _timing(step)
    delay = timing.of(drawing.kind) if isinstance(timing, ByProductKind) else timing
    due = due_after(delay, at, instant, drawing.facts, drawing.knobs).at
    views = tuple(_knob_view(drawing, timing, knob) for knob in _knobs(drawing.flow, step))
    words = wait_in_words(delay, drawing.kind, drawing.knobs, first=instant == drawing.anchor)
    elapsed = isinstance(delay, Delay) and delay.unit in (Unit.MINUTES, Unit.HOURS)
    return due, at is not None or (clock and not elapsed), WaitView(step.key, words, views)


def _knobs(flow: Flow, step: Step) -> list[Knob]:
    wanted = knobs_of(step)
    return [knob for knob in flow.knobs if knob.key in wanted]


def _knob_view(drawing: _Drawing, timing: Timing, knob: Knob) -> KnobView:
    unit = _unit(timing, knob)
    bounds = f"{knob.lowest} to {_said(unit, knob.highest)}"
    if unit == _HOUR:
        bounds = f"{_said(unit, knob.lowest)} to {_said(unit, knob.highest)}"
    value = drawing.knobs[knob.key]
    return KnobView(knob.key, value, knob.lowest, knob.highest, knob.meaning, unit, bounds)


def _unit(timing: Timing, knob: Knob) -> str:
    """What the knob counts: days, hours, or the hour on the clock."""
    return counted_in(timing, knob.key) or _HOUR


def _said(unit: str, value: int) -> str:
    if unit == _HOUR:
        return f"{value:02d}:00"
    return f"{value} {unit[:-1] if value == 1 else unit}"


def _timing(step: Wait | WaitFor) -> tuple[Timing, LocalTime | None]:
    return (step.timing, step.at) if isinstance(step, Wait) else (step.timeout, None)


def _awaited(step: Wait | WaitFor) -> str:
    return f"Waits until {EVENT_WORDS[step.event]}" if isinstance(step, WaitFor) else "Waits"


def _mark(drawing: _Drawing, instant: datetime, clock: bool) -> Mark:
    zone = zone_named(drawing.facts.shop.timezone)
    wall = wall_of(instant, zone)
    days = (wall.date() - _MONDAY.date()).days
    if clock:
        return Mark(f"Day {days}", f"{wall:%H:%M}")
    passed = instant - drawing.anchor
    if passed == timedelta(0):
        return Mark("At once")
    if passed < timedelta(hours=24):
        hours = round(passed.total_seconds() / 3600)
        return Mark(amount(Unit.HOURS, hours), "later") if hours else Mark("Minutes", "later")
    return Mark(f"Day {days}")
