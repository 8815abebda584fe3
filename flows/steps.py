"""What a flow is made of. Step keys are permanent names: a message is known by its step for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.conditions import Condition
from flows.delays import LocalTime, Timing
from flows.events import EventKind
from flows.offers import Offer
from flows.variants import Variant


@dataclass(frozen=True, slots=True)
class Wait:
    """Sleeps for `timing`, counted from the instant at which the step before was due."""

    key: str
    timing: Timing
    at: LocalTime | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Sleeps until `event` happens, or for `timeout`. An event that has happened already counts at
    once. A Split behind it may ask whether it `has_happened`."""

    key: str
    event: EventKind
    timeout: Timing
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """One mail. `late_hours`: how long after its due instant it may still leave. `offer`: what it gives.
    `variants`: mails that take the place of `template`, of which each journey draws one."""

    key: str
    template: str
    late_hours: int
    when: Condition | None = None
    offer: Offer | None = None
    variants: tuple[Variant, ...] = ()

    def template_of(self, variant: str | None) -> str:
        """What a journey that drew `variant` gets; the step's own where there is no such variant any more."""
        return next((one.template for one in self.variants if one.key == variant), self.template)


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps that are taken when `when` holds; None: otherwise."""

    steps: tuple[Step, ...]
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Takes the first branch that holds, or none; then goes on behind the split."""

    key: str
    branches: tuple[Branch, ...]
    when: Condition | None = None


Step = Wait | WaitFor | Send | Split


HIGHEST = 1_000_000_000
"""The largest number that a knob takes: ten million in the smaller unit of most currencies."""


class KnobKind(StrEnum):
    """NUMBER is a count of something; YES_NO is 0 or 1; MONEY is minor units of the shop's currency."""

    NUMBER = "number"
    YES_NO = "yes_no"
    PERCENT = "percent"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Knob:
    """A whole number that the merchant may turn. `meaning`: what it does, in words and with its unit."""

    key: str
    default: int
    lowest: int
    highest: int
    meaning: str
    kind: KnobKind = KnobKind.NUMBER

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.lowest <= value <= self.highest

    def value_in(self, chosen: Mapping[str, int | str | bool]) -> int:
        """What the merchant chose; the default where that is missing or out of bounds by now."""
        value = chosen.get(self.key, self.default)
        return int(value) if self.accepts(value) else self.default


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A step with its ways onward; None is the end. `branches` belong to a Split."""

    step: Step
    then: Node | None
    branches: tuple[tuple[Condition | None, Node | None], ...] = ()


def steps_within(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step, those inside branches too, in reading order."""
    for step in steps:
        yield step
        if isinstance(step, Split):
            for branch in step.branches:
                yield from steps_within(branch.steps)


def laid_out(steps: tuple[Step, ...]) -> tuple[Node | None, dict[str, Node]]:
    """The first node, and every node by its step's key."""
    nodes: dict[str, Node] = {}

    def lay(part: tuple[Step, ...], behind: Node | None) -> Node | None:
        for step in reversed(part):
            inside = step.branches if isinstance(step, Split) else ()
            branches = tuple((branch.when, lay(branch.steps, behind)) for branch in inside)
            behind = nodes[step.key] = Node(step, behind, branches)
        return behind

    return lay(steps, None), nodes
