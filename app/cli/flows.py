"""`doorstep flows`: a shop's switches, for operators without an admin page at hand."""

from __future__ import annotations

import click

from app.cli.settings import load
from app.clock import Clock
from app.db import open_database
from app.models.shop import UNINSTALLED
from app.queries.facts import load_settings
from app.queries.shops import find_shop
from app.services.switches import switch_off, switch_on
from flows.presets import PRESETS


@click.command("flows")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--on", "on", multiple=True, help="Switch a flow on: from now on, new events only.")
@click.option("--off", "off", multiple=True, help="Switch a flow off: its journeys end 10 seconds later.")
def command(shop: str, on: tuple[str, ...], off: tuple[str, ...]) -> None:
    """List the flows of a shop; switch some on or off."""
    config = load()
    known = {flow.key for flow in PRESETS}
    unknown = sorted({*on, *off} - known)
    if unknown:
        raise click.UsageError(f"No such flow: {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    database = open_database(config.database_url, pooled=False)
    now = Clock(config.clock_file).now()
    with database.nobody() as session:
        row = find_shop(session, shop)
    if row is None:
        raise click.ClickException(f"There is no shop {shop}. `doorstep shops` lists them.")
    if row.state == UNINSTALLED:
        raise click.ClickException(f"{shop} is uninstalled: nothing can be switched there.")
    with database.shops(row.id) as session:
        for key in on:
            switch_on(session, row.id, key, now)
        for key in off:
            switch_off(session, row.id, key, now)
        settings = load_settings(session, [row.id])
    for flow in PRESETS:
        setting = settings.get((row.id, flow.key))
        state = f"on since {setting.since:%Y-%m-%d %H:%M} UTC" if setting and setting.enabled else "off"
        click.echo(f"{flow.key:24} {state}")
