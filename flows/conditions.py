"""Conditions: rules put together with &, | and ~, checked on facts, written down as plain data.

A check looks at every part, also where an early one has decided: the reasons are the whole tree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows.events import EventKind
from flows.facts import Facts, Reason
from flows.kinds import TimingKind
from flows.questions.rule import Argument, Arguments, Rule, leaf
from flows.rules import RULES
from flows.stages import Stage

_WORDS: Mapping[str, Callable[[str], object]] = {"event": EventKind, "kind": TimingKind, "stage": Stage}
LARGEST, MOST_MONEY = 10_000, 1_000_000_000


class Condition(ABC):
    """Something that holds or does not hold for facts at an instant."""

    __slots__ = ()

    @abstractmethod
    def check(self, facts: Facts, now: datetime) -> Reason: ...

    @abstractmethod
    def __invert__(self) -> Condition: ...

    @abstractmethod
    def named(self) -> Iterator[Named]:
        """Every part that asks a rule: the answer may depend on each."""

    def rules(self) -> Iterator[Rule]:
        return (one.rule for one in self.named())

    def __and__(self, other: Condition) -> Condition:
        return AllOf((*_parts(AllOf, self), *_parts(AllOf, other)))

    def __or__(self, other: Condition) -> Condition:
        return AnyOf((*_parts(AnyOf, self), *_parts(AnyOf, other)))


@dataclass(frozen=True, slots=True)
class Named(Condition):
    """One rule with its arguments, or its opposite. Raises ValueError for what `RULES` does not know."""

    name: str
    arguments: tuple[tuple[str, Argument], ...] = ()
    opposite: bool = False
    rule: Rule = field(init=False, repr=False, compare=False)
    given: Arguments = field(init=False, repr=False, compare=False)
    called: str = field(init=False, repr=False, compare=False)
    wanted: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rule = RULES.get(self.name)
        if rule is None:
            raise ValueError(f"there is no rule {self.name!r}")
        if [(name, type(value)) for name, value in self.arguments] != list(rule.arguments):
            wanted = ", ".join(f"{name}: {kind.__name__}" for name, kind in rule.arguments)
            raise ValueError(f"{self.name} takes ({wanted}), not {dict(self.arguments)}")
        for name, value in self.arguments:
            if name in _WORDS:
                _WORDS[name](str(value))
            elif isinstance(value, int):
                most = MOST_MONEY if name == "amount" else LARGEST
                if not 0 <= value <= most:
                    raise ValueError(f"{self.name}: {name} is 0 to {most}, not {value}")
        given = dict(self.arguments)
        called, wanted = (rule.opposite, rule.unwanted) if self.opposite else (rule.name, rule.wanted)
        object.__setattr__(self, "rule", rule)
        object.__setattr__(self, "given", given)
        object.__setattr__(self, "called", called)
        object.__setattr__(self, "wanted", wanted.format_map(given) if given else wanted)

    def check(self, facts: Facts, now: datetime) -> Reason:
        holds, found = self.rule.look(facts, now, self.given)
        return leaf(self.called, holds is not self.opposite, found, self.wanted)

    def named(self) -> Iterator[Named]:
        yield self

    def __invert__(self) -> Condition:
        return replace(self, opposite=not self.opposite)


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    parts: tuple[Condition, ...]

    def check(self, facts: Facts, now: datetime) -> Reason:
        parts = tuple([part.check(facts, now) for part in self.parts])
        return Reason("all", all(part.passed for part in parts), parts=parts)

    def named(self) -> Iterator[Named]:
        for part in self.parts:
            yield from part.named()

    def __invert__(self) -> Condition:
        return AnyOf(tuple(~part for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    parts: tuple[Condition, ...]

    def check(self, facts: Facts, now: datetime) -> Reason:
        parts = tuple([part.check(facts, now) for part in self.parts])
        return Reason("any", any(part.passed for part in parts), parts=parts)

    def named(self) -> Iterator[Named]:
        for part in self.parts:
            yield from part.named()

    def __invert__(self) -> Condition:
        return AllOf(tuple(~part for part in self.parts))


def _parts(kind: type[AllOf] | type[AnyOf], condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


shop_is_active = Named("shop_is_active")
placed_after_connect = Named("placed_after_connect")
flow_was_on = Named("flow_was_on")
has_kept_line = Named("has_kept_line")
has_reviewable_line = Named("has_reviewable_line")
is_gift = Named("is_gift")
is_test = Named("is_test")
is_pos = Named("is_pos")
not_pos = ~is_pos
is_renewal = Named("is_renewal")
order_cancelled = Named("order_cancelled")
order_not_cancelled = ~order_cancelled
is_first_order = Named("is_first_order")
open_complaint = Named("open_complaint")
told_in_all = Named("told_in_all")
is_consumable = Named("is_consumable")
is_durable = Named("is_durable")
is_digital = Named("is_digital")
has_run_out = Named("has_run_out")
has_picks = Named("has_picks")
vip_is_thanked = Named("vip_is_thanked")
is_first_parcel = Named("is_first_parcel")
bought_again = Named("bought_again")
is_seasonal = Named("is_seasonal")

has_goods = Named("has_goods")
has_digital_line = Named("has_digital_line")
waits_to_leave = Named("waits_to_leave")
expected_by_now = Named("expected_by_now")


def silent_for(*, days: int) -> Named:
    return Named("silent_for", (("days", days),))


def new_day_is_told(*, days: int) -> Named:
    return Named("new_day_is_told", (("days", days),))


def is_certain(event: EventKind) -> Named:
    """Somebody told it: a carrier, the shop or the shopper. We did not infer it."""
    return Named("is_certain", (("event", event.value),))


def reviewed_within(*, months: int) -> Named:
    return Named("reviewed_within", (("months", months),))


def has_happened(event: EventKind) -> Named:
    return Named("has_happened", (("event", event.value),))


def happened_within(event: EventKind, *, days: int) -> Named:
    return Named("happened_within", (("event", event.value), ("days", days)))


def told_with(event: EventKind, *, minutes: int) -> Named:
    """The money went back no later than so many minutes after the event, so what tells of that names it."""
    return Named("told_with", (("event", event.value), ("minutes", minutes)))


def scored_at_least(points: int) -> Named:
    return Named("scored_at_least", (("points", points),))


def began_with(event: EventKind) -> Named:
    """Only where a journey begins: behind a wait nobody knows it any more."""
    return Named("began_with", (("event", event.value),))


def knob_is_on(knob: str) -> Named:
    return Named("knob_is_on", (("knob", knob),))


def has_words(slot: str) -> Named:
    """The merchant has written it for something in the order, for its category or for the whole shop."""
    return Named("has_words", (("slot", slot),))


def total_at_least(knob: str) -> Named:
    return Named("total_at_least", (("knob", knob),))


def orders_at_most(orders: int) -> Named:
    return Named("orders_at_most", (("orders", orders),))


def stars_at_least(stars: int) -> Named:
    return Named("stars_at_least", (("stars", stars),))


def kind_is(kind: TimingKind) -> Named:
    """Of several products in an order the slowest kind counts."""
    return Named("kind_is", (("kind", kind.value),))


def away_for(*, days: int) -> Named:
    return Named("away_for", (("days", days),))


def away_beyond_rhythm(*, percent: int) -> Named:
    """Somebody without a rhythm is never beyond it."""
    return Named("away_beyond_rhythm", (("percent", percent),))


def stage_is(stage: Stage) -> Named:
    return Named("stage_is", (("stage", stage.value),))


def knobs_asked(condition: Condition) -> Iterator[str]:
    """The knobs that the answer may depend on."""
    return (str(value) for one in condition.named() for name, value in one.arguments if name == "knob")


def first_failing(reason: Reason) -> str:
    """The name of the rule that decided, for a reason that did not pass."""
    failed = next((part for part in reason.parts if not part.passed), None)
    return reason.rule if failed is None else first_failing(failed)


def demands_on_lines(condition: Condition | None) -> Condition | None:
    """What the condition asks of the order's lines whatever else holds; None: nothing."""
    if condition is None:
        return None
    found = tuple(
        part for part in _parts(AllOf, condition) if isinstance(part, Named) and part.rule.about_lines
    )
    return AllOf(found) if found else None


def condition_to_plain(condition: Condition) -> str | dict[str, Any]:
    match condition:
        case Named(name, arguments, True):
            return {"not": condition_to_plain(Named(name, arguments))}
        case Named(name, arguments):
            return {name: dict(arguments)} if arguments else name
        case AllOf(parts):
            return {"all": [condition_to_plain(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_to_plain(part) for part in parts]}
    raise TypeError(type(condition))


def condition_from_plain(data: str | Mapping[str, Any]) -> Condition:
    """Raises ValueError or TypeError where `data` is no condition."""
    if isinstance(data, str):
        return Named(data)
    ((word, inside),) = data.items()
    if word == "not":
        return ~condition_from_plain(inside)
    if word in ("all", "any"):
        parts = tuple(condition_from_plain(part) for part in inside)
        if not parts:
            raise ValueError(f"{word!r} of nothing")
        return AllOf(parts) if word == "all" else AnyOf(parts)
    rule = RULES.get(word)
    known = rule.arguments if rule else ()
    given = {name: inside[name] for name, _ in known} | dict(inside)
    return Named(word, tuple(given.items()))
