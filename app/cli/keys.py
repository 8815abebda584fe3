"""`doorstep keys`: which encryption keys are needed, and moving everything to the newest."""

from __future__ import annotations

import sys

import click

from app.cli.settings import load
from app.config import Config
from app.db import Database, open_database
from app.keys import Keys
from app.services.sealing import UNKNOWN, reseal, seals, unneeded


@click.group("keys")
def command() -> None:
    """The keys in DOORSTEP_ENCRYPTION_KEYS: newest first, all of them open, the first one seals.

    \b
    To change the key:
      1. put a new one in front, restart everything
      2. doorstep keys rotate
      3. doorstep keys list, then take out what is not needed, restart
    """


@command.command("list")
def listing() -> None:
    """Show how much each key seals. Keys are shown by their ids, never themselves."""
    _, database, keys = _opened()
    held = seals(database, keys)
    idle = unneeded(keys, held)
    for place, name in enumerate(keys.ids):
        use = "seals what is new" if place == 0 else "not needed any more" if name in idle else "opens"
        click.echo(f"{name}  {held[name]:6} sealed  {use}")
    for name in sorted(set(held) - set(keys.ids) - {UNKNOWN}):
        click.echo(f"{name}  {held[name]:6} sealed  its key is missing: put it back")
    if held[UNKNOWN]:
        click.echo(
            f"{UNKNOWN}  {held[UNKNOWN]:6} sealed  no key opens them: their shops have to connect again"
        )


@command.command("rotate")
def rotate() -> None:
    """Seal everything under the newest key. May be run again, and beside a running app.

    Exit status 1: some could not be opened, and are named.
    """
    _, database, keys = _opened()
    sealed, already = 0, 0
    lost: list[str] = []
    for batch in reseal(database, keys):
        sealed, already = sealed + batch.sealed, already + batch.already
        lost += batch.lost
    click.echo(f"Sealed anew under {keys.ids[0]}: {sealed}. Already under it: {already}.")
    for domain in lost:
        click.echo(f"! {domain}: none of the keys opens its secrets. It has to connect again.")
    sys.exit(1 if lost else 0)


def _opened() -> tuple[Config, Database, Keys]:
    config = load()
    return (
        config,
        open_database(config.database_url, pooled=False),
        Keys(config.secret, config.encryption_keys),
    )
