"""`doorstep audit`: the send ledger against the receiver's own record."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from app.cli.settings import load
from app.clock import Clock
from app.db import open_database
from app.services.audit import audit


@click.command("audit")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def command(as_json: bool) -> None:
    """Compare the send ledger with the receiver's own record.

    In the sandbox that is the mail sink's log. Exits with 1 if anything was doubled, is missing, came
    unexpectedly or got stuck.
    """
    config = load()
    database = open_database(config.database_url, pooled=False)
    with database.crossing() as session:
        found = audit(session, config.record_file, Clock(config.clock_file).now())
    if as_json:
        click.echo(json.dumps(asdict(found)))
    else:
        for name, value in asdict(found).items():
            click.echo(f"{name.replace('_', ' '):18} {'no second record' if value is None else value}")
        click.echo("holds" if found.holds() else "DOES NOT HOLD")
    sys.exit(0 if found.holds() else 1)
