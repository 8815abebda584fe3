"""A shop's brand kit: kept by revision, and each change is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.brand import Choice, Kit, load_kits
from app.services.brand_choice import NAMES, WORDS
from app.services.changes import record
from app.services.postal import NO_ADDRESS
from app.services.woken import wake_waiting

AREA = "brand"
# What an empty field means where the store says nothing of it.
_EMPTY = {"tone": "warm", "places": "none"}


class Stale(Exception):
    """Somebody saved meanwhile; nothing was changed."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(f"revision {kit.revision} is stored")
        self.kit = kit


def save(session: Session, shop_id: int, revision: int, choice: Choice, who: str, now: datetime) -> Kit:
    """`revision` is the one that the form was made from. The same choice twice is one change.

    Raises Stale.
    """
    held = held_kit(session, shop_id)
    wanted = choice.on(held)
    if wanted == held:
        return held
    if held.revision != revision:
        raise Stale(held)
    if not _put(session, shop_id, replace(wanted, revision=revision + 1), revision, now):
        now_held = held_kit(session, shop_id)  # somebody was faster by a moment
        if choice.on(now_held) == now_held:
            return now_held
        raise Stale(now_held)
    record(session, shop_id, now, who, AREA, changed_words(held, wanted))
    if wanted.postal_address and not held.postal_address:
        wake_waiting(session, shop_id, [NO_ADDRESS], now)
    return replace(wanted, revision=revision + 1)


def changed_words(before: Kit, after: Kit) -> str:
    """Changed accent to #ffdd00, sender name to Hollow Pine."""
    parts = []
    for name in NAMES:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            empty = _EMPTY.get(name, "as in the shop")
            shown = " ".join(str(is_now).split()) if is_now not in ("", None) else empty
            parts.append(f"{WORDS[name]} to {shown}")
    return f"Changed {', '.join(parts)}."


def held_kit(session: Session, shop_id: int) -> Kit:
    return load_kits(session, [shop_id]).get(shop_id, Kit())


def _put(session: Session, shop_id: int, kit: Kit, revision: int, now: datetime) -> bool:
    """All but the logo. False: what is stored is no longer of `revision`, and stays."""
    columns = ("revision", *NAMES)
    written = session.execute(
        text(
            f"INSERT INTO brand_kits (shop_id, {', '.join(columns)}, changed_at)"
            f" VALUES (:shop, {', '.join(f':{name}' for name in columns)}, :now)"
            " ON CONFLICT (shop_id) DO UPDATE SET changed_at = excluded.changed_at, "
            + ", ".join(f"{name} = excluded.{name}" for name in columns)
            + " WHERE brand_kits.revision = :was"
        ),
        {"shop": shop_id, "now": now, "was": revision, **{name: getattr(kit, name) for name in columns}},
    )
    return written.rowcount == 1
