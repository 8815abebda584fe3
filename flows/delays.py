"""How long a step waits, as a flow writes it down: values only, `timing` turns them into instants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flows.kinds import TimingKind

T = TypeVar("T")

LONGEST = 10_000


class Unit(StrEnum):
    """Minutes and hours elapse; days are days of the wall clock. Business days are those on which the
    shop works: Monday to Friday, without the holidays of its country."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class KnobRef:
    """A number that the merchant sets: the value of the flow's knob `key`."""

    key: str


Amount = int | KnobRef


@dataclass(frozen=True, slots=True)
class Delay:
    """Raises ValueError for a number below 0 or above `LONGEST`."""

    unit: Unit
    amount: Amount

    def __post_init__(self) -> None:
        _bounded(self.amount, self.unit)


def _bounded(amount: Amount, unit: Unit) -> None:
    if isinstance(amount, int) and not 0 <= amount <= LONGEST:
        raise ValueError(f"a wait is 0 to {LONGEST} {unit}, not {amount}")


@dataclass(frozen=True, slots=True)
class ByProductKind:
    """One delay per timing kind; of several products in an order the slowest kind decides."""

    fast: Delay
    standard: Delay
    complex: Delay
    long: Delay

    def of(self, kind: TimingKind) -> Delay:
        delay: Delay = getattr(self, kind.value)
        return delay


class Moment(StrEnum):
    """An instant that the facts know, or do not know yet."""

    ORDERED = "ordered"
    ESTIMATED_ARRIVAL = "estimated_arrival"
    RUN_OUT = "run_out"
    ANNIVERSARY = "anniversary"
    RHYTHM_BROKEN = "rhythm_broken"


@dataclass(frozen=True, slots=True)
class Until:
    """Until `before` days before the moment, by the calendar; `after` days after it. Where nobody knows the
    moment the wait is over at once, so a flow asks whether it is known. Raises ValueError for both, and for a
    number that is none of a wait."""

    moment: Moment
    before: Amount = 0
    after: Amount = 0

    def __post_init__(self) -> None:
        if self.before and self.after:
            raise ValueError("before the moment or after it, not both")
        _bounded(self.before, Unit.DAYS)
        _bounded(self.after, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Latest:
    """The wait that is over last. Raises ValueError for none."""

    of: tuple[Delay | Until, ...]

    def __post_init__(self) -> None:
        if not self.of:
            raise ValueError("'latest' of nothing")


Timing = Delay | ByProductKind | Until | Latest


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A time of day where the person lives. Raises ValueError for one that no clock shows."""

    hour: Amount
    minute: int = 0

    def __post_init__(self) -> None:
        if (isinstance(self.hour, int) and not 0 <= self.hour <= 23) or not 0 <= self.minute <= 59:
            raise ValueError(f"no clock shows {self.hour}:{self.minute}")


def minutes(amount: Amount) -> Delay:
    return Delay(Unit.MINUTES, amount)


def hours(amount: Amount) -> Delay:
    return Delay(Unit.HOURS, amount)


def days(amount: Amount) -> Delay:
    return Delay(Unit.DAYS, amount)


def business_days(amount: Amount) -> Delay:
    return Delay(Unit.BUSINESS_DAYS, amount)


def by_product_kind(*, fast: Delay, standard: Delay, complex: Delay, long: Delay) -> ByProductKind:
    return ByProductKind(fast, standard, complex, long)


def until(moment: Moment, *, before: Amount = 0, after: Amount = 0) -> Until:
    return Until(moment, before, after)


def latest(*of: Delay | Until) -> Latest:
    return Latest(of)


def local_time(hour: Amount, minute: int = 0) -> LocalTime:
    return LocalTime(hour, minute)


def knob(key: str) -> KnobRef:
    return KnobRef(key)


def number_of(amount: Amount, knobs: Mapping[str, int]) -> int:
    """`knobs` holds the present value of every knob."""
    return knobs[amount.key] if isinstance(amount, KnobRef) else amount


def amounts_in(timing: Timing) -> Iterator[Amount]:
    """Every number that the delay is made of, to check the knobs among them."""
    match timing:
        case Delay():
            yield timing.amount
        case Until():
            yield from (timing.before, timing.after)
        case Latest():
            for one in timing.of:
                yield from amounts_in(one)
        case ByProductKind():
            yield from (timing.of(kind).amount for kind in TimingKind)


def delay_to_plain(timing: Timing) -> dict[str, Any]:
    match timing:
        case Delay():
            return {timing.unit.value: amount_to_plain(timing.amount)}
        case Until():
            amounts = {"before": amount_to_plain(timing.before), "after": amount_to_plain(timing.after)}
            return {"until": {"moment": timing.moment.value, **amounts}}
        case Latest():
            return {"latest": [delay_to_plain(one) for one in timing.of]}
    return {"by_product_kind": {kind.value: delay_to_plain(timing.of(kind)) for kind in TimingKind}}


def delay_from_plain(data: Mapping[str, Any]) -> Timing:
    """Raises ValueError or KeyError where `data` is no delay."""
    ((word, amount),) = data.items()
    if word == "until":
        before, after = amount_from_plain(amount["before"]), amount_from_plain(amount["after"])
        return Until(Moment(amount["moment"]), before, after)
    if word == "latest":
        return Latest(
            tuple(
                _inside(word, one, Until) if "until" in one else _inside(word, one, Delay) for one in amount
            )
        )
    if word != "by_product_kind":
        return Delay(Unit(word), amount_from_plain(amount))
    return ByProductKind(**{kind.value: _inside(word, amount[kind.value], Delay) for kind in TimingKind})


def _inside(word: str, data: Mapping[str, Any], kind: type[T]) -> T:
    found = delay_from_plain(data)
    if not isinstance(found, kind):
        raise ValueError(f"{word!r} holds no {next(iter(data))!r}")
    return found


def time_to_plain(at: LocalTime) -> dict[str, Any]:
    return {"hour": amount_to_plain(at.hour), "minute": at.minute}


def time_from_plain(data: Mapping[str, Any]) -> LocalTime:
    return LocalTime(amount_from_plain(data["hour"]), whole_number(data["minute"]))


def amount_to_plain(amount: Amount) -> int | dict[str, str]:
    return {"knob": amount.key} if isinstance(amount, KnobRef) else amount


def amount_from_plain(data: Any) -> Amount:
    return KnobRef(str(data["knob"])) if isinstance(data, Mapping) else whole_number(data)


def whole_number(data: Any) -> int:
    """Raises ValueError for everything else, also for true and 1.0."""
    if type(data) is not int:
        raise ValueError(f"{data!r} is not a whole number")
    return data
