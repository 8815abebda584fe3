"""A flow from its definition alone, as one reads it: who starts it, what leaves when, what may be turned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.words.flows import CLASS_WORDS, EVENT_WORDS, FLOW_WORDS
from app.words.rules import condition_in_words, lowered, rules_in_words
from app.words.waits import number_in, wait_in_words
from flows.conditions import Condition, Named
from flows.delays import ByProductKind, Delay, LocalTime, Timing
from flows.events import EventKind
from flows.export import flow_to_plain
from flows.facts import MailClass
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.presets import STARTER
from flows.steps import Knob, KnobKind, Send, Split, Step, Wait, WaitFor

PER_WORDS: Mapping[str, str] = {
    "order": "once for each order",
    "parcel": "once for each parcel",
    "event": "once for each time that it happens",
    "person": "once for each person, and never again",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words. `depth`: inside how many branches it stands."""

    depth: int
    step: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`enters`: what must be true, all of it. `ends`: what ends it, the goal first. Numbers of steps are
    those that its knobs have at first."""

    key: str
    title: str
    purpose: str
    mail_class: MailClass
    per: str
    starts: tuple[str, ...]
    enters: tuple[str, ...]
    lines: tuple[Line, ...]
    knobs: tuple[Knob, ...]
    ends: tuple[str, ...]
    topic: str | None
    starter: bool


def entry_of(flow: Flow) -> Entry:
    words = FLOW_WORDS[flow.key]
    return Entry(
        flow.key,
        words.title,
        words.purpose,
        flow.mail_class,
        flow.per,
        tuple(EVENT_WORDS[kind] for kind in (flow.trigger, *flow.also)),
        rules_in_words(flow.enter_if),
        tuple(_lines(flow.steps, flow.knob_values({}), 0)),
        flow.knobs,
        tuple(EVENT_WORDS[kind] for kind in flow.ends_on),
        flow.topic.value if flow.topic else None,
        flow.key in STARTER,
    )


def plain_of(flow: Flow) -> dict[str, Any]:
    """For programs: the words beside the definition that they tell of."""
    entry, plain = entry_of(flow), flow_to_plain(flow)
    return {
        "key": flow.key,
        "title": entry.title,
        "class": flow.mail_class.value,
        "per": flow.per,
        "triggers": [kind.value for kind in (flow.trigger, *flow.also)],
        "enter_if": plain.get("enter_if"),
        "enters": list(entry.enters),
        "steps": plain["steps"],
        "lines": [line.words for line in entry.lines],
        "knobs": [_plain_knob(knob) for knob in flow.knobs],
        "exits": [kind.value for kind in flow.ends_on],
        "goal": flow.goal.value if flow.goal else None,
        "topic": entry.topic,
        "on_by_default": entry.starter,
    }


def in_lines(flow: Flow) -> Iterator[str]:
    """For people at a terminal."""
    entry = entry_of(flow)
    leaves = f", topic {entry.topic}" if entry.topic else ""
    star = " *" if entry.starter else ""
    yield f"{entry.key}: {entry.title} ({CLASS_WORDS[entry.mail_class]}{leaves}){star}"
    yield f"  {entry.purpose}"
    yield f"  starts   when {', or '.join(entry.starts)}; {PER_WORDS[entry.per]}"
    yield from _block("enters", entry.enters)
    yield from _block("steps", [f"{'  ' * line.depth}{line.words}" for line in entry.lines])
    yield from _block("knobs", [f"{knob.key} = {bounds(knob)}: {knob.meaning}" for knob in entry.knobs])
    yield from _block("ends", [f"when {words}" for words in entry.ends])


def bounds(knob: Knob) -> str:
    """10 (3 to 30); of what is wanted or not: yes."""
    if knob.kind is KnobKind.YES_NO:
        return "yes" if knob.default else "no"
    return f"{knob.default:,}{_unit(knob)} ({knob.lowest:,} to {knob.highest:,})"


def _unit(knob: Knob) -> str:
    return {KnobKind.PERCENT: " %", KnobKind.MONEY: " cents"}.get(knob.kind, "")


def _block(name: str, lines: tuple[str, ...] | list[str]) -> Iterator[str]:
    for place, words in enumerate(lines):
        yield f"  {name if not place else '':8} {words}"


def _plain_knob(knob: Knob) -> dict[str, Any]:
    return {
        "key": knob.key,
        "kind": knob.kind.value,
        "default": knob.default,
        "lowest": knob.lowest,
        "highest": knob.highest,
        "meaning": knob.meaning,
    }


def _lines(
    steps: tuple[Step, ...], knobs: Mapping[str, int], depth: int, first: bool = True
) -> Iterator[Line]:
    for step in steps:
        only = f", if: {lowered(condition_in_words(step.when))}" if step.when is not None else ""
        match step:
            case Wait(key, timing, at):
                waits = timed(timing, at, knobs, first=first)
                yield Line(depth, key, f"{waits}{only}")
            case WaitFor(key, event, timeout):
                longest = timed(timeout, None, knobs, first=True).removeprefix("Wait ")
                yield Line(depth, key, f"Wait until {EVENT_WORDS[event]}, {longest} at most{only}")
            case Send(key, template):
                offer = ", with a code where you give one" if step.offer is not None else ""
                yield Line(depth, key, f"Mail {_name_of(template)}{offer}{only}")
            case Split(key, branches):
                for place, branch in enumerate(branches):
                    asked = branch_in_words(branch.when)
                    also = "Else, " if place and branch.when is not None else ""
                    yield Line(depth, key, f"{also}{lowered(asked) if also else asked}:")
                    yield from _lines(branch.steps, knobs, depth + 1, first)
        first = False


def branch_in_words(when: Condition | None) -> str:
    """For whom one of several ways is."""
    if when is None:
        return "Otherwise"
    if isinstance(when, Named) and when.name == "began_with" and not when.opposite:
        return f"When {EVENT_WORDS[EventKind(str(dict(when.arguments)['event']))]}"
    return f"If {lowered(condition_in_words(when))}"


def timed(timing: Timing, at: LocalTime | None, knobs: Mapping[str, int], *, first: bool) -> str:
    """ "Wait 10 days, at 10:00 where they live". By the kind of product all four are said."""
    if isinstance(timing, ByProductKind):
        of = [wait_in_words(timing.of(kind), kind, knobs, first=True)[5:] for kind in TimingKind]
        kinds = ", ".join(f"{words} ({kind.value})" for words, kind in zip(of, TimingKind, strict=True))
        said = f"Wait as long as such a product takes: {kinds}"
    elif isinstance(timing, Delay) and at is not None and number_in(timing.amount, knobs) == 0:
        said = "The same day"
    else:
        said = wait_in_words(timing, TimingKind.STANDARD, knobs, first=first)
    if at is None:
        return said
    return f"{said}, at {number_in(at.hour, knobs):02}:{at.minute:02} where they live"


def _name_of(template: str) -> str:
    """Without the flow that it belongs to: "running low"."""
    return f'"{template.partition("/")[2].replace("_", " ")}"'
