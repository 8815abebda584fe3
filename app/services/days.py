"""Which occasions there are now in a shop, and for whom each of them is today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.db import Session
from app.keys import Keys
from app.queries.occasions import Celebrated, drawn, with_anniversaries, with_birthdays, with_tag
from flows.events import EventKind
from flows.occasions import (
    DRAW_DAYS,
    FIRST_DRAW,
    birthdays_on,
    dates_somewhere,
    firsts_on,
    season_opens,
    span_somewhere,
)
from flows.presets.anniversary_birthday import ANNIVERSARY_BIRTHDAY
from flows.presets.milestone_seasonal import MILESTONE_SEASONAL
from flows.presets.surprise_delight import SURPRISE_DELIGHT
from flows.questions.again import SEASONAL
from flows.wallclock import instant_of, wall_of, zone_named

OF_DAYS = (ANNIVERSARY_BIRTHDAY, MILESTONE_SEASONAL, SURPRISE_DELIGHT)
# A draw or a season that nobody looked at in time is made up for; a birthday is not.
LATE_DRAW = 2
LATE_SEASON = 3

Page = Callable[[Session, str], Sequence[Celebrated]]
Knobs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shop:
    id: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Day:
    """`once`: what the keys of its events end with, so that it comes once in a year or month."""

    once: str
    begins: datetime


@dataclass(frozen=True, slots=True)
class Occasion:
    """`day`: the day that it is for one of the page; None: it is none. `budget`: how many of them there may
    be by the day's name; None: any number."""

    kind: EventKind
    page: Page
    day: Callable[[Celebrated], Day | None]
    budget: int | None = None


def occasions_now(shop: Shop, secrets: Keys, on: Mapping[str, Knobs], now: datetime) -> Iterator[Occasion]:
    """`on`: where the knobs of the flows stand that are on."""
    today = wall_of(now, zone_named(shop.timezone)).date()
    if (knobs := on.get(ANNIVERSARY_BIRTHDAY.key)) is not None:
        yield _birthdays(shop, now)
        yield _anniversaries(shop, knobs["years"], now)
    if knobs := on.get(MILESTONE_SEASONAL.key):
        yield from _season(shop, knobs, today)
    if (knobs := on.get(SURPRISE_DELIGHT.key)) is not None:
        yield _draw(shop, secrets, knobs, today)


def _birthdays(shop: Shop, now: datetime) -> Occasion:
    days = sorted({kept for day in dates_somewhere(now) for kept in birthdays_on(day)})

    def day(one: Celebrated) -> Day | None:
        own, today = _own_today(one, shop, now)
        return _year(today, own) if set(one.birthdays).intersection(birthdays_on(today)) else None

    return Occasion(
        EventKind.BIRTHDAY_CAME, lambda session, after: with_birthdays(session, shop.id, days, after), day
    )


def _anniversaries(shop: Shop, years: int, now: datetime) -> Occasion:
    firsts = sorted({first for day in dates_somewhere(now) for first in firsts_on(day, years)})
    spans = [span_somewhere(first) for first in firsts]

    def day(one: Celebrated) -> Day | None:
        own, today = _own_today(one, shop, now)
        first = one.first_at and wall_of(one.first_at, own).date()
        return _year(today, own) if first in firsts_on(today, years) else None

    return Occasion(
        EventKind.ANNIVERSARY_CAME,
        lambda session, after: with_anniversaries(session, shop.id, spans, after),
        day,
    )


def _own_today(one: Celebrated, shop: Shop, now: datetime) -> tuple[ZoneInfo, date]:
    """The clock that they live by, and the date that it shows."""
    own = zone_named(one.zone or shop.timezone)
    return own, wall_of(now, own).date()


def _year(day: date, zone: ZoneInfo) -> Day:
    return Day(f"{day.year}", _midnight(day, zone))


def _season(shop: Shop, knobs: Knobs, today: date) -> Iterator[Occasion]:
    """Told late it begins today, of those who had ordered by the day itself."""
    zone = zone_named(shop.timezone)
    for late in range(LATE_SEASON + 1):
        opened = today - timedelta(days=late)
        if (year := season_opens(opened, knobs)) is not None:
            until = _midnight(opened + timedelta(days=1), zone)
            yield _season_of(shop, Day(f"{year}", _midnight(today, zone)), until)


def _season_of(shop: Shop, begins: Day, until: datetime) -> Occasion:
    return Occasion(
        EventKind.SEASON_CAME,
        lambda session, after: with_tag(session, shop.id, SEASONAL, after, until),
        lambda _: begins,
    )


def _draw(shop: Shop, secrets: Keys, knobs: Knobs, today: date) -> Occasion:
    """Nobody can work out who will be drawn, and everybody is drawn alike whenever it is asked."""
    month, share = f"{today:%Y-%m}", knobs["share"]
    seed = secrets.draw_seed(shop.id, month)
    days = range(max(today.day - LATE_DRAW, 1), today.day + 1)
    begins = Day(month, _midnight(today, zone_named(shop.timezone)))

    def page(session: Session, after: str) -> Sequence[Celebrated]:
        return () if after else drawn(session, shop.id, seed, share, days, FIRST_DRAW, DRAW_DAYS)

    return Occasion(EventKind.SURPRISE_DRAWN, page, lambda _: begins, knobs["budget"])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, time(0)), zone)
