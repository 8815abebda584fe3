"""The rules of the way: facts under which each does not hold, and under which it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.commerce import ParcelStatus
from flows.conditions import Named
from flows.estimates import Estimate
from flows.events import EventKind
from flows.facts import FlowSetting
from tests.flows.pictures import ON, T0, line, parcel, picture, scan
from tests.flows.situation import NOW, PLAIN, Change, Questions, Situation

DELIVERED = EventKind.ORDER_DELIVERED
LONG_SILENT = picture(
    parcels=(parcel(),), parcel_events=(scan(ParcelStatus.IN_TRANSIT, T0 - timedelta(days=9)),)
)


def _ships(it: Situation, ships: bool) -> Situation:
    lines = it.facts.picture.order.lines
    return it.ordering(lines=tuple(replace(one, ships=ships) for one in lines))


def _turn_ships(it: Situation) -> Situation:
    return _ships(it, not it.facts.picture.order.lines[0].ships)


def _due(it: Situation, at: timedelta) -> Situation:
    known = {**it.facts.estimates, "estimated_arrival": Estimate(NOW + at, "carrier")}
    return it.having(estimates=known)


def _turn_due(it: Situation) -> Situation:
    known = it.facts.estimates.get("estimated_arrival")
    return _due(it, timedelta(days=2 if known and known.at <= NOW else -1))


def _turn_left(it: Situation) -> Situation:
    parcels = () if it.facts.picture.parcels else (parcel(),)
    return it.having(picture=replace(it.facts.picture, parcels=parcels))


def _turn_heard(it: Situation) -> Situation:
    scans = () if it.facts.picture.parcel_events else LONG_SILENT.parcel_events
    return it.having(picture=replace(it.facts.picture, parcel_events=scans), parcel_id="9")


INFERRED = PLAIN.having(happened={DELIVERED: T0}, inferred=frozenset({DELIVERED}))

MOVED = PLAIN.having(happened={EventKind.ESTIMATE_MOVED: T0})

QUESTIONS: Questions = {
    "has_goods": (Named("has_goods"), "order.goods", _ships(PLAIN, False), PLAIN),
    "has_digital_line": (
        Named("has_digital_line"),
        "order.digital",
        PLAIN,
        PLAIN.ordering(lines=(line("course", ships=False),)),
    ),
    "waits_to_leave": (
        Named("waits_to_leave"),
        "parcels.left",
        PLAIN.having(picture=picture(parcels=(parcel(),))),
        PLAIN,
    ),
    "silent_for": (
        Named("silent_for", (("days", 4),)),
        "parcel.scans",
        PLAIN,
        PLAIN.having(picture=LONG_SILENT, parcel_id="9"),
    ),
    "expected_by_now": (
        Named("expected_by_now"),
        "estimates.arrival",
        PLAIN,
        _due(PLAIN, -timedelta(days=1)),
    ),
    "new_day_is_told": (
        Named("new_day_is_told", (("days", 1),)),
        "progress",
        MOVED,
        MOVED.having(progress=ON),
    ),
    "is_certain": (
        Named("is_certain", (("event", DELIVERED.value),)),
        "inferred",
        INFERRED,
        PLAIN.having(happened={DELIVERED: T0}),
    ),
}

CHANGE: Change = {
    "order.goods": _turn_ships,
    "order.digital": _turn_ships,
    "progress": lambda it: it.having(progress=FlowSetting() if it.facts.progress.enabled else ON),
    "parcels.left": _turn_left,
    "parcel.scans": _turn_heard,
    "estimates.arrival": _turn_due,
    "inferred": lambda it: it.having(inferred=frozenset() if it.facts.inferred else frozenset({DELIVERED})),
}
