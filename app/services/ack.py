"""The acknowledgement of a webhook: one INSERT, nothing parsed, nothing needed but the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database
from connectors.base import Verified
from connectors.woocommerce.places import LANGUAGE_FOLDER, without_language
from flows.commerce import Platform

HINT_SECONDS = 600
ANOTHER_SITE = "another_site"
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Door:
    """Which shop a delivery is for: Shopify names its domain, WooCommerce's path has our token. `source`:
    the place that a WooCommerce shop says that it is at, "" where it says nothing."""

    platform: Platform
    domain: str | None = None
    token: str | None = None
    source: str = ""


# Whether the shop itself speaks: a copy of it has its token and its signature, and is somewhere else.
_AT_HOME = (
    "(:source = '' OR regexp_replace(lower(domain), :www, '') IN (:source, :plain)"
    " OR regexp_replace(regexp_replace(lower(domain), :www, ''), :language, '') = :source)"
)
_WWW = r"^www\."
_INSERT = text(
    "INSERT INTO inbox (shop_id, topic, dedupe, body, triggered_at, received_at)"
    " SELECT id, :topic, :dedupe, :body, :triggered_at, :real FROM shops"
    " WHERE platform = :platform AND (state <> 'uninstalled' OR :by_law)"
    f" AND (domain = :domain OR token = :token) AND {_AT_HOME} ON CONFLICT DO NOTHING"
)


def accept(database: Database, door: Door, delivery: Verified, body: bytes, real: datetime) -> str:
    """Returns "stored", "duplicate", "unknown_shop" or "another_site". A new delivery costs one statement. A
    shop that has left is unknown, but for what the law lets people demand of us after it."""
    dedupe = delivery.dedupe
    if delivery.hint:
        # Such bodies repeat byte for byte: two within ten minutes are one hint, later ones are new.
        dedupe = f"{dedupe}:{int(real.timestamp()) // HINT_SECONDS}"
    place = {
        "source": door.source,
        "plain": without_language(door.source),
        "www": _WWW,
        "language": LANGUAGE_FOLDER,
    }
    with database.nobody() as session:
        stored = session.execute(
            _INSERT,
            {
                **place,
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
                f"SELECT {_AT_HOME} AS at_home FROM shops"
                " WHERE platform = :platform AND (state <> 'uninstalled' OR :by_law)"
                " AND (domain = :domain OR token = :token)"
            ),
            {
                **place,
                "platform": door.platform,
                "domain": door.domain,
                "token": door.token,
                "by_law": delivery.by_law,
            },
        ).first()
    if known is None:
        return "unknown_shop"
    return "duplicate" if known.at_home else ANOTHER_SITE


def note_stray(database: Database, door: Door, real: datetime) -> None:
    """For the page about the connection: a copy is left alone, and a shop that has moved is not cut off
    without a word. Once a minute is enough."""
    with database.nobody() as session:
        shop_id = session.execute(
            text("SELECT id FROM shops WHERE platform = :platform AND token = :token"),
            {"platform": door.platform, "token": door.token},
        ).scalar_one_or_none()
    if shop_id is None:
        return
    with database.shops(shop_id) as session:
        session.execute(
            _STRAYED, {"shop": shop_id, "source": door.source[:300], "real": real, "again": real - A_MINUTE}
        )


_STRAYED = text(
    "INSERT INTO store_health AS h (shop_id, strayed_from, strayed_at) SELECT id, :source, :real FROM shops"
    " WHERE id = :shop AND state <> 'uninstalled'"
    " ON CONFLICT (shop_id) DO UPDATE SET strayed_from = excluded.strayed_from,"
    " strayed_at = excluded.strayed_at"
    " WHERE h.strayed_at IS NULL OR h.strayed_at < :again OR h.strayed_from <> excluded.strayed_from"
)


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
