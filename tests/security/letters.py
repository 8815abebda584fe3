"""A shop that has mailed everything that its flows can say, through the real sender, to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from re import findall
from typing import cast

from sqlalchemy import text

from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.look import look_due
from app.services.send import Sender, send_due
from app.services.switches import switch_on
from app.services.wake import wake_due
from connectors.base import Reading
from emails.providers.registry import provider_for
from flows.commerce import OrderLine, Parcel, ParcelStatus, Product, Shipped
from flows.presets import PRESETS
from tests.app.desk import START, an_order
from tests.app.mail_server import Mailbox
from tests.security.parties import Party

APP = "http://127.0.0.1:8000"


def mail_everything(shop: Party, port: int, mailbox: Mailbox, prefix: str) -> list[EmailMessage]:
    """Bought, sent, arrived, and asked three times for a review. `prefix`: of pages inside the store."""
    with shop.session() as session:
        session.execute(
            text(
                "UPDATE shops SET url = :url, name = 'Shop', country = 'DE', pages_prefix = :prefix"
                " WHERE id = :shop"
            ),
            {"url": f"https://{shop.domain}", "prefix": prefix, "shop": shop.shop_id},
        )
        for flow in PRESETS:
            switch_on(session, shop.shop_id, flow.key, START)
    now = START + timedelta(minutes=1)
    _read(shop, now, ParcelStatus.SHIPPED)
    _send(shop, port, now + timedelta(minutes=1))
    now += timedelta(days=2)
    _read(shop, now, ParcelStatus.DELIVERED)
    for day in range(0, 40, 1):
        _send(shop, port, now + timedelta(days=day, hours=3))
    return mailbox.mails


def addresses_in(mail: EmailMessage) -> Iterator[str]:
    """All that a scanner would find: in the HTML, in the text, in the headers."""
    reader = Addresses()
    reader.feed(_part(mail, "html"))
    yield from reader.found
    yield from findall(r"https?://[^\s<>\"]+", _part(mail, "plain"))
    yield from findall(r"<(https?://[^>]+)>", str(mail.get("List-Unsubscribe", "")))


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(cast(EmailMessage, body).get_content())


def _read(shop: Party, now: datetime, status: ParcelStatus) -> None:
    lines = tuple(OrderLine(f"l{n}", f"Lamp {n}", 1, 100, product_id=f"p{n}") for n in (1, 2))
    there = now if status is ParcelStatus.DELIVERED else None
    url = "https://track.example/1"
    parcel = Parcel("t1", "13", now, status, "Northpost", "N1", url, shipped_at=now, delivered_at=there)
    order = an_order(version=now, lines=lines, shipped=Shipped.ALL)
    products = tuple(Product(f"p{n}", f"Lamp {n}", now) for n in (1, 2))
    with shop.session() as session:
        lock_shop(session, shop.shop_id)
        reading = Reading(orders=(order,), parcels=(parcel,), products=products)
        at = shop.site.runtime
        apply_readings(session, [(shop.shop_id, reading)], at.keys, now, at.clock.real())


def _send(shop: Party, port: int, now: datetime) -> None:
    at = shop.site.runtime
    while look_due(at.database, at.keys, now) or wake_due(at.database, at.keys, now):
        pass
    provider = provider_for(f"smtp://127.0.0.1:{port}")
    sender = Sender(
        at.database,
        at.keys,
        provider,
        APP,
        "mail.example",
        lambda: now,
        at.clock.real,
        shared_domain_offers=True,
    )
    with provider.connect() as courier:
        while send_due(sender, courier, at.clock.real() + timedelta(seconds=20)):
            pass


class Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]
