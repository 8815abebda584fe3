"""What the desk looks at: limits, turns, what people got lately and what waits for them. Six statements,
for a batch of any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.queries.limits import load_limits
from flows.desk import SOON, Ask, Touch
from flows.facts import MailClass
from flows.limits import IDLE, MONTH, Limits
from flows.pace import Pace

PersonKey = tuple[int, str]
"""Shop and keyed hash of the address."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to: the hash of the address, the address as mails are written to it, and as the
    store has it; both in small letters."""

    shop_id: int
    hash: str
    recipient: str
    email: str

    @property
    def key(self) -> PersonKey:
        return self.shop_id, self.hash


@dataclass(frozen=True, slots=True)
class DeskBase:
    """`turns` move on as mails of the batch are marked. `waiting`: mails that are due soon and not in this
    batch. `active_at`: when they last clicked or ordered. `paces`: of those who chose one."""

    limits: Mapping[int, Limits]
    turns: dict[PersonKey, int]
    touches: Mapping[PersonKey, list[Touch]]
    waiting: Mapping[PersonKey, list[Ask]]
    active_at: Mapping[PersonKey, datetime]
    worth: Mapping[tuple[int, str], int]
    paces: Mapping[PersonKey, Pace]


def load_desk(
    session: Session,
    readers: Collection[Reader],
    shop_ids: Collection[int],
    in_hand: Collection[int],
    now: datetime,
) -> DeskBase:
    """`in_hand`: mails that are decided on, and so are not waiting. The turns come first: who marks a mail
    after they were read makes them old."""
    parameters = {
        "shops": [one.shop_id for one in readers],
        "hashes": [one.hash for one in readers],
        "recipients": [one.recipient for one in readers],
        "emails": [one.email for one in readers],
    }
    people = session.execute(_TURNS, parameters).all()
    return DeskBase(
        limits=load_limits(session, shop_ids),
        turns={(row.shop_id, row.hash): row.turn for row in people},
        touches=_touches(session, parameters, now),
        waiting=_waiting(session, parameters, in_hand, now),
        active_at={
            (row.shop_id, row.hash): row.at
            for row in session.execute(_ACTIVE, {**parameters, "idle": now - IDLE, "long": now - 2 * IDLE})
            if row.at is not None
        },
        worth=load_worth(session, shop_ids),
        paces={
            (row.shop_id, row.hash): Pace(row.offer_days, row.break_until)
            for row in people
            if row.offer_days is not None
        },
    )


def load_worth(session: Session, shop_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """By shop and flow, what a mail is worth where the shop says so itself."""
    rows = session.execute(_WORTH, {"shop_ids": list(shop_ids)})
    return {(row.shop_id, row.flow_key): row.worth for row in rows}


def _touches(
    session: Session, parameters: Mapping[str, Any], now: datetime
) -> Mapping[PersonKey, list[Touch]]:
    found: dict[PersonKey, list[Touch]] = defaultdict(list)
    for row in session.execute(_TOUCHES, {**parameters, "since": now - MONTH}):
        touch = Touch(row.at, MailClass(row.mail_class), row.name, row.journey_id, row.due_at)
        found[row.shop_id, row.hash].append(touch)
    return found


def _waiting(
    session: Session, parameters: Mapping[str, Any], in_hand: Collection[int], now: datetime
) -> Mapping[PersonKey, list[Ask]]:
    found: dict[PersonKey, list[Ask]] = defaultdict(list)
    taken = set(in_hand)
    for row in session.execute(_SOON, {**parameters, "until": now + SOON}):
        if row.id not in taken:
            found[row.shop_id, row.hash].append(
                Ask(
                    row.id,
                    row.flow_key,
                    row.step,
                    row.journey_id,
                    MailClass(row.mail_class),
                    row.due_at,
                    row.expires_at,
                    row.next_at,
                    row.postponed_at,
                )
            )
    return found


_PEOPLE = (
    "unnest(CAST(:shops AS bigint[]), CAST(:hashes AS text[]), CAST(:recipients AS text[]),"
    " CAST(:emails AS text[])) AS p(shop_id, hash, recipient, email)"
)
_TURNS = text(
    f"SELECT p.shop_id, p.hash, d.turn, r.offer_days, r.break_until FROM {_PEOPLE}"
    " JOIN desk_turns d ON d.shop_id = p.shop_id AND d.address_hash = p.hash"
    " LEFT JOIN reader_paces r ON r.shop_id = p.shop_id AND r.address_hash = p.hash"
)
# Person by person (OFFSET 0), as the index `messages_reader` has it: a database that has not counted a young
# table yet would rather go through all of it.
_TOUCHES = text(f"""
SELECT p.shop_id, p.hash, m.mail_class, m.flow_key AS name, m.journey_id, m.due_at,
    coalesce(m.sent_at, m.changed_at) AS at
FROM {_PEOPLE} CROSS JOIN LATERAL (
    SELECT * FROM messages m WHERE m.shop_id = p.shop_id AND m.reader = p.recipient
        AND m.state IN ('sending', 'sent', 'unknown') AND m.mail_class <> 'T' AND m.changed_at > :since
    OFFSET 0
) m
UNION ALL
SELECT p.shop_id, p.hash, o.mail_class, o.tool, NULL, NULL, o.sent_at
FROM {_PEOPLE} CROSS JOIN LATERAL (
    SELECT * FROM outside_sends o WHERE o.shop_id = p.shop_id AND o.address_hash = p.hash
        AND o.sent_at > :since
    OFFSET 0
) o
""")
# Of a person with very many orders, the newest.
_SOON = text(f"""
SELECT p.shop_id, p.hash, m.id, m.flow_key, m.step, m.journey_id, m.mail_class, m.due_at, m.expires_at,
    m.next_at, m.postponed_at
FROM {_PEOPLE}
CROSS JOIN LATERAL (
    SELECT o.id FROM orders o WHERE o.shop_id = p.shop_id AND o.email = p.email
    ORDER BY o.placed_at DESC LIMIT 100
) o
CROSS JOIN LATERAL (
    SELECT * FROM messages m WHERE m.shop_id = p.shop_id AND m.order_id = o.id
        AND m.state IN ('due', 'claimed') AND m.mail_class <> 'T' AND m.next_at <= :until
    OFFSET 0
) m
""")
# Clicks are looked for only where no order says enough.
_ACTIVE = text(f"""
SELECT p.shop_id, p.hash, greatest(o.at, CASE WHEN o.at > :idle THEN NULL ELSE (
    SELECT max(e.at) FROM messages m
    JOIN message_events e ON e.shop_id = m.shop_id AND e.message_id = m.id AND e.kind = 'clicked'
    WHERE m.shop_id = p.shop_id AND m.reader = p.recipient AND m.changed_at > :long
) END) AS at
FROM {_PEOPLE}
CROSS JOIN LATERAL (
    SELECT max(q.placed_at) AS at FROM orders q WHERE q.shop_id = p.shop_id AND q.email = p.email
) o
""")
_WORTH = text(
    "SELECT shop_id, flow_key, worth FROM flow_switches WHERE shop_id = any(:shop_ids) AND worth IS NOT NULL"
)
