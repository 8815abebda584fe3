"""`doorstep flows`: what the flows are, and a shop's switches for operators without an admin page at hand."""

from __future__ import annotations

import json

import click

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.clock import Clock
from app.db import open_database
from app.models.shop import UNINSTALLED
from app.queries.settings import load_settings
from app.services.switches import switch_off, switch_on
from app.words.catalogue import in_lines, plain_of
from app.words.flow_page import page
from flows.facts import FlowSetting
from flows.presets import PRESETS


@click.command("flows")
@click.option("--shop", help="The shop's domain: its switches, instead of what the flows are.")
@click.option("--on", "on", multiple=True, help="Switch a flow on: from now on, new events only.")
@click.option("--off", "off", multiple=True, help="Switch a flow off: its journeys end 10 seconds later.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON list.")
@click.option("--doc", "as_doc", is_flag=True, help="As the page docs/flows.md.")
def command(shop: str | None, on: tuple[str, ...], off: tuple[str, ...], as_json: bool, as_doc: bool) -> None:
    """Print the flows: what starts them, their mails, knobs and ends. * marks what a new shop begins with.

    With --shop, list the flows of a shop; switch some on or off.
    """
    if shop is None:
        if on or off:
            raise click.UsageError("Name the --shop whose flows are switched.")
        _catalogue(as_json, as_doc)
        return
    states = _switched(shop, on, off)
    if as_json:
        click.echo(
            json.dumps([{"key": key, "on": since is not None, "since": since} for key, since in states])
        )
        return
    for key, since in states:
        click.echo(f"{key:24} {f'on since {since} UTC' if since else 'off'}")


def _catalogue(as_json: bool, as_doc: bool) -> None:
    if as_doc:
        click.echo(page(), nl=False)
    elif as_json:
        click.echo(json.dumps([plain_of(flow) for flow in PRESETS], indent=2))
    else:
        click.echo("\n\n".join("\n".join(in_lines(flow)) for flow in PRESETS))


def _switched(shop: str, on: tuple[str, ...], off: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Each flow with the instant since which it is on, after what was asked for was switched."""
    config = load()
    known = {flow.key for flow in PRESETS}
    unknown = sorted({*on, *off} - known)
    if unknown:
        raise click.UsageError(f"No such flow: {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    database = open_database(config.database_url, pooled=False)
    now = Clock(config.clock_file).now()
    row = shop_named(database, shop)
    if row.state == UNINSTALLED:
        raise click.ClickException(f"{shop} is uninstalled: nothing can be switched there.")
    with database.shops(row.id) as session:
        for key in on:
            switch_on(session, row.id, key, now)
        for key in off:
            switch_off(session, row.id, key, now)
        settings = load_settings(session, [row.id])
    found = {flow.key: settings.get((row.id, flow.key), FlowSetting()) for flow in PRESETS}
    return [
        (key, f"{one.since:%Y-%m-%d %H:%M}" if one.enabled and one.since else None)
        for key, one in found.items()
    ]
