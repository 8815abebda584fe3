"""A flow: who enters, which steps follow, what ends it. Frozen; a definition that is wrong cannot exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.conditions import Condition, demands_on_lines, knobs_asked
from flows.delays import LONGEST, KnobRef, amounts_in
from flows.events import OF_PARCELS, OF_THE_WHOLE_TOO, Event, EventKind
from flows.facts import Facts, MailClass, Topic
from flows.fairness import asked_in, unfair
from flows.offers import knobs_in
from flows.steps import HIGHEST, Knob, Node, Send, Split, Step, Wait, WaitFor, laid_out, steps_within
from flows.variants import WHOLE

_PER = ("order", "parcel", "event", "person")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Flow:
    """`per`: what one journey runs for: an order, a parcel, one happening ("event"), or a person once and
    never again. `also`: what starts it besides `trigger`. `of_loss`: it tells of what was given back, so
    nothing of the order need be left. `goal`: the event that the flow hopes for; it ends a journey as
    those of `exit_on` do. `tells`: knobs that decide when, and to whom, what starts it comes.
    `topic`: by what people opt out of it; None for transactional flows alone.
    `replaced`: for step keys that older versions had, the step that a journey
    waiting there goes on with ("" for none).

    Raises ValueError that says what is wrong.
    """

    key: str
    version: int
    mail_class: MailClass
    trigger: EventKind
    steps: tuple[Step, ...]
    per: Literal["order", "parcel", "event", "person"] = "order"
    also: tuple[EventKind, ...] = ()
    of_loss: bool = False
    enter_if: Condition | None = None
    exit_on: tuple[EventKind, ...] = ()
    goal: EventKind | None = None
    topic: Topic | None = None
    knobs: tuple[Knob, ...] = ()
    tells: tuple[str, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    triggers: frozenset[EventKind] = field(init=False, repr=False, compare=False)
    first: Node | None = field(init=False, repr=False, compare=False)
    nodes: Mapping[str, Node] = field(init=False, repr=False, compare=False)
    ends_on: tuple[EventKind, ...] = field(init=False, repr=False, compare=False)
    on_lines: Condition | None = field(init=False, repr=False, compare=False)
    varied: tuple[Send, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problem = next(_problems(self), None)
        if problem:
            raise ValueError(f"flow {self.key!r}: {problem}")
        first, nodes = laid_out(self.steps)
        ends_on = (self.goal, *self.exit_on) if self.goal else self.exit_on
        object.__setattr__(self, "triggers", frozenset((self.trigger, *self.also)))
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "ends_on", tuple(dict.fromkeys(ends_on)))
        object.__setattr__(self, "on_lines", demands_on_lines(self.enter_if))
        varied = (step for step in steps_within(self.steps) if isinstance(step, Send) and step.variants)
        object.__setattr__(self, "varied", tuple(varied))

    def subject_of(self, event: Event, facts: Facts) -> str:
        """What a journey that `event` begins runs for: there is one of each in a generation of the shop."""
        match self.per:
            case "event":
                return event.key
            case "person":
                return f"person:{facts.person.key}" if facts.person.key else f"order:{event.order_id}"
        return event.subject

    def knob_values(self, chosen: Mapping[str, int | str | bool]) -> dict[str, int]:
        return {knob.key: knob.value_in(chosen) for knob in self.knobs}


def _problems(flow: Flow) -> Iterator[str]:
    steps = tuple(steps_within(flow.steps))
    yield from _in_names(flow, steps)
    yield from _in_events(flow, steps)
    yield from _in_knobs(flow, steps)
    for step in steps:
        yield from _in_step(step)
    yield from unfair((flow.trigger, *flow.also), flow.enter_if, steps)


def _in_names(flow: Flow, steps: tuple[Step, ...]) -> Iterator[str]:
    names = [step.key for step in steps]
    for name in (flow.key, *names, *(knob.key for knob in flow.knobs)):
        if not _NAME.fullmatch(name):
            yield f"{name!r} is no name (small letters, digits and _)"
    for name, count in Counter(names).items():
        if count > 1:
            yield f"two steps are called {name!r}"
    for old, new in flow.replaced:
        if old in names or (new and new not in names):
            yield f"step {old!r} cannot be replaced by {new!r}"
    if (flow.topic is None) != (flow.mail_class is MailClass.TRANSACTIONAL):
        yield "whoever may leave needs a topic to leave, and nobody leaves what an order demands"
    if flow.version < 1:
        yield "versions count from 1"
    if not any(isinstance(step, Send) for step in steps):
        yield "nothing is sent"


def _in_events(flow: Flow, steps: tuple[Step, ...]) -> Iterator[str]:
    ends = {flow.goal, *flow.exit_on}
    for kind in (flow.trigger, *flow.also):
        if kind in ends:
            yield f"{kind} starts and ends it"
        if flow.per not in _PER or (flow.per != "event" and (flow.per == "parcel") != (kind in OF_PARCELS)):
            yield f"{kind} does not start a journey per {flow.per}"
    if not OF_PARCELS.intersection((flow.trigger, *flow.also)):
        for kind in (OF_PARCELS - OF_THE_WHOLE_TOO) & ends:
            yield f"{kind} happens to a parcel, and its journeys are of the whole order"
    if flow.also and flow.per != "event":
        yield "what several happenings start runs for each of them"
    for step in steps:
        if isinstance(step, WaitFor) and step.event in ends:
            yield f"step {step.key!r} waits for {step.event}, which ends the journey"


def _in_knobs(flow: Flow, steps: tuple[Step, ...]) -> Iterator[str]:
    knobs = {knob.key: knob for knob in flow.knobs}
    if len(knobs) < len(flow.knobs):
        yield "two knobs have one key"
    for knob in flow.knobs:
        if not knob.accepts(knob.default):
            yield f"knob {knob.key!r}: the default is out of bounds"
    used = set(flow.tells)
    for key in used - knobs.keys():
        yield f"there is no knob {key!r}"
    for key, longest in _knobs_used(flow, steps):
        used.add(key)
        if key not in knobs:
            yield f"there is no knob {key!r}"
        elif knobs[key].lowest < 0 or knobs[key].highest > longest:
            yield f"knob {key!r} goes beyond 0 to {longest}"
    for key in knobs.keys() - used:
        yield f"knob {key!r} turns nothing"


def _knobs_used(flow: Flow, steps: tuple[Step, ...]) -> Iterator[tuple[str, int]]:
    """Each knob that a wait or a condition refers to, with the largest number that makes sense there."""
    for step in steps:
        if isinstance(step, Wait | WaitFor):
            timing = step.timing if isinstance(step, Wait) else step.timeout
            yield from ((amount.key, LONGEST) for amount in amounts_in(timing) if isinstance(amount, KnobRef))
        if isinstance(step, Wait) and step.at is not None and isinstance(step.at.hour, KnobRef):
            yield step.at.hour.key, 23
        if isinstance(step, Send) and step.offer is not None:
            yield from ((name, HIGHEST) for name in knobs_in(step.offer))
    for _, condition in asked_in(flow.enter_if, steps):
        for name in knobs_asked(condition):
            yield name, HIGHEST


def _in_step(step: Step) -> Iterator[str]:
    if isinstance(step, Send) and not 0 < step.late_hours <= LONGEST:
        yield f"step {step.key!r} does not say how late it may leave"
    if isinstance(step, Send) and step.variants:
        yield from _in_variants(step)
    if isinstance(step, Split):
        if not step.branches or not all(branch.steps for branch in step.branches):
            yield f"step {step.key!r} splits into nothing"
        if any(branch.when is None for branch in step.branches[:-1]):
            yield f"step {step.key!r}: only the last branch may be the one for all others"


def _in_variants(step: Send) -> Iterator[str]:
    keys = [one.key for one in step.variants]
    if not all(_NAME.fullmatch(key) for key in keys) or len(set(keys)) < len(keys):
        yield f"step {step.key!r} has variants without a name of their own"
    if len(keys) < 2 or any(one.share < 1 for one in step.variants):
        yield f"step {step.key!r} has a variant that nobody gets, or one alone"
    if sum(one.share for one in step.variants) != WHOLE:
        yield f"step {step.key!r} has variants whose shares are not {WHOLE} per cent together"
