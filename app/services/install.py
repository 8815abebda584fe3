"""A shop comes in through its door: one-time references, the connection itself, a new generation."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, as_json, put_rows, see_shops
from app.keys import Keys
from app.models.journey import flow_switches
from app.services.connection import take_rights, write_again
from app.services.polls import TOKEN, schedule_polls
from app.services.tokens import keep_secrets, scopes_of
from flows.commerce import Platform
from flows.presets import STARTER

REFERENCE_LIFE = timedelta(minutes=15)
A_DAY = timedelta(days=1)


class UnknownReference(Exception):
    """A reference that was never given out, is used, or is too old."""


class AnotherStore(Exception):
    """Another store answers at the address now than the one whose orders we keep under it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    platform: Platform
    domain: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Connected:
    shop_id: int
    token: str
    generation: int
    is_new: bool
    scopes: tuple[str, ...] = ()


def begin_attempt(
    database: Database, keys: Keys, attempt: Attempt, real: datetime, life: timedelta = REFERENCE_LIFE
) -> str:
    """A one-time reference of 256 random bits, stored hashed."""
    reference = random.token_urlsafe(32)
    with database.nobody() as session:
        session.execute(
            text(
                "INSERT INTO install_attempts (reference_hash, platform, domain, base_url, expires_at)"
                " VALUES (:hash, :platform, :domain, :base_url, :expires)"
            ),
            {
                "hash": keys.reference_hash(reference),
                "platform": attempt.platform,
                "domain": attempt.domain,
                "base_url": attempt.base_url,
                "expires": real + life,
            },
        )
    return reference


def use_attempt(database: Database, keys: Keys, reference: str, real: datetime) -> Attempt:
    """Redeems a reference, once. Raises UnknownReference."""
    with database.nobody() as session:
        row = session.execute(
            text(
                "UPDATE install_attempts SET used_at = :real WHERE reference_hash = :hash"
                " AND used_at IS NULL AND expires_at > :real RETURNING platform, domain, base_url"
            ),
            {"hash": keys.reference_hash(reference), "real": real},
        ).one_or_none()
    if row is None:
        raise UnknownReference("this installation was not begun here, is done already, or took too long")
    return Attempt(Platform(row.platform), row.domain, row.base_url)


def attempt_result(database: Database, keys: Keys, reference: str) -> str | None:
    """The address of the store that has answered this attempt and whose keys were proved, or None."""
    with database.nobody() as session:
        address: str | None = session.execute(
            text(
                "SELECT base_url FROM install_attempts WHERE reference_hash = :hash AND shop_id IS NOT NULL"
            ),
            {"hash": keys.reference_hash(reference)},
        ).scalar_one_or_none()
        return address


def attempt_done(database: Database, keys: Keys, reference: str, shop_id: int) -> None:
    """Notes which shop an attempt led to."""
    with database.nobody() as session:
        session.execute(
            text("UPDATE install_attempts SET shop_id = :shop WHERE reference_hash = :hash"),
            {"shop": shop_id, "hash": keys.reference_hash(reference)},
        )


def attempt_failed(
    database: Database, keys: Keys, reference: str, findings: Sequence[Mapping[str, str]]
) -> None:
    """Keeps why the store that answered was not connected, for the merchant to read."""
    with database.nobody() as session:
        session.execute(
            text(
                "UPDATE install_attempts SET findings = CAST(:findings AS jsonb) WHERE reference_hash = :hash"
            ),
            {"findings": as_json(list(findings)), "hash": keys.reference_hash(reference)},
        )


def attempt_failure(database: Database, keys: Keys, reference: str) -> tuple[str, list[dict[str, str]]]:
    """The address that was tried and what was in the way; nothing for one that is unknown or went well."""
    with database.nobody() as session:
        row = session.execute(
            text(
                "SELECT base_url, findings FROM install_attempts WHERE reference_hash = :hash"
                " AND shop_id IS NULL AND findings <> '[]'"
            ),
            {"hash": keys.reference_hash(reference)},
        ).one_or_none()
    return ("", []) if row is None else (row.base_url, row.findings)


def forget_attempts(database: Database, real: datetime) -> None:
    """Attempts that came to nothing are not kept."""
    with database.nobody() as session:
        session.execute(text("DELETE FROM install_attempts WHERE expires_at < :old"), {"old": real - A_DAY})


def connect(
    database: Database,
    keys: Keys,
    attempt: Attempt,
    credentials: dict[str, str],
    now: datetime,
    real: datetime,
    store_id: str = "",
    begins_with: Sequence[str] = STARTER,
) -> Connected:
    """Stores a shop with what opens its store. A shop that was connected keeps its generation (it
    only renews its keys); one that was uninstalled begins a new one, and nothing of the old sends.
    `store_id`: what the store calls itself, where it does; what is known of it must be repeated. Raises
    AnotherStore. `begins_with`: the flows that are on in a new generation."""
    with database.nobody() as session:
        _must_be_the_same(session, attempt, store_id)
        return connect_within(session, keys, attempt, credentials, now, real, begins_with)


def connect_within(
    session: Session,
    keys: Keys,
    attempt: Attempt,
    credentials: dict[str, str],
    now: datetime,
    real: datetime,
    begins_with: Sequence[str] = STARTER,
) -> Connected:
    """As above, in a transaction that has locks of its own. A shop that was paused stays so until its orders
    have been read."""
    row = session.execute(
        text(
            "INSERT INTO shops (platform, domain, token, base_url, state, connected_at)"
            " VALUES (:platform, :domain, :token, :base_url, 'connected', :now)"
            " ON CONFLICT (platform, domain) DO UPDATE SET base_url = excluded.base_url,"
            " generation = shops.generation + (shops.state = 'uninstalled')::int,"
            " connected_at = CASE WHEN shops.state = 'uninstalled' THEN excluded.connected_at"
            "  ELSE shops.connected_at END,"
            " imported_at = CASE WHEN shops.state = 'uninstalled' THEN NULL ELSE shops.imported_at END,"
            " token = CASE WHEN shops.state = 'uninstalled' THEN excluded.token ELSE shops.token END,"
            " state = 'connected', problem = NULL, pages_prefix = ''"
            " RETURNING id, token, generation, connected_at = :now AS is_new"
        ),
        {
            "platform": attempt.platform,
            "domain": attempt.domain,
            "token": random.token_urlsafe(24),
            "base_url": attempt.base_url,
            "now": now,
        },
    ).one()
    see_shops(session, [row.id])
    keep_secrets(session, row.id, keys, credentials, real)
    scopes = scopes_of(credentials)
    take_rights(session, row.id, scopes, real)
    write_again(session, row.id, real)
    schedule_polls(session, row.id, attempt.platform, now, real)
    if row.is_new:
        _begin_with(session, row.id, begins_with, now)
    if attempt.platform is Platform.SHOPIFY:
        _look_after_the_token(session, row.id, now, real)
    return Connected(row.id, row.token, row.generation, row.is_new, tuple(scopes))


def _begin_with(session: Session, shop_id: int, flows: Sequence[str], now: datetime) -> None:
    """On from the first moment of a generation, which keeps no switches of the one before."""
    put_rows(
        session,
        flow_switches,
        [{"shop_id": shop_id, "flow_key": key, "enabled": True, "since": now} for key in flows],
        "ON CONFLICT DO NOTHING",
    )


def _must_be_the_same(session: Session, attempt: Attempt, store_id: str) -> None:
    """Names change hands: who owns one now must not find the orders of who owned it before, nor take over
    what is connected. Whoever says no name is not the one whose name is known. Raises AnotherStore."""
    known = session.execute(
        text("SELECT platform_id FROM shops WHERE platform = :platform AND domain = :domain FOR UPDATE"),
        {"platform": attempt.platform, "domain": attempt.domain},
    ).scalar_one_or_none()
    if known and known != store_id:
        raise AnotherStore(attempt.domain)


def believe_next_store(database: Database, domain: str) -> bool:
    """The operator has made sure that whatever store answers at a WooCommerce shop's address now is the same
    merchant's: it may connect. False: there is no such shop."""
    with database.nobody() as session:
        believed = session.execute(
            text("UPDATE shops SET platform_id = '' WHERE platform = 'woocommerce' AND domain = :domain"),
            {"domain": domain},
        )
    return bool(believed.rowcount)


def _look_after_the_token(session: Session, shop_id: int, now: datetime, real: datetime) -> None:
    session.execute(
        text(
            "INSERT INTO polls (shop_id, noun, watermark, next_at) VALUES (:shop, :noun, :now, :next_at)"
            " ON CONFLICT DO NOTHING"
        ),
        {"shop": shop_id, "noun": TOKEN, "now": now, "next_at": real + A_DAY},
    )
