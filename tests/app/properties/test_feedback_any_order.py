"""What vendors tell comes late, twice and in any order, some of it before its mail can be found: what is
known in the end is the same.

Each seed is one person with four mails and what was told of them. It is told to two people alike: to one in
order and once, to the other shuffled, doubled and in pieces. Many seeds share a run, so that ten thousand
of them take minutes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.services import ledger
from app.services.feedback import follow_all
from emails.feedback import Feedback, Told
from tests.app.desk import START, Desk
from tests.app.services.told_mails import LATER, mails, message_id, provider_id, take
from tests.proof import Count

TOGETHER = 100
MAILS = 4
DAY = timedelta(days=1)
NOW = LATER + 40 * DAY


@dataclass(frozen=True)
class Happening:
    """Of one of a person's mails. `by_number`: told by the vendor's number alone."""

    place: int
    kind: Told
    at: datetime
    by_number: bool


def test_the_end_is_the_same_in_any_order(desk: Desk, count: Count) -> None:
    desk.now = NOW
    seeds = count(300, 10_000)
    for first in range(0, seeds, TOGETHER):
        run(desk, range(first, min(first + TOGETHER, seeds)))
        forget_strays(desk)


def run(desk: Desk, seeds: range) -> None:
    draws = {seed: random.Random(seed) for seed in seeds}
    stories = {seed: story(draws[seed]) for seed in seeds}
    states = {
        seed: [draws[seed].choice(("sending", "sent", "unknown")) for _ in range(MAILS)] for seed in seeds
    }
    plain = {seed: people(desk, f"plain-{seed}", states[seed]) for seed in seeds}
    mixed = {seed: people(desk, f"mixed-{seed}", states[seed]) for seed in seeds}
    for seed in seeds:
        settled(desk, plain[seed], states[seed])
    in_order = sorted(
        ((one.at, seed, place, one) for seed in seeds for place, one in enumerate(stories[seed])),
        key=lambda of: of[:3],
    )
    take(desk, *(event(plain[seed], one, f"plain-{seed}-{place}") for _, seed, place, one in in_order))

    draw = random.Random(seeds.start)
    told = [
        event(mixed[seed], one, f"mixed-{seed}-{place}")
        for _, seed, place, one in in_order
        for _ in range(draw.choice((1, 1, 2, 3)))
    ]
    draw.shuffle(told)
    half = draw.randrange(len(told))
    in_pieces(desk, draw, told[:half])
    for seed in seeds:
        settled(desk, mixed[seed], states[seed])
    in_pieces(desk, draw, told[half:])
    for _ in range(4):  # a look takes a share of what waits, those that were looked for longest ago first
        desk.now += timedelta(seconds=20)
        follow_all(desk.database, desk.keys, desk.now, desk.real)
    for seed in seeds:
        assert known(desk, f"mixed-{seed}", mixed[seed]) == known(desk, f"plain-{seed}", plain[seed]), seed


def forget_strays(desk: Desk) -> None:
    """Told by a number that nobody ever learns."""
    with desk.database.nobody() as session:
        session.execute(text("DELETE FROM early_feedback"))


def story(draw: random.Random) -> list[Happening]:
    kinds = [*Told, Told.DELIVERED, Told.SOFT_BOUNCED, Told.SOFT_BOUNCED, Told.SOFT_BOUNCED]
    return [
        Happening(
            draw.randrange(MAILS),
            draw.choice(kinds),
            LATER + draw.randrange(40 * 24) * timedelta(hours=1),
            draw.random() < 0.3,
        )
        for _ in range(draw.randint(1, 7))
    ]


def people(desk: Desk, name: str, states: Sequence[str]) -> list[int]:
    """The mails of one person, on their way; the vendor's numbers are not known yet."""
    found = mails(desk, len(states), reader=f"{name}@example.com", state="sending", provider_ids=False)
    desk.rows("UPDATE messages SET lease_until = :at WHERE id = any(:ids) RETURNING 1", at=START, ids=found)
    return found


def settled(desk: Desk, found: Sequence[int], states: Sequence[str]) -> None:
    """The answers to our own calls: the number, or none, and the mail is in doubt."""
    desk.rows(
        "UPDATE messages SET provider_id = 'p' || id, sent_at = :at, state = 'sent' WHERE id = any(:ids)"
        " AND id = any(:sent) RETURNING 1",
        ids=list(found),
        sent=[mail for mail, state in zip(found, states, strict=True) if state != "unknown"],
        at=LATER,
    )
    ledger.lapse(desk.database, desk.now, START + DAY)


def event(found: Sequence[int], one: Happening, key: str) -> Feedback:
    mail = found[one.place]
    told = Feedback(key, one.kind, one.at, message_id(mail), provider_id(mail))
    return replace(told, message_id="") if one.by_number else told


def in_pieces(desk: Desk, draw: random.Random, told: Sequence[Feedback]) -> None:
    place = 0
    while place < len(told):
        end = place + draw.randint(1, 80)
        take(desk, *told[place:end])
        place = end
        if draw.random() < 0.1:
            follow_all(desk.database, desk.keys, desk.now, desk.real)


def known(desk: Desk, name: str, found: Sequence[int]) -> Any:
    """How far each mail came, and what may still be sent to the person."""
    ways = desk.rows(
        "SELECT state, delivery, delivery_at FROM messages WHERE id = any(:ids) ORDER BY id", ids=list(found)
    )
    bars = desk.rows(
        "SELECT scope, reason, until FROM suppressions WHERE address_hash = :hash ORDER BY scope",
        hash=desk.keys.address_hash(desk.shop_id, f"{name}@example.com"),
    )
    return [tuple(row) for row in ways], [tuple(row) for row in bars]
