"""How a shop looks and speaks, as mails and pages need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import text

from app.db import Session

# Of a shop: language -> key -> the merchant's own sentence.
OwnWords = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the merchant chose; empty values: as in the store, or our default. `places`: addresses of the
    brand elsewhere, one a line."""

    accent: str = ""
    ink: str = ""
    page: str = ""
    fonts: str = ""
    radius: int | None = None
    sender_name: str = ""
    support_name: str = ""
    support_email: str = ""
    postal_address: str = ""
    tone: str = ""
    places: str = ""

    def keeping(self, values: Mapping[str, Any]) -> Choice:
        """With these fields as they are given: a preview shows what is stored where the typed is wrong."""
        return replace(self, **values)

    def on(self, kit: Kit) -> Kit:
        """The kit as it would be with this choice."""
        return replace(kit, **{field.name: getattr(self, field.name) for field in fields(Choice)})


@dataclass(frozen=True, slots=True)
class Kit(Choice):
    """A choice as it is stored, and the logo, by day and on dark screens. `revision` 0: no kit is stored
    yet."""

    revision: int = 0
    logo_hash: str | None = None
    logo_width: int = 0
    logo_height: int = 0
    night_logo_hash: str | None = None
    night_logo_width: int = 0
    night_logo_height: int = 0


# Columns of the pictures, not of the kit.
_SIZES = {
    "logo_width": "l.width",
    "logo_height": "l.height",
    "night_logo_width": "n.width",
    "night_logo_height": "n.height",
}


def load_kits(session: Session, shop_ids: Collection[int]) -> dict[int, Kit]:
    names = list(Kit.__dataclass_fields__)
    columns = ", ".join(
        f"coalesce({_SIZES[name]}, 0) AS {name}" if name in _SIZES else f"b.{name}" for name in names
    )
    rows = session.execute(
        text(
            f"SELECT b.shop_id, {columns} FROM brand_kits b"
            " LEFT JOIN brand_logos l ON l.shop_id = b.shop_id AND l.hash = b.logo_hash"
            " LEFT JOIN brand_logos n ON n.shop_id = b.shop_id AND n.hash = b.night_logo_hash"
            " WHERE b.shop_id = any(:ids)"
        ),
        {"ids": list(shop_ids)},
    )
    return {row.shop_id: Kit(**{name: getattr(row, name) for name in names}) for row in rows}


def load_own_words(session: Session, shop_ids: Collection[int]) -> dict[int, OwnWords]:
    found: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    rows = session.execute(
        text("SELECT shop_id, language, key, text FROM texts WHERE shop_id = any(:ids)"),
        {"ids": list(shop_ids)},
    )
    for row in rows:
        found[row.shop_id][row.language][row.key] = row.text
    return {shop: dict(words) for shop, words in found.items()}
