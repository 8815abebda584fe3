"""The shop that a command names."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import Row

from app.db import Database
from app.queries.shops import find_shop


def shop_named(database: Database, domain: str) -> Row[Any]:
    """Raises ClickException where there is none."""
    with database.nobody() as session:
        row = find_shop(session, domain)
    if row is None:
        raise click.ClickException(f"There is no shop {domain}. `doorstep shops` lists them.")
    return row
