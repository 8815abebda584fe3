"""What the doctor sees, and which database roles are refused at the start."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from app.cli.checks import examine
from app.cli.migrate import newest
from app.cli.role import refuse_unsafe
from app.cli.servers import Postgres
from app.config import Config, ConfigError
from app.db import open_database
from connectors.base import Reading
from flows.commerce import ParcelStatus
from tests.app.desk import START, a_parcel, an_order, connect_shop


@pytest.fixture
def config(database: tuple[str, str], valkey: str) -> Config:
    return Config(
        address="http://127.0.0.1:8000",
        port=8000,
        data=Path("var"),
        mail_from_domain="mail.example.com",
        database_url=database[0],
        migration_database_url=database[1],
        redis_url=valkey,
        smtp_url="smtp://127.0.0.1:2525",
        secret="s" * 32,
        encryption_keys=(base64.urlsafe_b64encode(b"k" * 32).decode(),),
    )


def wrong(config: Config) -> dict[str, str]:
    return {finding.subject: finding.wrong for finding in examine(config) if finding.wrong}


def test_a_sound_installation_has_nothing_wrong(config: Config) -> None:
    assert wrong(config) == {}
    seen = {finding.subject: finding.seen for finding in examine(config)}
    assert seen["Migrations"] == newest()
    assert seen["Database role"] == "doorstep_app"
    assert seen["PostgreSQL"].startswith("18.")
    assert seen["Valkey"].startswith("9.")


def test_the_owner_of_the_tables_is_refused(config: Config) -> None:
    assert config.migration_database_url is not None
    owner = replace(config, database_url=config.migration_database_url)
    assert "owns tables" in wrong(owner)["Database role"]
    with pytest.raises(ConfigError, match="owns tables"):
        refuse_unsafe(owner)


def test_a_superuser_is_refused(config: Config) -> None:
    superuser = replace(config, database_url=config.database_url.replace("doorstep_app@", "postgres@"))
    with pytest.raises(ConfigError, match="is a superuser"):
        refuse_unsafe(superuser)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("create role test_free login bypassrls", "has BYPASSRLS"),
        ("create role test_free login in role doorstep_owner", "owns tables"),
    ],
)
def test_a_role_that_can_step_over_the_wall_is_refused(
    config: Config, postgres: Postgres, make: str, said: str
) -> None:
    with psycopg.connect(postgres.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(make)
        try:
            free = replace(config, database_url=config.database_url.replace("doorstep_app@", "test_free@"))
            with pytest.raises(ConfigError, match=said):
                refuse_unsafe(free)
        finally:
            connection.execute("drop role test_free")


def test_the_app_s_own_role_may_start(config: Config) -> None:
    refuse_unsafe(config)


def test_a_database_that_is_away_does_not_refuse_the_start(config: Config) -> None:
    refuse_unsafe(replace(config, database_url="postgresql+psycopg://app@/doorstep?host=/nowhere"))


def test_missing_migrations_are_named(config: Config) -> None:
    assert config.migration_database_url is not None
    engine = create_engine(config.migration_database_url)
    with engine.begin() as connection:
        connection.execute(text("delete from alembic_version"))
    engine.dispose()
    assert wrong(config) == {"Migrations": "Run `doorstep migrate`."}


def test_what_fails_each_time_that_it_is_due_is_told(config: Config) -> None:
    desk = connect_shop(open_database(config.database_url, pooled=False))
    desk.now = START + timedelta(days=2)
    parcel = a_parcel(status=ParcelStatus.DELIVERED, delivered_at=desk.now, at=desk.now)
    desk.read(Reading(orders=(an_order(),), parcels=(parcel,)))
    assert "Timers and watches" not in wrong(config)
    desk.rows(
        "UPDATE timers SET error = 'ValueError' WHERE journey_id = (SELECT min(journey_id) FROM timers)"
        " RETURNING 1"
    )
    (told,) = (one for one in examine(config) if one.subject == "Timers and watches")
    assert told.seen == "1 timers (ValueError)" and told.wrong is not None


def test_a_queue_that_forgets_is_named(config: Config) -> None:
    with redis.Redis.from_url(config.redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert "noeviction" in wrong(config)["Valkey maxmemory-policy"]
        finally:
            client.config_set("maxmemory-policy", "noeviction")


def test_servers_that_are_away_are_named(config: Config, tmp_path: Path) -> None:
    away = replace(
        config,
        database_url="postgresql+psycopg://app@/doorstep?host=/nowhere",
        redis_url=f"unix://{tmp_path}/nothing.sock",
    )
    assert wrong(away).keys() == {"PostgreSQL", "Redis"}


def test_a_tls_proxy_that_nobody_mentioned_is_named(config: Config) -> None:
    """Without it, all visitors of the hosted pages have one address."""
    nobody = ("127.0.0.1:1",)
    public = replace(config, address="https://mail.example.com", dns_servers=nobody)
    assert "TRUSTED_PROXIES=1" in wrong(public)["Trusted proxies"]
    assert wrong(replace(public, trusted_proxies=1)).keys() == {"DKIM", "SPF", "DMARC"}
