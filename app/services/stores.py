"""A shop's store as connectors need it, with its secrets opened; and the shop's lock."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.models.shop import UNINSTALLED
from connectors.base import Store
from flows.commerce import Platform
from wire.http import HttpClient


def lock_shop(session: Session, shop_id: int) -> None:
    """Waits until nobody else writes to this shop: one writer a shop."""
    session.execute(text("SELECT id FROM shops WHERE id = :id FOR NO KEY UPDATE"), {"id": shop_id})


def open_store(session: Session, shop_id: int, secrets: Keys, http: HttpClient) -> Store | None:
    """None where the shop is uninstalled or was never given its keys."""
    row = session.execute(
        text(
            "SELECT s.*, k.sealed FROM shops s JOIN shop_secrets k ON k.shop_id = s.id WHERE s.id = :id"
        ),
        {"id": shop_id},
    ).one_or_none()
    if row is None or row.state == UNINSTALLED:
        return None
    return Store(
        platform=Platform(row.platform),
        domain=row.domain,
        base_url=row.base_url,
        http=http,
        currency=row.currency,
        timezone=row.timezone,
        secrets=secrets.unseal(row.id, bytes(row.sealed)),
    )


def keep_secrets(session: Session, shop_id: int, secrets: Keys, values: dict[str, str], now: object) -> None:
    session.execute(
        text(
            "INSERT INTO shop_secrets (shop_id, sealed, changed_at) VALUES (:id, :sealed, :now)"
            " ON CONFLICT (shop_id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at"
        ),
        {"id": shop_id, "sealed": secrets.seal(shop_id, values), "now": now},
    )
