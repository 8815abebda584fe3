"""Turning a feature on and off: what it begins with, and what ends with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.services import changes
from app.services.features import FULL_HISTORY, OWN_REVIEWS, THEME_STARS, Feature
from app.services.listed_reviews import leave_list, owe_whole_list
from app.services.polls import HISTORY, begin_again
from app.services.rights import missing_rights
from app.services.stars import owe_all_stars

AREA = "settings"


def turn_on(
    session: Session, shop_id: int, feature: Feature, who: str, now: datetime, real: datetime
) -> tuple[str, ...]:
    """The rights that it still lacks: what it owes the store waits for them."""
    missing = missing_rights(session, shop_id, feature)
    if not _turn(session, shop_id, feature, True, now):
        return missing
    changes.record(session, shop_id, now, who, AREA, f"Turned on: {feature.title}.")
    if feature is THEME_STARS:
        owe_all_stars(session, shop_id, real)
    if feature is OWN_REVIEWS:
        owe_whole_list(session, shop_id, real)
    if feature is FULL_HISTORY and not missing:
        begin_again(session, shop_id, HISTORY, real)
    return missing


def turn_off(
    session: Session, shop_id: int, feature: Feature, who: str, now: datetime, real: datetime
) -> None:
    """What was not written yet is not written any more; what the store holds stays there."""
    if not _turn(session, shop_id, feature, False, now):
        return
    changes.record(session, shop_id, now, who, AREA, f"Turned off: {feature.title}.")
    if feature is OWN_REVIEWS:
        leave_list(session, shop_id, real)
        return
    session.execute(
        text("DELETE FROM store_writes WHERE shop_id = :shop AND kind = :kind AND state <> 'done'"),
        {"shop": shop_id, "kind": feature.writes},
    )


def _turn(session: Session, shop_id: int, feature: Feature, on: bool, now: datetime) -> bool:
    """False: it was so already."""
    turned = session.execute(
        text(
            "INSERT INTO features AS f (shop_id, key, enabled, changed_at) SELECT :shop, :key, :on, :now"
            " WHERE :on OR EXISTS (SELECT FROM features WHERE shop_id = :shop AND key = :key)"
            " ON CONFLICT (shop_id, key) DO UPDATE SET enabled = excluded.enabled,"
            " changed_at = excluded.changed_at WHERE f.enabled <> excluded.enabled"
        ),
        {"shop": shop_id, "key": feature.key, "on": on, "now": now},
    )
    return bool(turned.rowcount)
