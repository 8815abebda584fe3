"""A shop's logo, by day and for dark screens: the picture of the kit, and those that older mails show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.models.message import CLAIMED, SENDING, SENT, UNKNOWN
from app.queries.brand import Kit
from app.services.brand import AREA, held_kit
from app.services.changes import record
from app.services.logo import Logo

MOST_LOGOS = 20


def set_logo(
    session: Session, shop_id: int, logo: Logo | None, who: str, now: datetime, *, night: bool = False
) -> Kit:
    """None takes the logo away. `night`: the one for dark screens. The form's revision is not touched: a
    logo is no field of it."""
    held = held_kit(session, shop_id)
    column = "night_logo_hash" if night else "logo_hash"
    wanted_hash = logo.hash if logo else None
    before: str | None = getattr(held, column)
    if before == wanted_hash:
        return held
    # The kit's row first: whoever holds it decides which pictures stay.
    if not _put_logo(session, shop_id, column, wanted_hash, now):
        return held_kit(session, shop_id)  # somebody chose the same a moment ago
    if logo is not None:
        _keep_picture(session, shop_id, logo, now)
    _forget_logos(session, shop_id, before)
    which = "logo for dark screens" if night else "logo"
    record(session, shop_id, now, who, AREA, f"{'Set' if logo else 'Removed'} the {which}.")
    return held_kit(session, shop_id)


def _keep_picture(session: Session, shop_id: int, logo: Logo, now: datetime) -> None:
    session.execute(
        text(
            "INSERT INTO brand_logos (shop_id, hash, png, width, height, set_at)"
            " VALUES (:shop, :hash, :png, :width, :height, :now) ON CONFLICT DO NOTHING"
        ),
        {
            "shop": shop_id,
            "hash": logo.hash,
            "png": logo.png,
            "width": logo.width,
            "height": logo.height,
            "now": now,
        },
    )


def _forget_logos(session: Session, shop_id: int, before: str | None) -> None:
    """The one before goes unless a mail may show it, so that trying pictures costs no older mail its own.
    Of all that stay, the shop keeps its newest; the kit's two are never forgotten."""
    session.execute(
        text(
            "DELETE FROM brand_logos l WHERE l.shop_id = :shop"
            " AND NOT EXISTS (SELECT FROM brand_kits b WHERE b.shop_id = :shop"
            "  AND l.hash IN (b.logo_hash, b.night_logo_hash))"
            " AND (l.hash = :before AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.shop_id = :shop"
            "   AND m.state = any(:out) AND m.changed_at >= l.set_at)"
            "  OR l.hash NOT IN (SELECT hash FROM brand_logos WHERE shop_id = :shop"
            "   ORDER BY set_at DESC, hash LIMIT :most))"
        ),
        {
            "shop": shop_id,
            "before": before,
            "out": [CLAIMED, SENDING, SENT, UNKNOWN],
            "most": MOST_LOGOS,
        },
    )


def _put_logo(session: Session, shop_id: int, column: str, hash: str | None, now: datetime) -> bool:
    """False: it is that one already."""
    written = session.execute(
        text(
            f"INSERT INTO brand_kits (shop_id, revision, {column}, changed_at) VALUES (:shop, 0, :hash, :now)"
            f" ON CONFLICT (shop_id) DO UPDATE SET {column} = excluded.{column},"
            f" changed_at = excluded.changed_at WHERE brand_kits.{column} IS DISTINCT FROM excluded.{column}"
        ),
        {"shop": shop_id, "hash": hash, "now": now},
    )
    return written.rowcount == 1
