"""A store's messages in every order, with every kind of duplicate, lead to one state."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.db import Database
from app.services.intake import take_in
from connectors.registry import connector_for
from flows.commerce import Platform
from tests.app.desk import KEYS, START
from tests.app.properties.shops import connect_many
from tests.chaos import shopify_dialect, woocommerce_dialect
from tests.chaos.lives import ChaosShop, Fate, Life

Message = tuple[str, bytes]
EVENTS = 6


def story(platform: Platform) -> list[Message]:
    """Six messages of one order: placed, first parcel, second parcel, both delivered, part refunded."""
    shop = ChaosShop(1, platform.value, "any.example", "", "")
    life = Life(77, shop, Fate.SPLIT)
    found: list[Message] = []
    for minute, (what, detail) in enumerate(
        [("place", 0), ("ship", 1), ("ship", 2), ("deliver", 1), ("deliver", 2), ("refund", 1)]
    ):
        at = START + timedelta(minutes=10 * minute + 1)
        life.changed_at = at
        match what:
            case "place":
                life.placed_at = at
            case "ship":
                life.shipped[detail] = at
            case "deliver":
                life.delivered[detail] = at
            case "refund":
                life.refunds.append(((detail,), at))
        found.append(_message(platform, life, what, detail))
    return found


def _message(platform: Platform, life: Life, what: str, detail: int) -> Message:
    if platform is Platform.WOOCOMMERCE:
        return woocommerce_dialect.messages(life, what)[-1]
    return shopify_dialect.messages(life, what, detail)[0]


DUPLICATES: dict[str, Callable[[Sequence[Message]], Iterator[Message]]] = {
    "none": lambda messages: iter(messages),
    "each at once": lambda messages: (one for message in messages for one in (message, message)),
    "all again backwards": lambda messages: itertools.chain(messages, reversed(messages)),
}


@pytest.mark.timeout(300)  # many orders of arrival, beside four other runs
@pytest.mark.parametrize("platform", list(Platform))
def test_every_order_of_six_messages_gives_one_state(
    platform: Platform,
    db: Database,
    count: Callable[..., int],
) -> None:
    """In full all 720 orders, each with every kind of duplicate; reduced, some of these by chance, and
    always as they happened and backwards."""
    messages = story(platform)
    every = [(order, kind) for order in itertools.permutations(messages) for kind in DUPLICATES]
    times = count(180, len(every))
    ends = [pair for pair in every if pair[0] in (tuple(messages), tuple(reversed(messages)))]
    drawn = random.Random(6).sample([pair for pair in every if pair not in ends], times - len(ends))
    runs = [list(DUPLICATES[kind](order)) for order, kind in ends + drawn]
    shops = connect_many(db, platform, len(runs))
    for step in range(max(map(len, runs))):
        arriving = [(shop_id, run[step]) for shop_id, run in zip(shops, runs, strict=True) if step < len(run)]
        _deliver(db, arriving, step)
        while take_in(db, connector_for, KEYS, START + timedelta(hours=2), START):
            pass
    states = {_state(db, shop_id) for shop_id in shops}
    assert len(runs) == times and len(every) == 2160
    assert len(states) == 1, _differing(states)


def _deliver(db: Database, arriving: Sequence[tuple[int, Message]], step: int) -> None:
    """Straight into the inbox, as the acknowledgement would put them."""
    with db.crossing() as session:
        session.execute(
            text(
                "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at)"
                " VALUES (:shop, :topic, :dedupe, :body, :at)"
            ),
            [
                {"shop": shop, "topic": topic, "dedupe": f"{topic}:{step}", "body": body, "at": START}
                for shop, (topic, body) in arriving
            ],
        )


def _state(db: Database, shop_id: int) -> tuple[Any, ...]:
    with db.shops(shop_id) as session:
        return tuple(
            tuple(map(tuple, session.execute(text(statement), {"shop": shop_id}).all()))
            for statement in (
                "SELECT id, body::text FROM orders",
                "SELECT id, body::text FROM parcels ORDER BY id",
                "SELECT id, body::text FROM parcel_events ORDER BY id",
                "SELECT id, body::text FROM refunds ORDER BY id",
                "SELECT key, kind FROM events ORDER BY key",
                # A person is known by a hash of the shop's own.
                # One that ended before a mail was planned is worth one that never began.
                "SELECT flow_key, regexp_replace(subject, '^person:.*', 'person'),"
                " replace(status, 'declined', 'ended'), step, wake_at"
                " FROM journeys ORDER BY flow_key, subject",
                "SELECT flow_key, step, parcel_id, state, due_at FROM messages ORDER BY 1, 2, 3",
                "SELECT state, count(*) FROM inbox GROUP BY state",
            )
        )[:7]


def _differing(states: set[tuple[Any, ...]]) -> str:
    first, second, *_ = states
    return next(f"{one}\n{other}" for one, other in zip(first, second, strict=True) if one != other)
