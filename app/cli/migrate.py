"""`doorstep migrate`: brings the database to the newest shape."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command as alembic_command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection

import migrations
from app.cli.settings import load
from app.config import ConfigError


@click.command("migrate")
def command() -> None:
    """Bring the database to the newest shape.

    Runs as the owner of the tables (MIGRATION_DATABASE_URL) and gives the role of DATABASE_URL what
    the app needs. Safe to run again, and from several machines at once: they take turns.
    """
    config = load()
    if config.migration_database_url is None:
        raise ConfigError(["MIGRATION_DATABASE_URL is missing: migrations run as the owner of the tables."])
    upgrade(config.migration_database_url, role_of(config.database_url))
    click.echo(f"The database is at {newest()}.")


def upgrade(owner_url: str, app_role: str) -> None:
    """Runs every migration that is missing, as the owner of the tables, and lets `app_role` read and
    write what they make. Two at once wait for each other."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            _open_to(connection, app_role)
    finally:
        engine.dispose()
    alembic_command.upgrade(alembic_config(owner_url, app_role), "head")


def alembic_config(owner_url: str, app_role: str) -> AlembicConfig:
    """Alembic without an ini file: the scripts are found through the package."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    config.attributes["url"] = owner_url
    config.attributes["app_role"] = app_role
    return config


def newest() -> str | None:
    """The newest migration that this program knows."""
    return ScriptDirectory(str(Path(migrations.__path__[0]))).get_current_head()


def role_of(url: str) -> str:
    """The role that an address logs in as. Raises ValueError where it names none."""
    name = make_url(url).username
    if not name:
        raise ValueError("the database address names no role: postgresql://ROLE:PASSWORD@HOST/DATABASE")
    return name


def _open_to(connection: Connection, app_role: str) -> None:
    role = connection.dialect.identifier_preparer.quote_identifier(app_role)
    connection.execute(text(f"grant usage on schema public to {role}"))
    for rights, things in (
        ("select, insert, update, delete", "tables"),
        ("usage, select", "sequences"),
        ("execute", "functions"),
    ):
        connection.execute(
            text(f"alter default privileges in schema public grant {rights} on {things} to {role}")
        )
