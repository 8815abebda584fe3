"""`doorstep brand`: a shop's kit, for operators who set up many shops."""

from __future__ import annotations

from dataclasses import asdict

import click

from app.cli.settings import load
from app.clock import Clock
from app.db import open_database
from app.models.shop import UNINSTALLED
from app.queries.brand import Kit, load_kits
from app.queries.shops import find_shop
from app.services.brand import save
from app.services.brand_choice import NAMES, checked


@click.command("brand")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--set", "wanted", multiple=True, metavar="NAME=VALUE", help="Like accent=#2a5bd7.")
def command(shop: str, wanted: tuple[str, ...]) -> None:
    """Show how a shop's mails and pages look; change some of it with --set."""
    config = load()
    pairs = dict(pair.partition("=")[::2] for pair in wanted)
    unknown = sorted(set(pairs) - set(NAMES))
    if unknown:
        raise click.UsageError(f"No such part: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    database = open_database(config.database_url, pooled=False)
    with database.nobody() as session:
        row = find_shop(session, shop)
    if row is None or row.state == UNINSTALLED:
        raise click.ClickException(f"There is no connected shop {shop}. `doorstep shops` lists them.")
    choice, errors = checked(pairs)
    if errors:
        raise click.UsageError("\n".join(f"{name}: {words}" for name, words in errors.items()))
    with database.shops(row.id) as session:
        kit = load_kits(session, [row.id]).get(row.id, Kit())
        if pairs:
            given = {name: getattr(choice, name) for name in pairs}
            now = Clock(config.clock_file).now()
            kit = save(session, row.id, kit.revision, kit.keeping(given), "operator", now)
    for name, value in asdict(kit).items():
        if name in NAMES:
            click.echo(f"{name:16} {'as in the store' if value in ('', None) else value}")
