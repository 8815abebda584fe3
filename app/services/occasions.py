"""The day's occasions are told of whoever has one: in shops that want it, and once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.models.shop import CONNECTED, NEEDS_RECONNECT
from app.queries.occasions import PAGE, Celebrated
from app.queries.settings import load_settings
from app.services.days import OF_DAYS, Occasion, Shop, occasions_now
from app.services.locks import lock_shop
from app.services.react import tell_all
from flows.events import Event, EventKind


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
    return sum(
        _tell_pages(database, secrets, shop, occasion, now)
        for occasion in occasions_now(shop, secrets, on, now)
    )


def _tell_pages(database: Database, secrets: Keys, shop: Shop, occasion: Occasion, now: datetime) -> int:
    """One transaction a page: a shop is never locked for long."""
    told, after = 0, ""
    while True:
        with database.shops(shop.id) as session:
            lock_shop(session, shop.id)
            found = occasion.page(session, after)
            events = [event for one in found if (event := _event(secrets, shop, one, occasion)) is not None]
            if events and occasion.budget is not None:
                events = _within(session, shop, occasion.budget, events)
            if events:
                happened = {(shop.id, event.order_id): [event] for event in events}
                told += tell_all(session, happened, secrets, now).events
        if len(found) < PAGE or occasion.budget is not None:
            return told
        after = found[-1].email


def _event(secrets: Keys, shop: Shop, one: Celebrated, occasion: Occasion) -> Event | None:
    day = occasion.day(one)
    if day is None:
        return None
    person = secrets.address_hash(shop.id, one.email)[:32]
    key = f"{_NAMES[occasion.kind]}:{person}:{day.once}"
    return Event(occasion.kind, key, f"order:{one.order_id}", one.order_id, day.begins)


def _within(session: Session, shop: Shop, budget: int, events: Sequence[Event]) -> list[Event]:
    """The first that the budget still holds; whoever was drawn before has had their share of it."""
    once = events[0].key.rpartition(":")[2]
    rows = session.execute(
        text("SELECT key FROM events WHERE shop_id = :shop AND kind = :kind AND key LIKE :once"),
        {"shop": shop.id, "kind": events[0].kind, "once": f"%:{once}"},
    )
    known = {row.key for row in rows}
    room = max(budget - len(known), 0)
    return [one for one in events if one.key not in known][:room]


_NAMES = {
    EventKind.BIRTHDAY_CAME: "birthday",
    EventKind.ANNIVERSARY_CAME: "anniversary",
    EventKind.SEASON_CAME: "season",
    EventKind.SURPRISE_DRAWN: "surprise",
}
