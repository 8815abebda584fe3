"""The acknowledgement of a webhook: one INSERT, nothing parsed, nothing needed but the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Database
from connectors.base import Verified
from flows.commerce import Platform

HINT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Door:
    """Which shop a delivery is for: Shopify names its domain, WooCommerce's path has our token."""

    platform: Platform
    domain: str | None = None
    token: str | None = None


_INSERT = text(
    "INSERT INTO inbox (shop_id, topic, dedupe, body, triggered_at, received_at)"
    " SELECT id, :topic, :dedupe, :body, :triggered_at, :real FROM shops"
    " WHERE platform = :platform AND (state <> 'uninstalled' OR :by_law)"
    " AND (domain = :domain OR token = :token) ON CONFLICT DO NOTHING"
)


def accept(database: Database, door: Door, delivery: Verified, body: bytes, real: datetime) -> str:
    """Returns "stored", "duplicate" or "unknown_shop". A new delivery costs one statement. A shop that
    has left is unknown, but for what the law lets people demand of us after it."""
    dedupe = delivery.dedupe
    if delivery.hint:
        # Such bodies repeat byte for byte: two within ten minutes are one hint, later ones are new.
        dedupe = f"{dedupe}:{int(real.timestamp()) // HINT_SECONDS}"
    with database.nobody() as session:
        stored = session.execute(
            _INSERT,
            {
                "topic": delivery.topic,
                "dedupe": dedupe,
                "body": body,
                "triggered_at": delivery.triggered_at,
                "real": real,
                "platform": door.platform,
                "domain": door.domain,
                "token": door.token,
                "by_law": delivery.by_law,
            },
        )
        if stored.rowcount == 1:
            return "stored"
        known = session.execute(
            text(
                "SELECT 1 FROM shops WHERE platform = :platform AND (state <> 'uninstalled' OR :by_law)"
                " AND (domain = :domain OR token = :token)"
            ),
            {
                "platform": door.platform,
                "domain": door.domain,
                "token": door.token,
                "by_law": delivery.by_law,
            },
        ).first()
    return "duplicate" if known else "unknown_shop"


def count_drop(database: Database, platform: Platform, reason: str, real: datetime) -> None:
    """What was answered 200 and not kept: by day and reason, for the operator."""
    with database.nobody() as session:
        session.execute(
            text(
                "INSERT INTO drops (day, platform, reason, count) VALUES (:day, :platform, :reason, 1)"
                " ON CONFLICT (day, platform, reason) DO UPDATE SET count = drops.count + 1"
            ),
            {"day": real.date(), "platform": platform, "reason": reason},
        )
