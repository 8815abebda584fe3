"""`doorstep events`: where mail vendors are to tell what became of mails."""

from __future__ import annotations

import click

from app.cli.settings import load
from app.keys import Keys
from app.services.event_doors import events_address
from emails.providers.registry import EVENT_SOURCES


@click.command("events")
def command() -> None:
    """Print the address for each mail vendor's events, and whether its secret is known.

    The address is a secret, too. A vendor whose secret is missing is not believed.
    """
    config = load()
    keys = Keys(config.secret, config.encryption_keys)
    for source in EVENT_SOURCES:
        known = "is set" if config.event_secrets.get(source) else "is missing: nothing is believed"
        click.echo(f"{source:9} {events_address(keys, config.address, source)}")
        click.echo(f"          EVENTS_{source.upper()} {known}")
