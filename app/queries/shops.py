"""The directory of shops."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from flows.commerce import Platform


def shop_by_domain(session: Session, platform: Platform, domain: str) -> Row[Any] | None:
    return session.execute(
        text("SELECT * FROM shops WHERE platform = :platform AND domain = :domain"),
        {"platform": platform, "domain": domain},
    ).one_or_none()


def all_shops(session: Session) -> list[Row[Any]]:
    return list(session.execute(text("SELECT * FROM shops ORDER BY id")))


def find_shop(session: Session, domain: str) -> Row[Any] | None:
    """By domain alone, as operators type it."""
    return session.execute(
        text("SELECT * FROM shops WHERE domain = :domain ORDER BY id LIMIT 1"), {"domain": domain}
    ).one_or_none()
