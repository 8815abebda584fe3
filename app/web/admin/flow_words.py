"""Sentences of the flow pages: waits, moves, what a switch does, and a share with its count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.services.knobs import Move, Outlook
from app.words.flows import FLOW_WORDS
from flows.events import EventKind
from flows.flow import Flow
from flows.kinds import TimingKind

KINDS = {
    TimingKind.FAST: ("Quick", "coffee, snacks, books: quickly used up"),
    TimingKind.STANDARD: ("Everyday", "most products"),
    TimingKind.COMPLEX: ("To learn", "electronics, machines"),
    TimingKind.LONG: ("Long", "furniture, subscriptions"),
}

# The events before the switch that start nothing, as the merchant would name them.
_TOO_LATE = {
    EventKind.ORDER_PLACED: "Orders placed before now get none.",
    EventKind.PARCEL_SHIPPED: "Parcels that left before now get none.",
    EventKind.ORDER_DELIVERED: "Orders that arrived before now get none.",
}


def effect_of(flow: Flow) -> str:
    """What the switch of a flow that is off will do."""
    too_late = _TOO_LATE.get(flow.trigger, "What happened before now gets none.")
    return f"From now on, {FLOW_WORDS[flow.key].effect}. {too_late}"


def counted(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def share(part: int, whole: int) -> str:
    """19 %; one decimal below ten, where a whole number would hide the difference."""
    if not whole:
        return "0 %"
    percent = 100 * part / whole
    return f"{percent:.1f} %" if 0 < percent < 9.95 and whole >= 100 else f"{percent:.0f} %"


def moves_in_words(flow: Flow, seen: Outlook) -> str:
    """9 of the 41 people waiting move 4 days later."""
    several = "Nobody is asked twice." if flow.goal is EventKind.REVIEW_SUBMITTED else "Nobody gets it twice."
    scope = f"the {counted(seen.people, 'person', 'people')}"
    if not seen.whole:
        scope = f"the first {seen.looked_at:,} of {counted(seen.people, 'person', 'people')}"
    if not seen.moves and not seen.whole:
        return f"None of {scope} waiting moves."
    if not seen.moves:
        return "Nobody who waits now is moved. It counts from the next one on."
    verb = "moves" if len(seen.moves) == 1 else "move"
    return f"{len(seen.moves):,} of {scope} waiting {verb} {_how_far(seen.moves)}. {several}"


def _how_far(moves: Sequence[Move]) -> str:
    shifts = [one.after - one.before for one in moves]
    later, earlier = (
        [one for one in shifts if one > timedelta(0)],
        [-one for one in shifts if one < timedelta(0)],
    )
    if not later or not earlier:
        return f"{_between(later or earlier)} {'later' if later else 'earlier'}"
    return f"({len(later):,} later, {len(earlier):,} earlier)"


def _between(shifts: Sequence[timedelta]) -> str:
    least, most = _span(min(shifts)), _span(max(shifts))
    return least if least == most else f"{least} to {most}"


def _span(length: timedelta) -> str:
    """In whole days where it is about days: clocks that change do not make 3 days 23 hours of 4."""
    hours = round(length.total_seconds() / 3600)
    if hours >= 23 and min(hours % 24, 24 - hours % 24) <= 1:
        return counted(round(hours / 24), "day", "days")
    if hours >= 48:
        return counted(hours // 24, "day", "days")
    return counted(hours, "hour", "hours") if hours else "less than an hour"
