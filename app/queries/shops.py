"""The directory of shops."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from app.models.shop import UNINSTALLED
from flows.commerce import Platform

_SHOPIFY = ".myshopify.com"


def shop_by_domain(session: Session, platform: Platform, domain: str) -> Row[Any] | None:
    if "\0" in domain:  # no text of the database holds one
        return None
    return session.execute(
        text("SELECT * FROM shops WHERE platform = :platform AND domain = :domain"),
        {"platform": platform, "domain": domain},
    ).one_or_none()


def shop_by_token(session: Session, platform: Platform, token: str) -> Row[Any] | None:
    return session.execute(
        text("SELECT * FROM shops WHERE platform = :platform AND token = :token"),
        {"platform": platform, "token": token},
    ).one_or_none()


def shop_of_token(session: Session, token: str) -> Row[Any] | None:
    """Of whatever platform: a token is one shop's alone."""
    if "\0" in token:
        return None
    return session.execute(text("SELECT * FROM shops WHERE token = :token"), {"token": token}).one_or_none()


def shop_at(session: Session, domain: str) -> Row[Any] | None:
    """The shop that a public address names by its domain alone. The name itself says the platform, so no
    shop of one is ever shown at an address of the other's."""
    platform = Platform.SHOPIFY if domain.endswith(_SHOPIFY) else Platform.WOOCOMMERCE
    return shop_by_domain(session, platform, domain)


def open_shop_at(session: Session, domain: str) -> Row[Any] | None:
    """As above, while the app is in the shop."""
    shop = shop_at(session, domain)
    return shop if shop is not None and shop.state != UNINSTALLED else None


def all_shops(session: Session) -> list[Row[Any]]:
    return list(session.execute(text("SELECT * FROM shops ORDER BY id")))


def find_shop(session: Session, domain: str) -> Row[Any] | None:
    """By domain alone, as operators type it; the first one where both platforms know it."""
    if "\0" in domain:
        return None
    return session.execute(
        text("SELECT * FROM shops WHERE domain = :domain ORDER BY id LIMIT 1"), {"domain": domain}
    ).one_or_none()
