"""A shop's brand kit: what a merchant wrote is checked, kept by revision, and each change is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.models.message import CLAIMED, SENDING, SENT, UNKNOWN
from app.queries.brand import Choice, Kit, load_kits
from app.services.changes import record
from app.services.logo import Logo
from emails.address import valid_address
from emails.fonts import FONTS
from emails.message import Brand

AREA = "brand"
LARGEST_RADIUS = 24
MOST_LOGOS = 20
_DEFAULT = Brand("", "", "", "")
_LIMITS = {"sender_name": 60, "support_name": 40, "support_email": 254, "postal_address": 300}
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


NAMES = tuple(field.name for field in fields(Choice))
WORDS = {
    "accent": "accent",
    "ink": "text colour",
    "page": "page colour",
    "fonts": "type",
    "radius": "corners",
    "sender_name": "sender name",
    "support_name": "support contact",
    "support_email": "support address",
    "postal_address": "postal address",
}


class Stale(Exception):
    """Somebody saved meanwhile; nothing was changed."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(f"revision {kit.revision} is stored")
        self.kit = kit


def checked(form: Mapping[str, str]) -> tuple[Choice, dict[str, str]]:
    """The fields that are right, and by name what is wrong with the others."""
    errors: dict[str, str] = {}
    good: dict[str, Any] = {}
    for name in ("accent", "ink", "page"):
        written = form.get(name, "").strip()
        found = _COLOUR.fullmatch(written)
        if written and not found:
            errors[name] = "A colour is written as # and six digits or letters a to f, like #2a5bd7."
        elif found:
            good[name] = _six(found[1])
    good["fonts"] = form.get("fonts", "") if form.get("fonts", "") in FONTS else ""
    radius = form.get("radius", "").strip()
    if radius and not (radius.isascii() and radius.isdecimal() and int(radius[:4]) <= LARGEST_RADIUS):
        errors["radius"] = f"Corners go from 0 to {LARGEST_RADIUS} pixels."
    elif radius and int(radius) != _DEFAULT.radius:
        good["radius"] = int(radius)
    for name, limit in _LIMITS.items():
        written = _CONTROL.sub(" ", form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")).strip()
        if name != "postal_address":
            written = " ".join(written.split())
        if len(written) > limit:
            errors[name] = f"At most {limit} letters; this has {len(written)}."
        elif name == "support_email" and written and valid_address(written) is None:
            errors[name] = "This is no e-mail address that mail can reach."
        elif name == "postal_address" and written.count("\n") > 5:
            errors[name] = "At most six lines."
        else:
            good[name] = written
    return Choice(**good), errors


def save(session: Session, shop_id: int, revision: int, choice: Choice, who: str, now: datetime) -> Kit:
    """`revision` is the one that the form was made from. The same choice twice is one change.

    Raises Stale.
    """
    held = _held(session, shop_id)
    wanted = choice.on(held)
    if wanted == held:
        return held
    if held.revision != revision:
        raise Stale(held)
    if not _put(session, shop_id, replace(wanted, revision=revision + 1), revision, now):
        now_held = _held(session, shop_id)  # somebody was faster by a moment
        if choice.on(now_held) == now_held:
            return now_held
        raise Stale(now_held)
    record(session, shop_id, now, who, AREA, changed_words(held, wanted))
    return replace(wanted, revision=revision + 1)


def set_logo(session: Session, shop_id: int, logo: Logo | None, who: str, now: datetime) -> Kit:
    """None takes the logo away. The form's revision is not touched: a logo is no field of it."""
    held = _held(session, shop_id)
    if held.logo_hash == (logo.hash if logo else None):
        return held
    # The kit's row first: whoever holds it decides which pictures stay.
    if not _put_logo(session, shop_id, logo.hash if logo else None, now):
        return _held(session, shop_id)  # somebody chose the same a moment ago
    if logo is not None:
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
    wanted = replace(
        held,
        logo_hash=logo.hash if logo else None,
        logo_width=logo.width if logo else 0,
        logo_height=logo.height if logo else 0,
    )
    _forget_logos(session, shop_id, held.logo_hash, wanted.logo_hash)
    record(session, shop_id, now, who, AREA, "Set the logo." if logo else "Removed the logo.")
    return wanted


def _forget_logos(session: Session, shop_id: int, before: str | None, current: str | None) -> None:
    """The one before goes unless a mail may show it, so that trying pictures costs no older mail its own.
    Of all that stay, the shop keeps its newest."""
    session.execute(
        text(
            "DELETE FROM brand_logos l WHERE l.shop_id = :shop"
            " AND l.hash IS DISTINCT FROM CAST(:current AS text)"
            " AND (l.hash = :before AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.shop_id = :shop"
            "   AND m.state = any(:out) AND m.changed_at >= l.set_at)"
            "  OR l.hash NOT IN (SELECT hash FROM brand_logos WHERE shop_id = :shop"
            "   ORDER BY set_at DESC, hash LIMIT :most))"
        ),
        {
            "shop": shop_id,
            "before": before,
            "current": current,
            "out": [CLAIMED, SENDING, SENT, UNKNOWN],
            "most": MOST_LOGOS,
        },
    )


def changed_words(before: Kit, after: Kit) -> str:
    """Changed accent to #ffdd00, sender name to Hollow Pine."""
    parts = []
    for name in NAMES:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            shown = " ".join(str(is_now).split()) if is_now not in ("", None) else "as in the shop"
            parts.append(f"{WORDS[name]} to {shown}")
    return f"Changed {', '.join(parts)}."


def _held(session: Session, shop_id: int) -> Kit:
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


def _put_logo(session: Session, shop_id: int, hash: str | None, now: datetime) -> bool:
    """False: it is that one already."""
    written = session.execute(
        text(
            "INSERT INTO brand_kits (shop_id, revision, logo_hash, changed_at) VALUES (:shop, 0, :hash, :now)"
            " ON CONFLICT (shop_id) DO UPDATE SET logo_hash = excluded.logo_hash,"
            " changed_at = excluded.changed_at WHERE brand_kits.logo_hash IS DISTINCT FROM excluded.logo_hash"
        ),
        {"shop": shop_id, "hash": hash, "now": now},
    )
    return written.rowcount == 1


def _six(digits: str) -> str:
    whole = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return f"#{whole.lower()}"
