"""A shop whose store does not let us in waits: nothing is woken or handed over on what may be old by now.

What falls due meanwhile is put behind every other instant, so that waiting costs nothing; journeys and mails
keep their own instants. When the shop's orders have been read again, what was put away comes back by these,
and whatever has become too late expires as usual.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.models.shop import PARKED, SHOP_PAUSED
from app.services.ledger import Claimed, Settled, settle_within
from app.services.locks import lock_shop
from app.services.polls import HOOKS, SINCE_EVER, begin_again


def pause(session: Session, shop_id: int, real: datetime) -> None:
    """From this commit on nothing of the shop is handed over. The lock on the shop comes first: whoever
    plans or wakes holds it, so what is planned later finds the shop paused, and is put away when it is
    touched. So every further failure of a shop that waits costs nothing more."""
    paused = session.execute(
        text(
            "UPDATE shops SET paused_at = :real"
            " WHERE id = :id AND state <> 'uninstalled' AND paused_at IS NULL"
        ),
        {"id": shop_id, "real": real},
    )
    if not paused.rowcount:
        return
    begin_again(session, shop_id, HOOKS, SINCE_EVER)  # the store's own mails are sent again meanwhile
    # Those in hand alone: what merely waits is put away when it falls due, so a shop with a hundred thousand
    # mails pauses at once. In the order of their ids, as whoever cancels a person's mails: neither waits
    # for the other.
    session.execute(
        text(
            "UPDATE messages SET state = 'due', lease_until = NULL, token = token + 1, next_at = :parked,"
            " reason = :reason WHERE state = 'claimed' AND id IN (SELECT id FROM messages"
            " WHERE shop_id = :id AND state = 'claimed' ORDER BY id FOR NO KEY UPDATE)"
        ),
        {"id": shop_id, "parked": PARKED, "reason": SHOP_PAUSED},
    )


def resume(session: Session, shop_id: int, began: datetime | None = None) -> bool:
    """What was put away is due by its own instants again. False: the shop was not paused, or cannot be
    asked yet, or was paused since `began` (real time), when the reading began that allows it."""
    lock_shop(session, shop_id)
    resumed = session.execute(
        text(
            "UPDATE shops SET paused_at = NULL, problem = NULL"
            " WHERE id = :id AND paused_at IS NOT NULL AND state = 'connected'"
            " AND coalesce(paused_at <= :began, true)"
        ),
        {"id": shop_id, "began": began},
    )
    if not resumed.rowcount:
        return False
    begin_again(session, shop_id, HOOKS, SINCE_EVER)
    parameters = {"id": shop_id, "parked": PARKED, "lanes": [0, 1, 2]}
    session.execute(
        text(
            "UPDATE timers t SET due_at = j.wake_at FROM journeys j WHERE j.id = t.journey_id"
            " AND j.shop_id = :id AND j.wake_at IS NOT NULL"
            " AND t.lane = any(:lanes) AND t.shop_id = :id AND t.due_at >= :parked"
        ),
        parameters,
    )
    session.execute(
        text(
            "UPDATE messages SET next_at = due_at, reason = NULL"
            " WHERE state = 'due' AND lane = any(:lanes) AND shop_id = :id AND next_at >= :parked"
        ),
        parameters,
    )
    # Looked at anew, an order says by itself when it is to be looked at.
    session.execute(
        text("UPDATE watches SET due_at = :began WHERE lane = 0 AND shop_id = :id AND due_at >= :parked"),
        {**parameters, "began": SINCE_EVER},
    )
    return True


def put_away(session: Session, table: str, shop_ids: Collection[int], now: datetime) -> None:
    """What falls due in paused shops, whose rows are locked: of timers or watches."""
    if shop_ids:
        session.execute(
            text(
                f"UPDATE {table} SET due_at = :parked"
                " WHERE lane = any(:lanes) AND shop_id = any(:shops) AND due_at <= :now"
            ),
            {"parked": PARKED, "lanes": [0, 1, 2], "shops": list(shop_ids), "now": now},
        )


def put_away_mails(database: Database, claimed: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Claimed mails without those of paused shops. Asked after the claim's commit: a pause that comes
    later takes the claim back itself. A shop cannot go on until its mails are put away, else it would
    leave them there."""
    shop_ids = sorted({row.shop_id for row in claimed})
    with database.shops(*shop_ids) as session:
        rows = session.execute(
            text("SELECT id FROM shops WHERE id = any(:ids) AND paused_at IS NOT NULL ORDER BY id FOR SHARE"),
            {"ids": shop_ids},
        )
        paused = {row.id for row in rows}
        waits = [row for row in claimed if row.shop_id in paused]
        if waits:
            away = [Settled(row.id, row.token, "due", SHOP_PAUSED, PARKED) for row in waits]
            settle_within(session, away, now)
    return [row for row in claimed if row.shop_id not in paused]
