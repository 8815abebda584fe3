"""A shop's connection: connected, in need of reconnecting, uninstalled, and connected anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.services.features import FULL_HISTORY, enabled
from app.services.locks import lock_shop
from app.services.pauses import pause, resume
from app.services.polls import HISTORY, ORDERS, begin_again, wish_again
from app.services.respite import note_answer, note_fault
from connectors.base import AccessLost, StoreFrozen, StoreGone
from connectors.shopify.scopes import missing_scopes
from flows.commerce import ShopProfile

# How long a write to a store may be in hand.
WRITE_LEASE = timedelta(minutes=3)
# So often a write is tried, which is some days.
WRITE_TRIES = 80
# A look that a shut door refused comes again after half an hour: what is due within this time was refused ten
# minutes ago or earlier.
KNOCKED_LONG_AGO = timedelta(minutes=20)


def note_failure(session: Session, shop_id: int, error: Exception, real: datetime) -> bool:
    """What a failed call says of the connection; `real`: when the work began that it failed for. False: the
    merchant has granted anew since, so it says nothing, and trying again at once may help."""
    if isinstance(error, AccessLost):
        if _granted_since(session, shop_id, real):
            return False
        mark_needs_reconnect(session, shop_id, str(error)[:500], real)
    elif isinstance(error, StoreFrozen | StoreGone):
        session.execute(
            text("UPDATE shops SET problem = :problem WHERE id = :id AND state = 'connected'"),
            {"id": shop_id, "problem": str(error)[:500]},
        )
        pause(session, shop_id, real)
    else:
        note_fault(session, shop_id, error, real)
    return True


def mark_needs_reconnect(session: Session, shop_id: int, problem: str, real: datetime) -> None:
    """The store no longer lets us in: the shop waits."""
    marked = session.execute(
        text(
            "UPDATE shops SET state = 'needs_reconnect', problem = :problem"
            " WHERE id = :id AND state = 'connected'"
        ),
        {"id": shop_id, "problem": problem},
    )
    if marked.rowcount:
        pause(session, shop_id, real)


def _granted_since(session: Session, shop_id: int, real: datetime) -> bool:
    """The shop is locked first, so that a grant that is being stored counts as well."""
    lock_shop(session, shop_id)
    changed_at: datetime | None = session.execute(
        text("SELECT changed_at FROM shop_secrets WHERE shop_id = :id"), {"id": shop_id}
    ).scalar_one_or_none()
    return changed_at is not None and changed_at > real


def look_whether_open(session: Session, shop_ids: Collection[int], real: datetime) -> None:
    """A good delivery came from shops that do not let us in. It proves that the store signs, and nothing of
    our key, so it changes nothing but when we look: at once, where no look was refused within ten minutes,
    and what lets us in then is a read (`note_success`). Shopify signs with the app's secret: there not even
    that."""
    if shop_ids:
        session.execute(
            _LOOK, {"ids": list(shop_ids), "real": real, "refused_long_ago": real + KNOCKED_LONG_AGO}
        )


_LOOK = text(
    "UPDATE polls p SET next_at = :real FROM shops s WHERE s.id = p.shop_id AND s.id = any(:ids)"
    " AND s.state = 'needs_reconnect' AND s.platform <> 'shopify'"
    f" AND p.noun = '{ORDERS}' AND NOT p.held AND p.next_at > :real AND p.next_at <= :refused_long_ago"
)


def note_success(session: Session, shop_id: int, noun: str, began: datetime | None = None) -> None:
    """A listing was read to its end: our key opens the store. Where it was the orders, what is known is new
    again, and the shop goes on. A success of work that `began` (real time) before the shop had to wait says
    nothing of what came later."""
    healed = session.execute(
        text(
            "UPDATE shops SET state = 'connected', problem = NULL WHERE id = :id"
            " AND state = 'needs_reconnect' AND coalesce(paused_at <= :began, true)"
        ),
        {"id": shop_id, "began": began},
    )
    if healed.rowcount and began is not None:
        wish_again(session, shop_id, began)
        write_again(session, shop_id, began, refused=False)
    if began is not None:
        note_answer(session, shop_id, began)
    if noun == ORDERS:
        resume(session, shop_id, began)


def is_current(session: Session, shop_id: int, triggered_at: datetime | None) -> bool:
    """Whether "uninstalled" is about the present connection: stores repeat such a message for hours, and
    a merchant who came back meanwhile must not be thrown out by it."""
    changed_at = session.execute(
        text("SELECT changed_at FROM shop_secrets WHERE shop_id = :id"), {"id": shop_id}
    ).scalar_one_or_none()
    return triggered_at is None or changed_at is None or triggered_at >= changed_at


def end_what_was_before(session: Session, shop_id: int, removed_at: datetime | None, now: datetime) -> None:
    """Removed at `removed_at` and installed again before we heard of it: what began before the removal ends
    as it would have. What the merchant sees switched on stays so, and so does the generation: a new one
    would hear the orders of the last minutes once more, and confirm them twice."""
    back = session.execute(
        text(
            "UPDATE shops s SET connected_at = k.changed_at FROM shop_secrets k"
            " WHERE k.shop_id = s.id AND s.id = :id AND s.connected_at < :removed AND :removed < k.changed_at"
        ),
        {"id": shop_id, "removed": removed_at},
    )
    if not back.rowcount:
        return
    before = {"id": shop_id, "now": now, "removed": removed_at}
    for statement in _END_BEFORE:
        session.execute(statement, before)


_OLD = "SELECT id FROM journeys WHERE shop_id = :id AND started_at < :removed"
_END_BEFORE = (
    text(
        "UPDATE messages SET state = 'cancelled', reason = 'uninstalled', changed_at = :now"
        f" WHERE shop_id = :id AND state IN ('due', 'claimed') AND journey_id IN ({_OLD})"
    ),
    text(f"DELETE FROM timers WHERE shop_id = :id AND journey_id IN ({_OLD})"),
    text(
        "UPDATE journeys SET status = 'ended', end_reason = 'uninstalled', wake_at = NULL,"
        " revision = revision + 1, changed_at = :now"
        " WHERE shop_id = :id AND status = 'active' AND started_at < :removed"
    ),
    text("DELETE FROM shop_plans WHERE shop_id = :id AND verified_at < :removed"),
    text("DELETE FROM store_writes WHERE shop_id = :id AND state <> 'done' AND asked_at < :removed"),
)


_OF_A_GENERATION = (
    "wishes",
    "polls",
    "flow_switches",
    "features",
    "shop_plans",
    "store_health",
    "shipment_words",
    "held_mails",
    "watches",
)


def close_generation(session: Session, shop_id: int, now: datetime) -> None:
    """Uninstalled: from this commit on nothing of this generation is handed over any more."""
    session.execute(
        text(
            "UPDATE messages SET state = 'cancelled', reason = 'uninstalled', changed_at = :now"
            " WHERE shop_id = :id AND state IN ('due', 'claimed')"
        ),
        {"id": shop_id, "now": now},
    )
    session.execute(text("DELETE FROM timers WHERE shop_id = :id"), {"id": shop_id})
    session.execute(
        text(
            "UPDATE journeys SET status = 'ended', end_reason = 'uninstalled', wake_at = NULL,"
            " revision = revision + 1, changed_at = :now WHERE shop_id = :id AND status = 'active'"
        ),
        {"id": shop_id, "now": now},
    )
    for table in _OF_A_GENERATION:
        session.execute(text(f"DELETE FROM {table} WHERE shop_id = :id"), {"id": shop_id})
    # Whoever renews the token holds its row while the store is asked, and throws it away himself then.
    session.execute(
        text(
            "DELETE FROM shop_secrets WHERE shop_id IN"
            " (SELECT shop_id FROM shop_secrets WHERE shop_id = :id FOR UPDATE SKIP LOCKED)"
        ),
        {"id": shop_id},
    )
    session.execute(text("DELETE FROM store_writes WHERE shop_id = :id AND state <> 'done'"), {"id": shop_id})
    session.execute(
        text(
            "UPDATE shops SET state = 'uninstalled', problem = NULL, pages_prefix = '', scopes = '',"
            " paused_at = NULL WHERE id = :id"
        ),
        {"id": shop_id},
    )


def set_scopes(session: Session, shop_id: int, granted: Collection[str]) -> None:
    """The rights that the store gives us from now on."""
    session.execute(
        text("UPDATE shops SET scopes = :scopes WHERE id = :id AND state <> 'uninstalled'"),
        {"id": shop_id, "scopes": ",".join(granted)},
    )


def take_rights(session: Session, shop_id: int, granted: Collection[str], real: datetime) -> None:
    """The same, by whichever way we learn of them. With new ones, what waited for them goes on, and orders
    that were out of sight are read."""
    held = session.execute(text("SELECT scopes FROM shops WHERE id = :id"), {"id": shop_id}).scalar_one()
    new = missing_scopes(held, granted)
    set_scopes(session, shop_id, granted)
    if new:
        write_again(session, shop_id, real)
    if set(FULL_HISTORY.scopes) <= set(new) and enabled(session, [shop_id], FULL_HISTORY.key):
        begin_again(session, shop_id, HISTORY, real)


def write_again(session: Session, shop_id: int, real: datetime, *, refused: bool = True) -> None:
    """What waits for rights or was given up gets another chance: the merchant came by, or without what the
    store `refused`, where it is only our key that opens it again. What may be in hand just now keeps its
    lease, or it would be done twice."""
    session.execute(
        text(
            "UPDATE store_writes SET state = 'open', attempts = 0, next_at ="
            " CASE WHEN state = 'open' AND next_at < 'infinity' THEN least(next_at, :soon) ELSE :real END"
            " WHERE shop_id = :shop AND state <> 'done'"
            " AND (:refused OR state = 'open' OR attempts >= :tries)"
        ),
        {
            "shop": shop_id,
            "real": real,
            "soon": real + WRITE_LEASE,
            "refused": refused,
            "tries": WRITE_TRIES,
        },
    )


def set_profile(session: Session, shop_id: int, profile: ShopProfile) -> None:
    """Takes over what the store says of itself; an empty answer keeps what is known. An answer that comes
    after the removal is nobody's any more."""
    session.execute(
        text(
            "UPDATE shops SET "
            + ", ".join(f"{name} = coalesce(nullif(:{name}, ''), {name})" for name in _NAMES)
            + ", for_tests = coalesce(:for_tests, for_tests)"
            + " WHERE id = :id AND state <> 'uninstalled'"
        ),
        {
            "id": shop_id,
            "for_tests": profile.for_tests,
            **{name: getattr(profile, name) for name in _NAMES},
        },
    )


_NAMES = ("name", "url", "email", "currency", "timezone", "locale", "country", "address", "platform_id")
