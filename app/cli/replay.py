"""`doorstep replay`: recorded deliveries, posted to the running app as if they happened now."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import requests
from sqlalchemy import Row, text

from app.cli.recordings import (
    DESTRUCTIVE,
    Recording,
    expected_outcomes,
    moved_to,
    named_for,
    read_recordings,
)
from app.cli.settings import load
from app.cli.shop_named import shop_named
from app.cli.throwaway import THROWAWAY, install_throwaway
from app.runtime import Runtime, build
from app.services.ack import HINT_SECONDS
from app.services.settle_in import webhook_address
from connectors.base import Delivery
from connectors.shopify.version import API_VERSION
from connectors.shopify.webhooks import HEADERS
from flows.commerce import Platform

PATIENCE = 30.0
NOT_WEBHOOKS = ("wc_auth_callback.json",)


@dataclass(frozen=True, slots=True)
class Posted:
    status: int
    outcome: str
    journeys: int = 0
    messages: int = 0


@click.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--shop", required=True, help="The shop that they are for.")
@click.option("--as-recorded", is_flag=True, help="Leave the dates: then nothing is mailed.")
def command(files: tuple[Path, ...], shop: str, as_recorded: bool) -> None:
    """Post recorded deliveries to the running app, re-signed with the shop's own secret.

    They go out in recorded order. Each order is moved in time so that it is placed now, with the gaps
    within it kept. Exits with 1 where an outcome differs from expected.tsv beside the file.
    """
    runtime = build(load(), pooled=False)
    try:
        recordings = read_recordings(file for file in files if file.name not in NOT_WEBHOOKS)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if not as_recorded:
        recordings = moved_to(recordings, runtime.clock.now())
    results: dict[Path, list[Posted]] = {}
    for recording in recordings:
        target = _shop(runtime, _target(runtime, recording, shop))
        posted = _post(runtime, target, named_for(recording, target.domain, target.platform_id))
        results.setdefault(recording.file, []).append(posted)
        click.echo(
            f"{recording.file.name:56} {posted.status} {posted.outcome:20}"
            f" journeys {posted.journeys} messages {posted.messages}"
        )
    sys.exit(1 if _differences(results) else 0)


def _target(runtime: Runtime, recording: Recording, shop: str) -> str:
    """What ends a connection or erases people goes to a shop that is there for it."""
    if recording.topic not in DESTRUCTIVE:
        return shop
    if not runtime.config.sandbox:
        raise click.ClickException(f"{recording.file.name} would end or erase a shop: in the sandbox only.")
    install_throwaway(runtime.config)
    return THROWAWAY


def _shop(runtime: Runtime, domain: str) -> Row[Any]:
    row = shop_named(runtime.database, domain)
    return _once_known(runtime, row) if row.platform == Platform.SHOPIFY else row


def _once_known(runtime: Runtime, row: Row[Any]) -> Row[Any]:
    """A new shop is told by its number as soon as a worker has asked the store for it; a body that names
    another one would be refused from then on."""
    end = time.monotonic() + PATIENCE
    while not row.platform_id and time.monotonic() < end:
        time.sleep(0.1)
        with runtime.database.nobody() as session:
            row = session.execute(text("SELECT * FROM shops WHERE id = :id"), {"id": row.id}).one()
    return row


def _post(runtime: Runtime, shop: Row[Any], recording: Recording) -> Posted:
    platform = Platform(shop.platform)
    connector = runtime.connector(platform)
    secret = _secret(runtime, shop)
    headers = dict(_headers(shop, recording))
    if recording.topic:
        headers.update(connector.sign_webhook(recording.raw, secret))
    _put_into_store(runtime, shop, recording)
    address = webhook_address(platform, runtime.config.address, shop.token)
    try:
        answer = requests.post(address, data=recording.raw, headers=headers, timeout=PATIENCE)
    except requests.ConnectionError as error:
        raise click.ClickException(f"Nothing answers at {address}: is `doorstep up` running?") from error
    said = str(answer.json().get("outcome", ""))
    if said not in ("stored", "duplicate"):
        return Posted(answer.status_code, said or str(answer.json().get("error", "")))
    lower = {name.lower(): value for name, value in headers.items()}
    verified = connector.verify_webhook(Delivery(lower, recording.raw), (secret,))
    row = _settled(runtime, shop.id, verified.dedupe, verified.hint)
    return _what_followed(runtime, shop.id, row, answer.status_code)


def _secret(runtime: Runtime, shop: Row[Any]) -> str:
    if shop.platform == Platform.SHOPIFY:
        return runtime.config.shopify_secrets[0]
    return runtime.keys.webhook_secret(shop.token)


def _headers(shop: Row[Any], recording: Recording) -> Mapping[str, str]:
    if shop.platform == Platform.SHOPIFY:
        return {
            "Content-Type": "application/json",
            HEADERS["topic"]: recording.topic,
            HEADERS["shop"]: shop.domain,
            HEADERS["delivery"]: str(uuid.uuid4()),
            HEADERS["version"]: API_VERSION,
        }
    if not recording.topic:
        return {"Content-Type": "application/x-www-form-urlencoded"}
    resource, _, happening = recording.topic.partition(".")
    return {
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": f"{shop.base_url}/",
        "X-WC-Webhook-Topic": recording.topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": happening,
        "X-WC-Webhook-ID": "1",
        "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
    }


def _put_into_store(runtime: Runtime, shop: Row[Any], recording: Recording) -> None:
    """The sandbox store learns of the order first, so that whoever reads it again finds it."""
    origin = runtime.config.origins.get(f"https://{shop.domain}")
    is_order = recording.topic.startswith(("order.", "orders/")) and "line_items" in (recording.body or {})
    if origin is None or not is_order:
        return
    requests.post(
        f"{origin}/sandbox/put",
        json={"noun": "order", "body": recording.body},
        headers={"Host": shop.domain},
        timeout=PATIENCE,
    ).raise_for_status()


def _settled(runtime: Runtime, shop_id: int, dedupe: str, hint: bool) -> Row[Any]:
    """The inbox row of a delivery, once it is worked through."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with runtime.database.shops(shop_id) as session:
            row = session.execute(
                text(
                    "SELECT id, state, outcome FROM inbox WHERE shop_id = :shop AND dedupe = any(:keys)"
                    " ORDER BY id DESC LIMIT 1"
                ),
                {"shop": shop_id, "keys": _stored_keys(dedupe, hint, runtime.clock.real())},
            ).one_or_none()
        if row is not None and row.state != "new":
            return row
        time.sleep(0.05)
    raise click.ClickException("The app took the delivery but did not work through it: is a worker running?")


def _stored_keys(dedupe: str, hint: bool, real: datetime) -> list[str]:
    """A hint is stored under its ten minutes, which may just have turned."""
    span = int(real.timestamp()) // HINT_SECONDS
    return [f"{dedupe}:{span}", f"{dedupe}:{span - 1}"] if hint else [dedupe]


def _what_followed(runtime: Runtime, shop_id: int, row: Row[Any], status: int) -> Posted:
    with runtime.database.shops(shop_id) as session:
        counts = session.execute(
            text(
                "SELECT count(DISTINCT j.id) AS journeys, count(m.id) AS messages FROM events e"
                " JOIN journeys j ON j.shop_id = e.shop_id AND j.generation = e.generation"
                "  AND j.event_key = e.key AND j.status <> 'declined'"
                " LEFT JOIN messages m ON m.journey_id = j.id"
                " WHERE e.shop_id = :shop AND e.inbox_id = :row"
            ),
            {"shop": shop_id, "row": row.id},
        ).one()
    return Posted(status, row.outcome or "", counts.journeys, counts.messages)


def _differences(results: Mapping[Path, list[Posted]]) -> bool:
    differs = False
    for file, posted in results.items():
        expected = expected_outcomes(file)
        if expected is None:
            continue
        wanted, _, times = expected.partition(" x")
        enough = len(posted) == int(times or 1)
        if not enough or any(one.outcome not in wanted.split(" or ") for one in posted):
            differs = True
            got = ", ".join(one.outcome for one in posted)
            click.echo(f"{file.name}: expected {expected}, got {got}", err=True)
    return differs
