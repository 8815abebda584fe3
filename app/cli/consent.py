"""`doorstep consent`: what a shop chose where the law leaves it a choice, for operators."""

from __future__ import annotations

import click

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.clock import Clock
from app.db import open_database
from app.models.shop import UNINSTALLED
from app.services.consent_rules import CHOICES, choose, held_choices
from app.words.consent_said import CHOICE_WORDS
from flows.consent_choices import CAREFUL


@click.command("consent")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--on", "on", multiple=True, type=click.Choice(CHOICES), help="Leave the careful side.")
@click.option("--off", "off", multiple=True, type=click.Choice(CHOICES), help="Back to it.")
def command(shop: str, on: tuple[str, ...], off: tuple[str, ...]) -> None:
    """List what a shop chose about consent; turn some of it on or off. Counts from the next mail."""
    config = load()
    database = open_database(config.database_url, pooled=False)
    row = shop_named(database, shop)
    if row.state == UNINSTALLED:
        raise click.ClickException(f"{shop} is uninstalled: nothing can be chosen there.")
    now = Clock(config.clock_file).now()
    with database.shops(row.id) as session:
        for wanted, choices in ((True, on), (False, off)):
            for choice in choices:
                choose(session, row.id, choice, wanted, "operator", now)
        held = held_choices(session, row.id)
    for choice, words in CHOICE_WORDS.items():
        made = getattr(held, choice) is not getattr(CAREFUL, choice)
        click.echo(f"{choice:24} {'on ' if made else 'off'} {words.title}")
