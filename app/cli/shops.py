"""`doorstep shops`: who is connected."""

from __future__ import annotations

import json

import click

from app.cli.settings import load
from app.db import open_database
from app.queries.shops import all_shops
from app.services.install import believe_next_store


@click.command("shops")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list of domain, platform, state.")
@click.option(
    "--rebuilt",
    metavar="SHOP",
    help="A WooCommerce shop was built anew under its old address, by the same merchant: it may connect.",
)
def command(as_json: bool, rebuilt: str | None) -> None:
    """List the shops that are or were connected."""
    database = open_database(load().database_url, pooled=False)
    if rebuilt is not None:
        if not believe_next_store(database, rebuilt):
            raise click.ClickException(f"There is no WooCommerce shop {rebuilt}.")
        click.echo(f"{rebuilt}: the next store that answers there with its merchant's keys is believed.")
        return
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
