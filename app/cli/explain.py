"""`doorstep explain`: why a mail was sent, or why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row

from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.clock import Clock
from app.db import Database, open_database
from app.keys import Keys
from app.queries import explain as stored
from app.services.explain import Explanation, explain_flow, explain_message
from flows.counterfactual import Change
from flows.facts import Reason


@click.command("explain")
@click.argument("message_id", type=int, required=False)
@click.option("--shop", help="The shop's domain.")
@click.option("--order", "number", help="The order's number as the shopper sees it.")
@click.option("--flow", help="The flow's key, like review_request.")
def command(message_id: int | None, shop: str | None, number: str | None, flow: str | None) -> None:
    """Tell why a mail was sent, or why not.

    \b
    doorstep explain 42                                       one mail, by its row in the ledger
    doorstep explain --shop S --order 1001 --flow shipped     also where nothing was sent
    """
    config = load()
    database = open_database(config.database_url, pooled=False)
    keys, now = Keys(config.secret, config.encryption_keys), Clock(config.clock_file).now()
    if message_id is not None:
        lines = mail_told(database, keys, message_id, now)
    elif shop and number and flow:
        lines = flow_told(database, keys, shop, number, flow, now)
    else:
        raise click.UsageError("Name a mail (doorstep explain 42), or --shop, --order and --flow together.")
    for line in lines:
        click.echo(line)


def mail_told(database: Database, keys: Keys, message_id: int, now: datetime) -> Iterator[str]:
    with database.crossing() as session:
        shop_id = stored.shop_of_message(session, message_id)
    if shop_id is None:
        raise click.ClickException(f"There is no mail {message_id} in the ledger.")
    with database.shops(shop_id) as session:
        told = explain_message(session, shop_id, message_id, keys, now)
    if told is None or told.message is None or told.journey is None:
        raise click.ClickException(f"There is no mail {message_id} in the ledger.")
    yield from _mail(told, told.message)
    yield from _answer(told)
    yield from _journey(told.journey)
    yield from _happenings(told)


def flow_told(
    database: Database, keys: Keys, domain: str, number: str, flow: str, now: datetime
) -> Iterator[str]:
    shop = shop_named(database, domain)
    with database.shops(shop.id) as session:
        order = stored.order_by_number(session, shop.id, number)
        if order is None:
            raise click.ClickException(f"{domain} has no order {number} that we know.")
        found = explain_flow(session, shop.id, order.id, flow, keys, now)
        mails = [
            mail
            for row in found[0].mails
            if row.flow_key == flow and (mail := explain_message(session, shop.id, row.id, keys, now))
        ]
    for told in found:
        if told.journey is None:
            yield f"{flow}: not started, because {told.reason or 'its trigger has not happened'}"
        else:
            yield from _journey(told.journey)
        yield from _answer(told)
        for mail in mails:
            if mail.message is not None and told.journey and mail.message.journey_id == told.journey.id:
                yield from _mail(mail, mail.message)
                yield from _answer(mail)
    yield from _happenings(found[-1])


def _mail(told: Explanation, row: Row[Any]) -> Iterator[str]:
    reason = f", because {row.reason}" if row.reason else ""
    yield f"mail {row.id}: {row.flow_key}/{row.step} to {row.recipient or 'nobody'}: {row.state}{reason}"
    yield f"  due {_at(row.due_at)}, not after {_at(row.expires_at)}" + (
        f", sent {_at(row.sent_at)}" if row.sent_at else ""
    )
    if row.provider:
        handed = f"  handed to {row.provider}, attempt {row.attempts}, Message-ID {row.message_id}"
        yield handed + (f", its id there {row.provider_id}" if row.provider_id else "")
    for response in told.responses:
        if response.message_id == row.id:
            yield f"  {response.kind} {_at(response.at)}"


def _journey(row: Row[Any]) -> Iterator[str]:
    ended = f", because {row.end_reason}" if row.end_reason else ""
    waiting = f", next at {_at(row.wake_at)} ({row.step})" if row.wake_at else ""
    yield f"journey {row.id}: {row.flow_key} for {row.subject}: {row.status}{ended}{waiting}"
    yield f"  started by {row.event_key} on {_at(row.started_at)}"


def _answer(told: Explanation) -> Iterator[str]:
    """The rules with their values, and what would have turned the outcome."""
    yield f"  answer: {told.answer.whole}"
    if told.asked.entry:
        yield f"  who is taken{_asked_when(told.asked.entry_again)}:"
        for reason in told.asked.entry:
            yield from _tree(reason, 2)
    if told.asked.limits:
        yield f"  the last look{_asked_when(told.asked.limits_again)}:"
        for reason in told.asked.limits:
            yield from _tree(reason, 2)
    yield f"  change: {_change(told)}"


def _change(told: Explanation) -> str:
    """Every fact that alone turns the outcome, or all that would have to change together."""
    change = told.change
    if change.alone:
        verb = "stopped it" if change.passed else "let it pass"
        return f"any one of these would have {verb}: {_facts(change.alone)}"
    if change.together:
        return f"no single one; all of these together: {_facts(change.together)}"
    return "none that is known"


def _facts(changes: tuple[Change, ...]) -> str:
    return "; ".join(f"{one.fact} (was: {one.leaves[0].value or '-'})" for one in changes)


def _asked_when(again: bool) -> str:
    return " (asked again on the facts of today)" if again else ""


def _happenings(told: Explanation) -> Iterator[str]:
    yield "what happened:"
    for event in told.events:
        source = "read from the store"
        if event.inbox_id:
            received = f", received {_at(event.received_at)}" if event.received_at else ""
            source = f"message {event.inbox_id} {event.topic or 'no longer kept'}{received}"
        began = ", started it" if told.source is not None and event.key == told.source.key else ""
        yield f"  {_at(event.happened_at)}  {event.kind}  ({source}{began})"


def _tree(reason: Reason, depth: int) -> Iterator[str]:
    seen = f": {reason.value}" if reason.value else ""
    wanted = f" (wanted: {reason.wanted})" if reason.wanted and not reason.passed else ""
    yield f"{'  ' * depth}{'yes' if reason.passed else 'NO '} {reason.rule}{seen}{wanted}"
    for part in reason.parts:
        yield from _tree(part, depth + 1)


def _at(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else "-"
