"""Demands by law: told to us by the platform, stored, worked off by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.db import Database, Session, put_rows
from app.keys import Keys
from app.models.privacy import privacy_requests
from connectors.news import PrivacyAsk
from flows.plain import to_plain

# Shopify and the GDPR both give thirty days; we are done within minutes or say why not.
TIME_ALLOWED = timedelta(days=30)


def hear(session: Session, asked: Sequence[tuple[int, PrivacyAsk]], real: datetime) -> None:
    """Stores demands; one that is known already changes nothing."""
    put_rows(
        session,
        privacy_requests,
        [
            {
                "shop_id": shop,
                "kind": ask.kind,
                "key": ask.key,
                "body": to_plain(ask),
                "received_at": real,
                "due_at": real + TIME_ALLOWED,
                "next_at": real,
                "attempts": 0,
            }
            for shop, ask in asked
        ],
        "ON CONFLICT (shop_id, kind, key) DO NOTHING",
    )


def run_request(database: Database, keys: Keys, now: datetime, real: datetime) -> bool:
    """Works off the request that is due first. False: none was due."""
    raise NotImplementedError
