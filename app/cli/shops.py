"""`doorstep shops`: who is connected."""

from __future__ import annotations

import json

import click

from app.cli.settings import load
from app.db import open_database
from app.queries.shops import all_shops


@click.command("shops")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list of domain, platform, state.")
def command(as_json: bool) -> None:
    """List the shops that are or were connected."""
    database = open_database(load().database_url, pooled=False)
    with database.nobody() as session:
        rows = all_shops(session)
    listed = [
        {
            "domain": row.domain,
            "platform": row.platform,
            "state": row.state,
            "generation": row.generation,
            "imported": row.imported_at is not None,
            "paused": row.paused_at is not None,
        }
        for row in rows
    ]
    if as_json:
        click.echo(json.dumps(listed))
        return
    if not listed:
        click.echo("No shop is connected yet. `doorstep up` connects the two sandbox stores.")
    for row in rows:
        problem = f"  ({row.problem})" if row.problem else "  (waits)" if row.paused_at else ""
        click.echo(f"{row.domain:40} {row.platform:12} {row.state}{problem}")
