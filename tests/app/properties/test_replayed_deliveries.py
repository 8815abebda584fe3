"""Deliveries that come again, byte for byte and signed, change nothing: by their own number or by another,
which whoever recorded them can make up, because the signature covers the body alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text

from app.db import Database
from app.services.ack import Door, accept
from app.services.intake import take_in
from app.services.send import Sender, send_due
from app.services.wake import wake_due
from connectors.base import Delivery
from connectors.registry import connector_for
from connectors.shopify.webhooks import HEADERS, sign_webhook, verify_webhook
from emails.providers.registry import provider_for
from flows.commerce import Platform
from tests.app.desk import KEYS, START
from tests.app.mail_server import Mailbox
from tests.app.properties.shops import connect_many
from tests.chaos import shopify_dialect
from tests.chaos.lives import ChaosShop, Fate, Life
from tests.proof import Count, Figure

SECRET = "shpss_" + "1" * 32
TIMES = 3
DOMAIN = "recorded.myshopify.com"
TABLES = (
    *("orders", "parcels", "parcel_events", "refunds", "returns", "customers", "consents"),
    *("events", "journeys", "timers", "messages"),
)
Recorded = tuple[str, bytes]


def recorded(orders: int) -> list[Recorded]:
    """Placed, sent in two parcels, both delivered, a part given back: six messages an order."""
    shop, found = ChaosShop(1, "shopify", DOMAIN, "", ""), []
    for number in range(orders):
        life = Life(1000 + number, shop, Fate.SPLIT)
        told = [("place", 0), ("ship", 1), ("ship", 2), ("deliver", 1), ("deliver", 2), ("refund", 1)]
        for minute, (what, detail) in enumerate(told):
            at = life.changed_at = START + timedelta(minutes=10 * minute + 1)
            match what:
                case "place":
                    life.placed_at = at
                case "ship":
                    life.shipped[detail] = at
                case "deliver":
                    life.delivered[detail] = at
                case "refund":
                    life.refunds.append(((detail,), at))
            found.append(shopify_dialect.messages(life, what, detail)[0])
    return found


def deliver(db: Database, one: Recorded, number: str) -> str:
    topic, raw = one
    headers = {HEADERS["topic"]: topic, HEADERS["shop"]: DOMAIN, HEADERS["delivery"]: number}
    told = {name.lower(): value for name, value in {**headers, **sign_webhook(raw, SECRET)}.items()}
    verified = verify_webhook(Delivery(told, raw), (SECRET,))
    return accept(db, Door(Platform.SHOPIFY, domain=verified.shop), verified, raw, START)


def settle(db: Database, port: int, now: datetime) -> None:
    while take_in(db, connector_for, KEYS, now, now):
        pass
    while wake_due(db, KEYS, now):
        pass
    provider = provider_for(f"smtp://127.0.0.1:{port}")
    sender = Sender(
        db,
        KEYS,
        provider,
        "http://127.0.0.1:8000",
        "mail.example",
        lambda: now,
        lambda: now,
        shared_domain_offers=True,
    )
    with provider.connect() as courier:
        while send_due(sender, courier, now + timedelta(seconds=30)):
            pass


def state(db: Database, shop_id: int) -> dict[str, list[Any]]:
    """All but the inbox, which grows."""
    with db.shops(shop_id) as session:
        return {
            table: sorted(row.told for row in session.execute(text(f"SELECT t::text AS told FROM {table} t")))
            for table in TABLES
        }


def test_recorded_deliveries_come_again_three_times(
    db: Database, port: int, mailbox: Mailbox, count: Count, figure: Figure
) -> None:
    (shop_id,) = connect_many(db, Platform.SHOPIFY, 1)
    with db.nobody() as session:
        session.execute(text("UPDATE shops SET domain = :domain"), {"domain": DOMAIN})
    found = recorded(-(-count(60, 1000) // 6))
    now = START + timedelta(hours=2)
    for place, one in enumerate(found):
        assert deliver(db, one, f"first-{place}") == "stored"
    settle(db, port, now)
    before, mails = state(db, shop_id), len(mailbox.mails)
    assert mails >= len(found) // 6 and before["journeys"]
    order = list(enumerate(found)) * TIMES
    Random(7).shuffle(order)
    for place, one in order:
        assert deliver(db, one, f"first-{place}") == "duplicate"
    for again, (_, one) in enumerate(order):
        assert deliver(db, one, f"again-{again}") == "stored"
    settle(db, port, now)
    assert state(db, shop_id) == before
    assert len(mailbox.mails) == mails
    figure("deliveries", len(found) + 2 * len(order))
    figure("mails", mails)
