"""What `doorstep doctor` looks at."""

from __future__ import annotations

import sys
from importlib.metadata import version

import redis
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.cli.api_version import examine_api
from app.cli.healing_checks import healing
from app.cli.mail_domain import examine_mail_domain
from app.cli.migrate import newest
from app.cli.role import Finding, examine_role
from app.clock import Clock
from app.config import Config
from app.db import open_database
from app.keys import Keys
from app.queries.privacy import open_demands
from app.services.sealing import seals, unneeded
from connectors.shopify.webhooks import COMPLIANCE

OLDEST_POSTGRES = 15
OLDEST_REDIS = (6, 2)
_SKEW = 2.0  # seconds between this host and the database that leases still bear


def examine(config: Config) -> list[Finding]:
    return [
        _python(),
        *_packages(),
        *_database(config),
        *_seals(config),
        *_demands(config),
        *_queue(config),
        *_sending(config),
        *examine_mail_domain(config),
        *examine_api(config),
    ]


def _python() -> Finding:
    seen = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", seen, None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed.")


def _packages() -> list[Finding]:
    return [Finding(name, version(name)) for name in ("rq", "redis", "sqlalchemy", "flask")]


def _database(config: Config) -> list[Finding]:
    engine = create_engine(config.database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return [
                _database_version(connection),
                examine_role(connection),
                _migrations(connection),
                _skew(connection),
                *healing(connection, Clock().real()),
            ]
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return [
            Finding("PostgreSQL", reason, "The database does not answer. Is DATABASE_URL right, is it up?")
        ]


def _database_version(connection: Connection) -> Finding:
    number = int(connection.execute(text("select current_setting('server_version_num')")).scalar_one())
    wrong = f"PostgreSQL {OLDEST_POSTGRES} or newer is needed." if number < OLDEST_POSTGRES * 10_000 else None
    return Finding("PostgreSQL", f"{number // 10_000}.{number % 10_000}", wrong)


def _migrations(connection: Connection) -> Finding:
    head = newest()
    known = connection.execute(text("select to_regclass('public.alembic_version')")).scalar_one()
    row = connection.execute(text("select version_num from alembic_version")).scalar() if known else None
    if row == head:
        return Finding("Migrations", str(row))
    return Finding("Migrations", f"{row or 'none'}, newest is {head}", "Run `doorstep migrate`.")


def _skew(connection: Connection) -> Finding:
    theirs = connection.execute(text("select clock_timestamp()")).scalar_one()
    seconds = (theirs - Clock().real()).total_seconds()
    wrong = "Set both clocks by NTP: leases are taken by time." if abs(seconds) > _SKEW else None
    return Finding("Clock", f"the database is {seconds:+.3f} s from this host", wrong)


def _seals(config: Config) -> list[Finding]:
    """Older encryption keys: still needed, or to be taken out. A database that is away is told above."""
    keys = Keys(config.secret, config.encryption_keys)
    try:
        held = seals(open_database(config.database_url, pooled=False), keys)
    except SQLAlchemyError:
        return []
    strange = sum(held.values()) - sum(held[name] for name in keys.ids)
    if strange:
        wrong = "Put the missing key back into DOORSTEP_ENCRYPTION_KEYS, or let their shops connect again."
        return [Finding("Encryption keys", f"none opens {strange} of the seals", wrong)]
    old = sum(held[name] for name in keys.ids[1:])
    if old:
        return [Finding("Encryption keys", f"{old} seals need an older one", "Run `doorstep keys rotate`.")]
    idle = f", {len(unneeded(keys, held))} older not needed any more" if keys.ids[1:] else ""
    return [Finding("Encryption keys", f"{keys.ids[0]} seals everything{idle}")]


def _demands(config: Config) -> list[Finding]:
    """What people and shops demand of us by law."""
    database = open_database(config.database_url, pooled=False)
    try:
        with database.crossing() as session:
            found = open_demands(session, Clock().real(), COMPLIANCE)
    except SQLAlchemyError:
        return []  # the database has its own finding
    seen = f"{found.open} open" + (f", {found.failing} of them failing" if found.failing else "")
    if found.set_aside:
        unread = "They could not be read: `doorstep inbox list` says why. The law's time for them runs."
        return [Finding("Demands by law", f"{seen}, {found.set_aside} more set aside", unread)]
    late = f"{found.overdue} past what the law allows. " if found.overdue else ""
    wrong = (
        f"{late}`SELECT * FROM privacy_requests WHERE done_at IS NULL` as the owner of the tables says why."
    )
    return [Finding("Demands by law", seen, wrong if found.failing or found.overdue else None)]


def _queue(config: Config) -> list[Finding]:
    try:
        with redis.Redis.from_url(config.redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            server = client.info("server")
            policy = client.info("memory").get("maxmemory_policy", "unknown")
    except (redis.RedisError, ValueError) as error:
        return [Finding("Redis", str(error), "Redis does not answer. Is REDIS_URL right, is it up?")]
    name = "Valkey" if "valkey_version" in server else "Redis"
    seen = str(server.get("valkey_version") or server["redis_version"])
    speaks = tuple(int(part) for part in str(server["redis_version"]).split(".")[:2])
    old = None if speaks >= OLDEST_REDIS else "Redis 6.2, Valkey 7.2 or newer is needed."
    evicts = None if policy == "noeviction" else "Set maxmemory-policy to noeviction: jobs must not vanish."
    return [Finding(name, seen, old), Finding(f"{name} maxmemory-policy", str(policy), evicts)]


def _sending(config: Config) -> list[Finding]:
    shopify = "connects" if config.shopify_api_key else "not set up: only WooCommerce shops can connect"
    return [
        Finding("Address", config.address),
        _proxies(config),
        Finding("Mail from", config.mail_from_domain),
        Finding("Shopify", shopify),
        Finding("Sandbox", "on" if config.sandbox else "off"),
    ]


def _proxies(config: Config) -> Finding:
    """The web server speaks plain http, so something stands in front of it where the address is https."""
    alone = config.address.startswith("https://") and not config.trusted_proxies
    wrong = "Say how many proxies stand in front, or all visitors count as one: TRUSTED_PROXIES=1."
    return Finding("Trusted proxies", str(config.trusted_proxies), wrong if alone else None)
