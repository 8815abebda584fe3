"""`doorstep simulate`: what flows would have sent in the last weeks, before anybody switches them on."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import click

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.cli.simulation_shares import Share, simulate_together
from app.clock import Clock
from app.db import open_database
from app.keys import Keys
from app.services.simulate import Simulation
from app.words.flows import FLOW_WORDS
from app.words.reasons import why
from flows.presets import BY_KEY


@click.command("simulate")
@click.option("--shop", required=True, help="The shop's domain.")
@click.option("--flow", required=True, help="A flow's key, or all.")
@click.option("--days", type=click.IntRange(1, 730), default=90, help="How many days back.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def command(shop: str, flow: str, days: int, as_json: bool) -> None:
    """Replay a shop's past orders through its flows, on a virtual clock. Nothing is sent, nothing is kept.

    The flows count as on since then, with the numbers that the shop has set.
    """
    if flow != "all" and flow not in BY_KEY:
        raise click.UsageError(f"No such flow: {flow}. There are: all, {', '.join(sorted(BY_KEY))}.")
    config = load()
    database = open_database(config.database_url, pooled=False)
    keys, now = Keys(config.secret, config.encryption_keys), Clock(config.clock_file).now()
    row = shop_named(database, shop)
    flows = tuple(BY_KEY) if flow == "all" else (flow,)
    since = now - timedelta(days=days)
    found = simulate_together(Share(config.database_url, keys, row.id, flows, since, now))
    if as_json:
        click.echo(json.dumps(found.as_plain()))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: Simulation) -> list[str]:
    plain: dict[str, Any] = found.as_plain()
    days = max(1, (found.until - found.since).days)
    lines = [
        f"{plain['orders']:,} orders of {plain['people']:,} people in {days} days:"
        f" {plain['mails']:,} mails, {plain['mails'] / days:.1f} a day",
        "",
        f"{'':26}{'sent':>8}{'codes':>8}{'skipped':>9}{'waiting':>9}{'not begun':>11}",
    ]
    for key in found.flows:
        counts = (
            found.sent[key],
            found.codes[key],
            found.skipped[key].total(),
            found.waiting[key],
            found.declined[key].total(),
        )
        if any(counts):
            lines.append(
                f"{FLOW_WORDS[key].title:26}"
                + "".join(f"{n:>{w},}" for n, w in zip(counts, _WIDE, strict=True))
            )
    lines += ["", *_told("Put off", found.put_off)]
    lines += _told("Skipped", sum(found.skipped.values(), Counter()))
    lines += _told("Not begun", sum(found.declined.values(), Counter()))
    lines += ["", "Mails in all   people        Fullest 7 days   people (order mails left out)"]
    counts_of = sorted({*found.shoppers, *found.weeks})
    lines += [f"{n:>12}{found.shoppers[n]:>9,}{n:>22}{found.weeks[n]:>9,}" for n in counts_of]
    return [*lines, "", *plain["notes"]]


_WIDE = (8, 8, 9, 9, 11)


def _told(title: str, reasons: Counter[str]) -> list[str]:
    return [f"{title} {count:,} times: {why(reason).because}" for reason, count in reasons.most_common()]
