"""What vendors and mailboxes tell of our mails: stored once, under the mail that it is about, and acted on.

Stored first, in one commit; whoever told may then forget it. What follows (an address is barred, a person
leaves) is done right after, and by the next look where a process died between the two; doing it twice
changes nothing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.keys import Keys
from app.models.permission import ALL_CLASSES
from app.services.brakes import look_at
from app.services.consent_sync import Tell
from app.services.delivery import bring_on
from app.services.early_feedback import drop_early, keep_early, waiting_early
from app.services.feedback_rows import Mail, mails_of, store
from app.services.privacy import in_short
from app.services.rests import rest
from app.services.unsubscribe import ALL_OPTIONAL, UNSUBSCRIBED, suppress, unsubscribe
from emails.feedback import Feedback, Told
from flows.facts import MailClass

BATCH = 200
COMPLAINT, HARD_BOUNCE = "complaint", "hard_bounce"

log = logging.getLogger("doorstep.feedback")


@dataclass(frozen=True, slots=True)
class Taken:
    """`stored`: about mails of ours, those that were known before included. `early`: about none yet."""

    stored: int
    early: int


def take_events(
    database: Database,
    keys: Keys,
    source: str,
    events: Sequence[Feedback],
    now: datetime,
    *,
    real: datetime | None = None,
    shop_id: int | None = None,
    about: Mail | None = None,
) -> Taken:
    """`source`: who told, by the provider's name. `shop_id`: whose own account told. `about`: the mail, where
    an address of ours says which. `real`: for what the store is told; `now` where that is real time."""
    mails = {one.key: about for one in events} if about else mails_of(database, source, events, shop_id)
    by_shop: dict[int, list[tuple[Feedback, Mail]]] = defaultdict(list)
    for one in events:
        if one.key in mails:
            by_shop[mails[one.key].shop_id].append((one, mails[one.key]))
    early = [one for one in events if one.key not in mails]
    if early:
        keep_early(database, source, early, shop_id, now)
    for shop, told in by_shop.items():
        with database.shops(shop) as session:
            store(session, keys, source, told, now)
    _follow_each(database, by_shop, now, real or now)
    return Taken(len(events) - len(early), len(early))


def follow(database: Database, shop_id: int, now: datetime, real: datetime) -> None:
    """Does what follows from all that this shop was told and that nobody has acted on. Raises what stopped
    one of them, when the others of its batch are done."""
    while rows := _open(database, shop_id, now):
        done, stopped = [], None
        for row in rows:
            try:
                _act(database, shop_id, row, now, real)
            except OperationalError:
                raise
            except Exception as error:  # the others of its batch are done, and then it is raised
                stopped = error
            else:
                done.append(row.id)
        if any(row.kind in (Told.HARD_BOUNCED, Told.COMPLAINED) for row in rows):
            look_at(database, shop_id, now)
        with database.shops(shop_id) as session:
            session.execute(_APPLIED, {"shop": shop_id, "ids": done, "now": now})
        if stopped is not None:
            raise stopped


def follow_all(database: Database, keys: Keys, now: datetime, real: datetime) -> int:
    """What was too early, and what a process left undone. Returns how many events found their mails."""
    found = 0
    by_source: dict[tuple[str, int | None], list[Feedback]] = defaultdict(list)
    for source, shop, told in waiting_early(database, now):
        by_source[source, shop].append(told)
    for (source, shop), events in by_source.items():
        try:
            found += _look_again(database, keys, source, shop, events, now, real)
        except Exception as error:  # it waits for its next turn, and the others have theirs
            told_by = source if shop is None else f"{source} of shop {shop}"
            log.error("what %s told too early was not taken in: %s", told_by, in_short(error))
    with database.crossing() as session:
        shops = session.scalars(text("SELECT DISTINCT shop_id FROM feedback WHERE applied_at IS NULL")).all()
    _follow_each(database, shops, now, real)
    return found


def _look_again(
    database: Database,
    keys: Keys,
    source: str,
    shop_id: int | None,
    events: Sequence[Feedback],
    now: datetime,
    real: datetime,
) -> int:
    mails = mails_of(database, source, events, shop_id)
    known = [one for one in events if one.key in mails]
    if known:
        take_events(database, keys, source, known, now, real=real, shop_id=shop_id)
        drop_early(database, source, known, shop_id)
    return len(known)


def _follow_each(database: Database, shops: Iterable[int], now: datetime, real: datetime) -> None:
    """One shop's trouble is nobody else's: what it was told is stored, and followed at the next look."""
    for shop in shops:
        try:
            follow(database, shop, now, real)
        except Exception as error:  # stored as it is, it is followed at the next look
            log.error("what shop %s was told is not acted on yet: %s", shop, in_short(error))


def _open(database: Database, shop_id: int, now: datetime) -> Sequence[Any]:
    """The next that nobody acted on; how far their mails came is told in the same look."""
    with database.shops(shop_id) as session:
        rows = session.execute(_OPEN, {"shop": shop_id, "limit": BATCH}).all()
        bring_on(session, shop_id, [(row.message_id, Told(row.kind), row.at) for row in rows])
    return rows


def _act(database: Database, shop_id: int, row: Any, now: datetime, real: datetime) -> None:
    """Nobody can be found of whom nothing is left: a person who was forgotten gets no mail anyway."""
    if not row.address_hash:
        return
    if row.kind == Told.HARD_BOUNCED:
        suppress(database, shop_id, row.address_hash, ALL_CLASSES, HARD_BOUNCE, now)
    elif row.kind == Told.SOFT_BOUNCED:
        with database.shops(shop_id) as session:
            rest(session, shop_id, row.address_hash, now)
    elif row.kind in (Told.COMPLAINED, Told.UNSUBSCRIBED):
        complained = row.kind == Told.COMPLAINED
        whole = complained or row.mail_class == MailClass.TRANSACTIONAL
        unsubscribe(
            database,
            shop_id,
            row.message_id,
            ALL_OPTIONAL if whole else [row.mail_class],
            row.address_hash,
            now,
            tell=Tell(row.message_id, real),
            reason=COMPLAINT if complained else UNSUBSCRIBED,
        )


_OPEN = text(
    "SELECT f.id, f.message_id, f.kind, f.at, f.address_hash, m.mail_class FROM feedback f"
    " JOIN messages m ON m.shop_id = f.shop_id AND m.id = f.message_id"
    " WHERE f.shop_id = :shop AND f.applied_at IS NULL ORDER BY f.id LIMIT :limit"
)
_APPLIED = text("UPDATE feedback SET applied_at = :now WHERE shop_id = :shop AND id = any(:ids)")
