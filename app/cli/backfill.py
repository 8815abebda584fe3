"""`doorstep backfill`: ask for orders of before the connection too, which never happens by itself."""

from __future__ import annotations

from datetime import timedelta

import click

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.clock import Clock
from app.db import open_database
from app.keys import Keys
from app.models.shop import UNINSTALLED
from app.services.backfill import DAYS, NotAsked, backfill, count, why_not
from flows.earlier import MAY_ASK


@click.command("backfill")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--flow", type=click.Choice(sorted(MAY_ASK)), required=True, help="The flow's key.")
@click.option("--days", type=click.Choice([str(days) for days in DAYS]), default=str(DAYS[-1]))
@click.option("--yes", is_flag=True, help="Do it, instead of counting.")
def command(shop: str, flow: str, days: str, yes: bool) -> None:
    """Count the earlier orders that a flow could ask for; with --yes, ask for them."""
    config = load()
    database = open_database(config.database_url, pooled=False)
    keys, now = Keys(config.secret, config.encryption_keys), Clock(config.clock_file).now()
    since = now - timedelta(days=int(days))
    row = shop_named(database, shop)
    if row.state == UNINSTALLED:
        raise click.ClickException(f"{shop} is uninstalled: nothing can be asked for there.")
    with database.shops(row.id) as session:
        if words := why_not(session, row.id, flow):
            raise click.ClickException(words)
        if not yes:
            found = count(session, row.id, flow, since, now, keys)
            click.echo(f"{_orders(found)} of the last {days} days. Nothing was started; --yes does it.")
            return
        try:
            asked = backfill(session, row.id, flow, since, now, keys, who="doorstep backfill")
        except NotAsked as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(f"{_orders(asked.begun)} {'was' if asked.begun == 1 else 'were'} asked for.")
    if asked.over:
        click.echo(f"{asked.over} were not: the month's orders of the plan are used up.")


def _orders(number: int) -> str:
    return f"{number} earlier {'order' if number == 1 else 'orders'}"
