"""The database role that the app logs in as: one that row-level security binds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.config import Config, ConfigError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `wrong` says what to do, None: it is as it should be."""

    subject: str
    seen: str
    wrong: str | None = None


def refuse_unsafe(config: Config) -> None:
    """Raises ConfigError where the database role would see every shop's rows, whatever the policies
    say. A database that does not answer now is no reason: it may come back."""
    engine = create_engine(config.database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            found = examine_role(connection)
    except SQLAlchemyError:
        return
    if found.wrong:
        raise ConfigError([f"DATABASE_URL: {found.wrong}"])


def examine_role(connection: Connection) -> Finding:
    row = connection.execute(
        text(
            "select r.rolname, r.rolsuper, r.rolbypassrls, exists (select from pg_class c"
            " where pg_has_role(r.oid, c.relowner, 'MEMBER') and c.relnamespace = 'public'::regnamespace"
            ") as owner from pg_roles r where r.rolname = current_user"
        )
    ).one()
    faults = [
        words
        for is_so, words in (
            (row.rolsuper, "is a superuser"),
            (row.rolbypassrls, "has BYPASSRLS"),
            (row.owner, "owns tables"),
        )
        if is_so
    ]
    if not faults:
        return Finding("Database role", row.rolname)
    return Finding(
        "Database role",
        row.rolname,
        f"the role {row.rolname} {' and '.join(faults)}, so the wall between shops would not hold. "
        "Let the app log in as an ordinary role of its own, and keep the owner for MIGRATION_DATABASE_URL.",
    )
