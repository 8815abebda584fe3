"""`doorstep work`: one worker for the queue."""

from __future__ import annotations

import click

from app.cli.processes import bind_forks
from app.cli.role import refuse_unsafe
from app.cli.settings import load


@click.command("work")
def command() -> None:
    """Run one worker: it takes batches from the queue and carries each out in a child process.

    Start as many as there is work for, on any number of machines.
    """
    from app.jobs.worker import run

    config = load()
    refuse_unsafe(config)
    bind_forks()
    run(config)
