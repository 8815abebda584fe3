"""The command `doorstep`. Each command lives in a file of its own and is loaded when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

from app.config import ConfigError

# Command -> its line in `doorstep --help`. The file app/cli/<command>.py holds it as `command`.
COMMANDS: Mapping[str, str] = {
    "up": "Start everything on this machine: servers, app, two sandbox stores.",
    "serve": "Run the web processes.",
    "work": "Run one worker for the queue.",
    "sweep": "Run the sweep, which finds what is due and keeps the queue fed.",
    "migrate": "Bring the database to the newest shape.",
    "doctor": "Check this installation and say what is wrong.",
    "shops": "List the connected shops.",
    "keys": "List the encryption keys, rotate to the newest.",
    "flows": "Print the flows; list, switch on and switch off those of a shop.",
    "simulate": "Replay a shop's past orders through its flows; nothing is sent.",
    "backfill": "Ask for orders of before the connection too.",
    "brand": "Show and set how the mails and pages of a shop look.",
    "consent": "Show and set what a shop chose about consent.",
    "audience": "Write who of a group agreed to offers, as CSV.",
    "explain": "Tell why a mail was sent, or why not.",
    "events": "Print where mail vendors are to tell what became of mails.",
    "inbox": "Show deliveries that were set aside, and try them again.",
    "audit": "Compare the send ledger with the receiver's own record.",
    "replay": "Post recorded store deliveries to the running app.",
    "clock": "Move the sandbox's time.",
    "extension": "Write what Shopify's own tool publishes: configuration and blocks.",
    "plugin": "Write the plugin that a merchant uploads to WordPress.",
}

_STARTING = """\
Start here:

\b
  doorstep up        everything at once, with two stores to try (same as `make run`)
  doorstep doctor    what is wrong with this installation
"""


class _Lazy(click.Group):
    """Knows its commands by name; `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"app.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, epilog=_STARTING, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="doorstep", prog_name="doorstep")
def group() -> None:
    """Doorstep: what a shop says to a customer after the order."""


def main() -> None:
    try:
        group(prog_name="doorstep")
    except ConfigError as error:
        click.echo("Doorstep cannot start:", err=True)
        for problem in error.problems:
            click.echo(f"  - {problem}", err=True)
        click.echo("To try it without any of this: doorstep up", err=True)
        sys.exit(1)
    except Exception as error:
        from app.cli.errors import in_words

        words = in_words(error)
        if words is None:
            raise
        click.echo(words, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
