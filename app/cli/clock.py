"""`doorstep clock`: the sandbox's time. A jump gives the same mails in the same order as waiting."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import click

from app.cli.settings import load
from app.clock import write_offset
from app.queries.waiting import next_due, whats_waiting
from app.runtime import Runtime, build
from app.services.intake import take_in
from app.services.look import look_due
from app.services.retime import move_waiting
from app.services.send import send_due
from app.services.wake import wake_due

_SPAN = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
PATIENCE = timedelta(seconds=60)


@click.group("clock")
def command() -> None:
    """Move the sandbox's time."""


@command.command("show")
def show() -> None:
    """Show the time that the sandbox believes in."""
    runtime = _sandbox()
    click.echo(f"{runtime.clock.now().isoformat()} ({runtime.clock.offset()} ahead)")


@command.command("advance")
@click.argument("span")
def advance(span: str) -> None:
    """Move time forward by SPAN, like 90m, 12h or 14d.

    Time walks from one due instant to the next and waits until all that is due there is done.
    """
    found = _SPAN.fullmatch(span)
    if found is None:
        raise click.UsageError("Give a span like 90m, 12h or 14d.")
    runtime = _sandbox()
    target = runtime.clock.now() + timedelta(**{_UNITS[found[2]]: int(found[1])})
    stops = walk(runtime, target)
    click.echo(
        f"It is {runtime.clock.now():%Y-%m-%d %H:%M} UTC now; {stops} moments on the way had something due."
    )


def _sandbox() -> Runtime:
    config = load()
    if config.sandbox is None:
        raise click.ClickException("Only the sandbox's time can be moved. `doorstep up` starts one.")
    return build(config, pooled=False)


def walk(runtime: Runtime, target: datetime) -> int:
    """Until `target`, from one due instant to the next. Returns how many there were."""
    stops = 0
    while True:
        _drain(runtime)
        with runtime.database.crossing() as session:
            due = next_due(session)
        if due is None or due > target:
            break
        _go_to(runtime, due)
        stops += 1
    _go_to(runtime, target)
    _drain(runtime)
    return stops


def _go_to(runtime: Runtime, moment: datetime) -> None:
    """Real time goes on meanwhile, so the clock may already be past it: it never goes back."""
    file, missing = runtime.config.clock_file, moment - runtime.clock.now()
    if file is not None and missing > timedelta():
        write_offset(file, (runtime.clock.offset() + missing).total_seconds())


def _drain(runtime: Runtime) -> None:
    """Works beside the workers until nothing is due any more."""
    give_up = runtime.clock.real() + PATIENCE
    while True:
        now, real = runtime.clock.now(), runtime.clock.real()
        take_in(runtime.database, runtime.connector, runtime.keys, now, real)
        move_waiting(runtime.database, runtime.keys, now)
        look_due(runtime.database, runtime.keys, now)
        wake_due(runtime.database, runtime.keys, now)
        with runtime.provider.connect() as courier:
            send_due(runtime.sender(), courier, real + timedelta(seconds=20))
        with runtime.database.crossing() as session:
            waiting = whats_waiting(session, now, real)
        moving = waiting.timers or waiting.switches or waiting.retimes
        if not (waiting.inbox or waiting.messages or waiting.in_hand or moving):
            return
        if real > give_up:
            raise click.ClickException(
                f"Time stands at {now:%Y-%m-%d %H:%M} UTC: what is due there is not done."
            )
        time.sleep(0.02)
