"""`doorstep audience`: who of a group agreed to offers, as CSV."""

from __future__ import annotations

import sys

import click

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.clock import Clock
from app.db import open_database
from app.keys import Keys
from app.services.audience import as_csv, audience
from app.services.groups import held_groups

WHO = "command line"


@click.command("audience")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--group", "key", required=True, help="The group's key, like best_buyers or own-1.")
def command(shop: str, key: str) -> None:
    """Write the addresses of a group that agreed to offers, as CSV. The list of changes tells of it."""
    config = load()
    database = open_database(config.database_url, pooled=False)
    keys, now = Keys(config.secret, config.encryption_keys), Clock(config.clock_file).now()
    found = shop_named(database, shop)
    with database.shops(found.id) as session:
        groups = {one.group.key: one.group for one in held_groups(session, found.id)}
    if key not in groups:
        raise click.ClickException(f"There is no group {key}. There are: {', '.join(groups)}.")
    sys.stdout.writelines(as_csv(audience(database, keys, found.id, groups[key], WHO, now)))
