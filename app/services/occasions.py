"""The day's occasions are told of whoever has one: in shops that want it, and once each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.models.shop import CONNECTED, NEEDS_RECONNECT
from app.queries.occasions import (
    PAGE,
    Celebrated,
    drawn,
    with_anniversaries,
    with_birthdays,
    with_tag,
)
from app.queries.settings import load_settings
from app.services.locks import lock_shop
from app.services.react import tell_all
from flows.events import Event, EventKind
from flows.occasions import DRAW_DAYS, FIRST_DRAW, birthdays_on, firsts_on, season_opens
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


@dataclass(frozen=True, slots=True)
class Shop:
    id: int
    timezone: str


def shops_with_days(session: Session) -> list[Shop]:
    """Shops in which a flow is on that waits for days. One that needs to reconnect sends later."""
    rows = session.execute(
        text(
            "SELECT DISTINCT s.id, s.timezone FROM shops s JOIN flow_switches f ON f.shop_id = s.id"
            " AND f.enabled AND f.flow_key = any(:flows) WHERE s.state = any(:states) ORDER BY s.id"
        ),
        {"flows": [flow.key for flow in OF_DAYS], "states": [CONNECTED, NEEDS_RECONNECT]},
    )
    return [Shop(row.id, row.timezone) for row in rows]


def tell_days(database: Database, secrets: Keys, now: datetime) -> int:
    """Returns how many occasions were new."""
    with database.crossing() as session:
        shops = shops_with_days(session)
    return sum(_tell_shop(database, secrets, shop, now) for shop in shops)


def _tell_shop(database: Database, secrets: Keys, shop: Shop, now: datetime) -> int:
    with database.shops(shop.id) as session:
        settings = load_settings(session, [shop.id])
    on = {
        flow.key: flow.knob_values(setting.knobs)
        for flow in OF_DAYS
        if (setting := settings.get((shop.id, flow.key))) is not None and setting.enabled
    }
    today = wall_of(now, zone_named(shop.timezone)).date()
    return sum(
        _tell_pages(database, secrets, shop, occasion, now) for occasion in _today(shop, secrets, on, today)
    )


@dataclass(frozen=True, slots=True)
class _Occasion:
    """`once`: what its key ends with, so that it comes once in a year or month. `budget`: how many of them
    there may be by that name; None: any number."""

    kind: EventKind
    once: str
    at: datetime
    page: Page
    budget: int | None = None


def _today(
    shop: Shop, secrets: Keys, on: Mapping[str, Mapping[str, int]], today: date
) -> Iterator[_Occasion]:
    start = _midnight(today, shop)
    if (knobs := on.get(ANNIVERSARY_BIRTHDAY.key)) is not None:
        days = birthdays_on(today)
        yield _Occasion(
            EventKind.BIRTHDAY_CAME,
            f"{today.year}",
            start,
            lambda session, after: with_birthdays(session, shop.id, days, after),
        )
        spans = [_span(day, shop) for day in firsts_on(today, knobs["years"])]
        yield _Occasion(
            EventKind.ANNIVERSARY_CAME,
            f"{today.year}",
            start,
            lambda session, after: with_anniversaries(session, shop.id, spans, after),
        )
    if knobs := on.get(MILESTONE_SEASONAL.key):
        yield from _season(shop, knobs, today, start)
    if (knobs := on.get(SURPRISE_DELIGHT.key)) is not None:
        yield _draw(shop, secrets, knobs, today, start)


def _season(shop: Shop, knobs: Mapping[str, int], today: date, start: datetime) -> Iterator[_Occasion]:
    """Told late it begins today, of those who had ordered by the day itself."""
    for late in range(LATE_SEASON + 1):
        day = today - timedelta(days=late)
        if (year := season_opens(day, knobs)) is not None:
            until = _midnight(day + timedelta(days=1), shop)

            def page(session: Session, after: str, until: datetime = until) -> Sequence[Celebrated]:
                return with_tag(session, shop.id, SEASONAL, after, until)

            yield _Occasion(EventKind.SEASON_CAME, f"{year}", start, page)


def _draw(shop: Shop, secrets: Keys, knobs: Mapping[str, int], today: date, start: datetime) -> _Occasion:
    """Nobody can work out who will be drawn, and everybody is drawn alike whenever it is asked."""
    month, share = f"{today:%Y-%m}", knobs["share"]
    seed = secrets.draw_seed(shop.id, month)
    days = range(max(today.day - LATE_DRAW, 1), today.day + 1)

    def page(session: Session, after: str) -> Sequence[Celebrated]:
        return () if after else drawn(session, shop.id, seed, share, days, FIRST_DRAW, DRAW_DAYS)

    return _Occasion(EventKind.SURPRISE_DRAWN, month, start, page, knobs["budget"])


def _tell_pages(database: Database, secrets: Keys, shop: Shop, occasion: _Occasion, now: datetime) -> int:
    """One transaction a page: a shop is never locked for long."""
    told, after = 0, ""
    while True:
        with database.shops(shop.id) as session:
            lock_shop(session, shop.id)
            found = occasion.page(session, after)
            events = [_event(secrets, shop, one, occasion) for one in found]
            if occasion.budget is not None:
                events = _within(session, shop, occasion, events)
            if events:
                happened = {(shop.id, one.order_id): [one] for one in events}
                told += tell_all(session, happened, secrets, now).events
        if len(found) < PAGE or occasion.budget is not None:
            return told
        after = found[-1].email


def _event(secrets: Keys, shop: Shop, one: Celebrated, occasion: _Occasion) -> Event:
    person = secrets.address_hash(shop.id, one.email)[:32]
    key = f"{_NAMES[occasion.kind]}:{person}:{occasion.once}"
    return Event(occasion.kind, key, f"order:{one.order_id}", one.order_id, occasion.at)


def _within(session: Session, shop: Shop, occasion: _Occasion, events: Iterable[Event]) -> list[Event]:
    """The first that the budget still holds; whoever was drawn before has had their share of it."""
    rows = session.execute(
        text("SELECT key FROM events WHERE shop_id = :shop AND kind = :kind AND key LIKE :once"),
        {"shop": shop.id, "kind": occasion.kind, "once": f"%:{occasion.once}"},
    )
    known = {row.key for row in rows}
    room = max((occasion.budget or 0) - len(known), 0)
    return [one for one in events if one.key not in known][:room]


def _span(day: date, shop: Shop) -> tuple[datetime, datetime]:
    return _midnight(day, shop), _midnight(day + timedelta(days=1), shop)


def _midnight(day: date, shop: Shop) -> datetime:
    return instant_of(datetime.combine(day, time(0)), zone_named(shop.timezone))


_NAMES = {
    EventKind.BIRTHDAY_CAME: "birthday",
    EventKind.ANNIVERSARY_CAME: "anniversary",
    EventKind.SEASON_CAME: "season",
    EventKind.SURPRISE_DRAWN: "surprise",
}
