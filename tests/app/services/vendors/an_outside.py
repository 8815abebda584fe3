"""A desk whose mails leave by vendors on real sockets, and both clocks go together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.services.send import Sender, send_due
from connectors.base import Reading
from emails.providers.api import Reach
from emails.providers.base import Provider
from emails.providers.registry import provider_for
from tests.app.desk import START, Desk, an_order
from tests.app.sending import sender_of
from tests.emails.providers.battery.vendors import ORIGINS, URLS, Vendor, a_vendor
from wire.http import HttpClient

NOWHERE = "http://127.0.0.1:1"


def reach(desk: Desk, *vendors: Vendor) -> Reach:
    """A vendor that is not given is not there."""
    origins = dict.fromkeys(ORIGINS.values(), NOWHERE)
    return Reach(
        HttpClient({**origins, **{ORIGINS[one.name]: one.server.origin for one in vendors}}),
        lambda: desk.real,
    )


def provider(desk: Desk, name: str, *vendors: Vendor) -> Provider:
    return provider_for(URLS[name], reach(desk, *vendors))


def sender_by(desk: Desk, first: str, *vendors: Vendor, second: str = "") -> Sender:
    made = sender_of(desk, provider(desk, first, *vendors))
    return replace(
        made,
        http=reach(desk, *vendors).http,
        second=provider(desk, second, *vendors) if second else None,
    )


@contextmanager
def sending_by(desk: Desk, name: str) -> Iterator[tuple[Sender, Vendor]]:
    with a_vendor(name) as vendor:
        yield sender_by(desk, name, vendor), vendor


def buy(desk: Desk, *numbers: str, **changes: Any) -> None:
    desk.now = max(desk.now, START + timedelta(minutes=2))
    orders = [an_order(id=n, number=n, email=f"p{n}@example.com", **changes) for n in numbers]
    desk.read(Reading(orders=tuple(orders)))


def run(desk: Desk, sender: Sender) -> None:
    with sender.provider.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20)):
            pass


def later(desk: Desk, **by: float) -> None:
    desk.now += timedelta(**by)
    desk.real += timedelta(**by)


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in desk.rows("SELECT state, reason FROM messages ORDER BY id")]


def recipients(vendor: Vendor) -> list[str]:
    return [mail.recipient.partition("@")[0] for mail in vendor.fake.mails]
