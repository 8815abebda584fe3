"""`doorstep inbox`: deliveries that were set aside, and how they get another chance."""

from __future__ import annotations

import sys

import click
from sqlalchemy import text

from app.cli.settings import load
from app.db import Database, open_database
from connectors.shopify.webhooks import COMPLIANCE

LISTED = 50


@click.group("inbox")
def command() -> None:
    """Deliveries of stores that could not be worked through."""


@command.command("list")
def listing() -> None:
    """Show what was set aside, newest first, with the reason."""
    rows = set_aside(open_database(load().database_url, pooled=False))
    for line in rows:
        click.echo(line)
    if not rows:
        click.echo("Nothing is set aside.")


@command.command("requeue")
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All that is set aside, in all shops.")
def requeue_command(ids: tuple[int, ...], everything: bool) -> None:
    """Work through what was set aside once more, by its numbers or all of it.

    For after a fix: a body that is still broken is set aside again.
    """
    if bool(ids) == everything:
        raise click.UsageError("Name the deliveries (see `doorstep inbox list`), or say --all.")
    count = requeue(open_database(load().database_url, pooled=False), ids)
    click.echo(f"{count} will be worked through once more.")
    sys.exit(0 if count or everything else 1)


def set_aside(database: Database) -> list[str]:
    with database.crossing() as session:
        rows = session.execute(
            text(
                "SELECT i.id, s.domain, i.topic, i.received_at, i.error FROM inbox i"
                " JOIN shops s ON s.id = i.shop_id WHERE i.state = 'quarantined'"
                " ORDER BY i.id DESC LIMIT :limit"
            ),
            {"limit": LISTED},
        )
        return [
            f"{row.id:8} {row.received_at:%Y-%m-%d %H:%M} {row.domain:32} {row.topic:32} {row.error or ''}"
            for row in rows
        ]


def requeue(database: Database, ids: tuple[int, ...] = ()) -> int:
    """Back to those that wait; without ids all of them. What a shop that has left sent stays where it is
    unless it is a demand by law, and so does what was emptied."""
    with database.crossing() as session:
        requeued = session.execute(
            text(
                "UPDATE inbox i SET state = 'new', attempts = 0, next_at = '-infinity', outcome = NULL,"
                " error = NULL, processed_at = NULL FROM shops s WHERE s.id = i.shop_id"
                " AND i.state = 'quarantined' AND i.body <> ''"
                " AND (s.state <> 'uninstalled' OR i.topic = any(:by_law))"
                " AND (:everything OR i.id = any(:ids))"
            ),
            {"everything": not ids, "ids": list(ids), "by_law": list(COMPLIANCE)},
        )
        return requeued.rowcount
