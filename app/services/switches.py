"""A merchant's switches: on means new events only, off stops hand-overs at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session, see_shops
from app.services.locks import lock_shop
from app.services.polls import HOOKS, SINCE_EVER, begin_again
from flows.guards import UNDO


def switch(session: Session, shop_id: int, flow_key: str, on: bool, now: datetime) -> bool:
    """Whether it stood the other way before; a second press changes nothing."""
    lock_shop(session, shop_id)
    was = session.execute(
        text("SELECT enabled FROM flow_switches WHERE shop_id = :shop AND flow_key = :flow"),
        {"shop": shop_id, "flow": flow_key},
    ).scalar()
    if bool(was) is on:
        return False
    (switch_on if on else switch_off)(session, shop_id, flow_key, now)
    return True


def may_be_undone(session: Session, shop_id: int, flow_key: str, now: datetime) -> bool:
    """Whether it went off less than ten seconds ago: switching it on then restores everything."""
    ends_at = session.execute(
        text("SELECT ends_at FROM flow_switches WHERE shop_id = :shop AND flow_key = :flow AND NOT enabled"),
        {"shop": shop_id, "flow": flow_key},
    ).scalar()
    return ends_at is not None and bool(now < ends_at)


def switch_on(session: Session, shop_id: int, flow_key: str, now: datetime) -> None:
    """From now on. Within the ten seconds of undo after an off, it is as if nothing had happened; after
    them the journeys of before are over."""
    lock_shop(session, shop_id)
    late = session.execute(
        text("SELECT 1 FROM flow_switches WHERE shop_id = :shop AND flow_key = :flow AND ends_at <= :now"),
        {"shop": shop_id, "flow": flow_key, "now": now},
    )
    if late.first():
        end_flow(session, shop_id, flow_key, now)
    session.execute(
        text(
            "INSERT INTO flow_switches (shop_id, flow_key, enabled, since) VALUES (:shop, :flow, true, :now)"
            " ON CONFLICT (shop_id, flow_key) DO UPDATE SET enabled = true, ends_at = NULL,"
            " since = CASE WHEN flow_switches.enabled OR flow_switches.ends_at > :now"
            " THEN flow_switches.since ELSE excluded.since END"
        ),
        {"shop": shop_id, "flow": flow_key, "now": now},
    )
    _tell_the_store(session, shop_id)


def switch_off(session: Session, shop_id: int, flow_key: str, now: datetime) -> None:
    """No mail of this flow is handed over any more; its journeys end when the undo has passed.

    Open rows are put behind the undo instead of being cancelled, so that an undo loses none.
    """
    lock_shop(session, shop_id)
    session.execute(
        text(
            "UPDATE flow_switches SET enabled = false, ends_at = :ends"
            " WHERE shop_id = :shop AND flow_key = :flow AND enabled"
        ),
        {"shop": shop_id, "flow": flow_key, "ends": now + UNDO},
    )
    session.execute(
        text(
            "UPDATE messages SET state = 'due', lease_until = NULL, token = token + 1,"
            " next_at = greatest(next_at, :ends), changed_at = :now"
            " WHERE shop_id = :shop AND flow_key = :flow AND state IN ('due', 'claimed')"
        ),
        {"shop": shop_id, "flow": flow_key, "ends": now + UNDO, "now": now},
    )
    _tell_the_store(session, shop_id)


def _tell_the_store(session: Session, shop_id: int) -> None:
    """Where a plugin holds back mails of the store that ours take the place of, it hears of it at once: off,
    so that no customer gets neither, and on, so that none gets both for long. Whoever is just telling it how
    things were has to begin anew."""
    begin_again(session, shop_id, HOOKS, SINCE_EVER)


def end_switched_off(database: Database, now: datetime) -> int:
    """Ends the journeys of flows whose undo has passed. Returns how many flows that were."""
    with database.crossing() as session:
        over = session.execute(
            text(
                "SELECT shop_id, flow_key FROM flow_switches WHERE ends_at <= :now ORDER BY shop_id, flow_key"
            ),
            {"now": now},
        ).all()
        see_shops(session, {row.shop_id for row in over})
        for row in over:
            lock_shop(session, row.shop_id)
            end_flow(session, row.shop_id, row.flow_key, now)
        return len(over)


def end_flow(session: Session, shop_id: int, flow_key: str, now: datetime) -> None:
    """Ends its journeys and cancels their mails. The shop is locked."""
    parameters = {"shop": shop_id, "flow": flow_key, "now": now}
    session.execute(
        text(
            "DELETE FROM timers t USING journeys j WHERE j.id = t.journey_id AND j.shop_id = :shop"
            " AND j.flow_key = :flow AND j.status = 'active'"
        ),
        parameters,
    )
    session.execute(
        text(
            "UPDATE journeys SET status = 'ended', end_reason = 'flow_off', wake_at = NULL,"
            " revision = revision + 1, changed_at = :now"
            " WHERE shop_id = :shop AND flow_key = :flow AND status = 'active'"
        ),
        parameters,
    )
    session.execute(
        text(
            "UPDATE messages SET state = 'cancelled', reason = 'flow_off', changed_at = :now"
            " WHERE shop_id = :shop AND flow_key = :flow AND state IN ('due', 'claimed')"
        ),
        parameters,
    )
    session.execute(
        text("UPDATE flow_switches SET ends_at = NULL WHERE shop_id = :shop AND flow_key = :flow"),
        parameters,
    )
