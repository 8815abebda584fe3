"""How Alembic runs our migrations: one at a time, and never waiting long for a lock."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

# Any two processes that migrate one database take turns by this number; nothing else uses it.
_TURN = 7_201_415_001


def run(connection: Connection) -> None:
    # A session lock, held over all transactions of the run.
    connection.execute(text("select pg_advisory_lock(:turn)"), {"turn": _TURN})
    connection.commit()
    # A migration that cannot have its lock at once would block every request behind it: it gives up.
    connection.execute(text("set lock_timeout = '2s'"))
    connection.commit()
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as opened:
    run(opened)
