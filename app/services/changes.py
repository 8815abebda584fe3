"""What merchants changed: written with the change itself, read on the page it was made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.change import admin_changes


class Stale(Exception):
    """Somebody else saved since the form was opened, and nothing was changed. `present`: by field, what
    is stored now."""

    def __init__(self, present: Mapping[str, Any]) -> None:
        super().__init__("changed meanwhile")
        self.present = present


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    words: str


def record(session: Session, shop_id: int, at: datetime, who: str, area: str, words: str) -> None:
    """`area` is the page it belongs to ("flow:review_request", "brand"), `words` a whole sentence."""
    row = {"shop_id": shop_id, "at": at, "who": who, "area": area, "words": words}
    put_rows(session, admin_changes, [row])


def latest(session: Session, shop_id: int, area: str, limit: int = 5) -> list[Change]:
    """Newest first."""
    rows = session.execute(
        text(
            "SELECT at, who, words FROM admin_changes WHERE shop_id = :shop AND area = :area"
            " ORDER BY id DESC LIMIT :limit"
        ),
        {"shop": shop_id, "area": area, "limit": limit},
    )
    return [Change(row.at, row.who, row.words) for row in rows]
