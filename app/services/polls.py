"""What is asked of stores again and again: one row a shop and noun, due at its time or when poked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import text

from app.db import Session
from app.services.watermarks import first_watermark
from flows.commerce import Platform
from flows.wallclock import instant_of, wall_of, zone_named

CONNECTION = "connection"
ORDERS = "orders"
CATALOGUE = "catalogue"
CUSTOMERS = "customers"
HISTORY = "history"
HOOKS = "hooks"
NIGHTLY = "nightly"
PLAN = "plan"
TRASH = "trash"
TOKEN = "token"

# Due before all others, for whoever has no clock of real time at hand.
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def schedule_polls(
    session: Session, shop_id: int, platform: Platform, connected_at: datetime, real: datetime
) -> None:
    """After an installation: subscriptions, catalogue and history at once, changes from now on. Where
    the shop only renewed its keys, its subscriptions are mended and what was given up is tried again."""
    for place, noun in enumerate(_POLLS[platform]):
        session.execute(
            text(
                "INSERT INTO polls (shop_id, noun, watermark, next_at, looked_at)"
                " VALUES (:shop, :noun, :at, :next_at, :real)"
                " ON CONFLICT DO NOTHING"
            ),
            {
                "shop": shop_id,
                "noun": noun,
                "at": first_watermark(platform, connected_at) if noun == ORDERS else connected_at,
                "real": real,
                "next_at": real + timedelta(milliseconds=place)
                if noun != NIGHTLY
                else next_night(shop_id, "UTC", real),
            },
        )
    session.execute(
        text(
            "UPDATE polls SET next_at = least(next_at, :soon)"
            " WHERE shop_id = :shop AND noun = any(:nouns) AND NOT held"
        ),
        {"soon": real + _IN_TURN, "shop": shop_id, "nouns": [CONNECTION, HOOKS, ORDERS]},
    )
    # Whatever the store did before: somebody is there who can make it work.
    session.execute(
        text(
            "UPDATE store_health SET failures = 0, failing_since = NULL, rests_until = NULL"
            " WHERE shop_id = :shop"
        ),
        {"shop": shop_id},
    )
    wish_again(session, shop_id, real)


def wish_again(session: Session, shop_id: int, real: datetime) -> None:
    """What was given up of reading is tried again: the store lets us in."""
    session.execute(
        text(
            "UPDATE wishes SET state = 'open', attempts = 0, next_at = :real"
            " WHERE shop_id = :shop AND state = 'given_up'"
        ),
        {"real": real, "shop": shop_id},
    )


def poke(session: Session, shop_id: int, noun: str, real: datetime) -> None:
    """Due at once, if the shop has such a poll and it is not over. One that is being worked on keeps its
    lease: its next look will be soon enough."""
    session.execute(
        text(
            "UPDATE polls SET next_at = least(next_at, :real)"
            " WHERE shop_id = :shop AND noun = :noun AND next_at < 'infinity' AND NOT held"
        ),
        {"real": real, "shop": shop_id, "noun": noun},
    )


def begin_again(session: Session, shop_id: int, noun: str, real: datetime) -> None:
    """Reads all of it anew, also where it was over: there is more to see than the last time."""
    session.execute(
        text(
            "UPDATE polls SET next_at = :real, began_at = NULL, cursor = NULL, held = false, done = NULL,"
            " total = NULL, error = NULL"
            " WHERE shop_id = :shop AND noun = :noun"
        ),
        {"real": real, "shop": shop_id, "noun": noun},
    )


def next_night(shop_id: int, timezone: str, real: datetime) -> datetime:
    """The next time between three and four in the morning on the shop's clock, each shop at its own
    minute, so that they do not all come at once."""
    zone = zone_named(timezone)
    hour = timedelta(seconds=shop_id * _STEP % 3600)
    today = wall_of(real, zone).date()
    tonight = (instant_of(datetime.combine(day, _THREE) + hour, zone) for day in (today, today + _DAY))
    return next(at for at in (*tonight, real + _DAY) if at > real)


_OF_ALL = (CATALOGUE, CUSTOMERS, HISTORY, ORDERS, NIGHTLY)
# A new shop's polls keep their order by it.
_IN_TURN = timedelta(milliseconds=10)
# In this order: webhooks are there before anything is read that takes its time.
_POLLS = {
    Platform.SHOPIFY: (CONNECTION, *_OF_ALL),
    Platform.WOOCOMMERCE: (CONNECTION, HOOKS, *_OF_ALL, TRASH),
}
_THREE = time(3)
_DAY = timedelta(days=1)
# Seconds between the minutes of two shops that came one after the other; it has no factor in common
# with an hour.
_STEP = 1237
