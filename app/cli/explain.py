"""`doorstep explain`: why a mail was sent, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row

from app.cli.settings import load
from app.db import Database, Session, open_database
from app.queries import explain as stored
from app.queries.shops import find_shop
from flows.facts import Reason
from flows.plain import from_plain


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
    database = open_database(load().database_url, pooled=False)
    if message_id is not None:
        lines = _message(database, message_id)
    elif shop and number and flow:
        lines = _order(database, shop, number, flow)
    else:
        raise click.UsageError("Name a mail (doorstep explain 42), or --shop, --order and --flow together.")
    for line in lines:
        click.echo(line)


def _message(database: Database, message_id: int) -> Iterator[str]:
    with database.crossing() as session:
        row = stored.message_by_id(session, message_id)
    if row is None:
        raise click.ClickException(f"There is no mail {message_id} in the ledger.")
    with database.shops(row.shop_id) as session:
        yield from _mail_lines(row)
        yield from _journey_lines(stored.journey_by_id(session, row.journey_id))
        yield from _event_lines(session, row.shop_id, row.order_id)


def _order(database: Database, domain: str, number: str, flow: str) -> Iterator[str]:
    with database.nobody() as session:
        shop = find_shop(session, domain)
    if shop is None:
        raise click.ClickException(f"There is no shop {domain}. `doorstep shops` lists them.")
    with database.shops(shop.id) as session:
        order = stored.order_by_number(session, shop.id, number)
        if order is None:
            raise click.ClickException(f"{domain} has no order {number} that we know.")
        journeys = stored.journeys_of(session, shop.id, order.id, flow)
        for journey in journeys:
            yield from _journey_lines(journey)
            for row in stored.messages_of(session, journey.id):
                yield from _mail_lines(row)
        if not journeys:
            yield _why_never(session, shop, order, flow)
        yield from _event_lines(session, shop.id, order.id)


def _why_never(session: Session, shop: Row[Any], order: Row[Any], flow: str) -> str:
    declined = [
        event.declined[flow]
        for event in stored.events_of(session, shop.id, order.id)
        if flow in event.declined
    ]
    if declined:
        return f"{flow}: not started, because {declined[-1]}"
    if order.placed_at < shop.connected_at:
        return f"{flow}: not started, because placed_before_connect"
    return f"{flow}: not started; nothing that triggers it has happened yet"


def _mail_lines(row: Row[Any]) -> Iterator[str]:
    reason = f", because {row.reason}" if row.reason else ""
    yield f"mail {row.id}: {row.flow_key}/{row.step} to {row.recipient or 'nobody'}: {row.state}{reason}"
    yield f"  due {_at(row.due_at)}, not after {_at(row.expires_at)}" + (
        f", sent {_at(row.sent_at)}" if row.sent_at else ""
    )
    yield from _reason_lines(row.reasons, 1)


def _journey_lines(row: Row[Any]) -> Iterator[str]:
    ended = f", because {row.end_reason}" if row.end_reason else ""
    waiting = f", next at {_at(row.wake_at)} ({row.step})" if row.wake_at else ""
    yield f"journey {row.id}: {row.flow_key} for {row.subject}: {row.status}{ended}{waiting}"
    yield f"  started by {row.event_key} on {_at(row.started_at)}"
    yield from _reason_lines(row.reasons, 1)


def _event_lines(session: Session, shop_id: int, order_id: str) -> Iterator[str]:
    yield "what happened:"
    for event in stored.events_of(session, shop_id, order_id):
        source = f"message {event.inbox_id} {event.topic}" if event.inbox_id else "read from the store"
        yield f"  {_at(event.happened_at)}  {event.kind}  ({source})"


def _reason_lines(reasons: list[Mapping[str, Any]], depth: int) -> Iterator[str]:
    for plain in reasons:
        yield from _tree(from_plain(Reason, plain), depth)


def _tree(reason: Reason, depth: int) -> Iterator[str]:
    seen = f": {reason.value}" if reason.value else ""
    wanted = f" (wanted: {reason.wanted})" if reason.wanted and not reason.passed else ""
    yield f"{'  ' * depth}{'yes' if reason.passed else 'NO '} {reason.rule}{seen}{wanted}"
    for part in reason.parts:
        yield from _tree(part, depth + 1)


def _at(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else "-"
