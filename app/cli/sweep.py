"""`doorstep sweep`: finds what is due and keeps the queue fed."""

from __future__ import annotations

import click

from app.cli.role import refuse_unsafe
from app.cli.settings import load


@click.command("sweep")
def command() -> None:
    """Run the sweep: twice a second it hands new webhooks and due timers to the workers.

    One is enough; a second one does no harm.
    """
    from app.jobs.sweep import run

    config = load()
    refuse_unsafe(config)
    run(config)
