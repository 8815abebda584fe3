"""A shop's connection: connected, in need of reconnecting, uninstalled, and connected anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from flows.commerce import ShopProfile


def mark_needs_reconnect(session: Session, shop_id: int, problem: str) -> None:
    """The store no longer answers us. Journeys and open mails go on with what is known."""
    session.execute(
        text(
            "UPDATE shops SET state = 'needs_reconnect', problem = :problem"
            " WHERE id = :id AND state = 'connected'"
        ),
        {"id": shop_id, "problem": problem},
    )


def mark_connected(session: Session, shop_ids: Collection[int]) -> None:
    """A valid delivery or answer is the proof that the connection works again."""
    if shop_ids:
        session.execute(
            text(
                "UPDATE shops SET state = 'connected', problem = NULL"
                " WHERE id = any(:ids) AND state = 'needs_reconnect'"
            ),
            {"ids": list(shop_ids)},
        )


def is_current(session: Session, shop_id: int, triggered_at: datetime | None) -> bool:
    """Whether "uninstalled" is about the present connection: stores repeat such a message for hours, and
    a merchant who came back meanwhile must not be thrown out by it."""
    changed_at = session.execute(
        text("SELECT changed_at FROM shop_secrets WHERE shop_id = :id"), {"id": shop_id}
    ).scalar_one_or_none()
    return triggered_at is None or changed_at is None or triggered_at >= changed_at


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
    for table in ("shop_secrets", "wishes", "polls", "flow_switches"):
        session.execute(text(f"DELETE FROM {table} WHERE shop_id = :id"), {"id": shop_id})
    session.execute(
        text("UPDATE shops SET state = 'uninstalled', problem = NULL, pages_prefix = '' WHERE id = :id"),
        {"id": shop_id},
    )


def set_scopes(session: Session, shop_id: int, granted: Collection[str]) -> None:
    """The rights that the store gives us from now on."""
    session.execute(
        text("UPDATE shops SET scopes = :scopes WHERE id = :id"),
        {"id": shop_id, "scopes": ",".join(granted)},
    )


def set_profile(session: Session, shop_id: int, profile: ShopProfile) -> None:
    """Takes over what the store says of itself; an empty answer keeps what is known."""
    session.execute(
        text(
            "UPDATE shops SET "
            + ", ".join(f"{name} = coalesce(nullif(:{name}, ''), {name})" for name in _NAMES)
            + " WHERE id = :id"
        ),
        {"id": shop_id, **{name: getattr(profile, name) for name in _NAMES}},
    )


_NAMES = ("name", "url", "email", "currency", "timezone", "locale", "country", "address", "platform_id")
