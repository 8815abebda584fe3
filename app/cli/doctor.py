"""`doorstep doctor`: what is wrong with this installation, in words."""

from __future__ import annotations

import sys

import click

from app.cli.checks import examine
from app.cli.settings import load


@click.command("doctor")
def command() -> None:
    """Check versions, the database and its role, Redis, the clocks and the configuration.

    Exit status 0: all is well; 1: each line marked `!` says what to do.
    """
    findings = examine(load())
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        click.echo(f"{'!' if finding.wrong else ' '} {finding.subject:<{width}}  {finding.seen}")
        if finding.wrong:
            click.echo(f"  {'':<{width}}  -> {finding.wrong}")
    wrong = sum(1 for finding in findings if finding.wrong)
    click.echo("All is well." if not wrong else f"{wrong} thing{'s' if wrong > 1 else ''} to put right.")
    sys.exit(1 if wrong else 0)
