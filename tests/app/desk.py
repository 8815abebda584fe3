"""A small app without web or queue: services on a real database, a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.keys import Keys
from app.services.install import Attempt, connect
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.react import Reaction
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import Address, Order, OrderLine, Parcel, ParcelStatus, Platform, Product, Refund
from flows.consent_choices import ConsentChoices, choices_to
from flows.flow import Flow
from flows.presets import PRESETS, preset

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEYS = Keys("s" * 40, ("tqQ2C9hPVqI2pFZ7w3PFvLk1hwQ3bVJ3WJ0nUXlU7Wc=",))


@dataclass
class Desk:
    """One connected shop with all presets on, and a hand that feeds it readings."""

    database: Database
    shop_id: int
    now: datetime = START
    real: datetime = START
    keys: Keys = field(default=KEYS, repr=False)

    def read(self, *told: Reading) -> Reaction:
        with self.database.shops(self.shop_id) as session:
            lock_shop(session, self.shop_id)
            readings = [(self.shop_id, reading) for reading in told]
            return apply_readings(session, readings, self.keys, self.now, self.real)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.database.shops(self.shop_id) as session:
            return list(session.execute(text(sql), values))


FIRST_FLOWS = tuple(map(preset, ("order_confirmation", "shipped", "delivered", "review_request")))
"""Enough to begin, to wait, to wake and to end: for tests of what carries flows, whichever they are."""


def connect_shop(
    database: Database,
    domain: str = "larkhus.example",
    on: bool = True,
    flows: Iterable[Flow] = PRESETS,
) -> Desk:
    attempt = Attempt(Platform.WOOCOMMERCE, domain, f"https://{domain}")
    secrets = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
    shop = connect(database, KEYS, attempt, secrets, START, START, begins_with=())
    with database.shops(shop.shop_id) as session:
        session.execute(
            text("UPDATE shops SET country = 'DE', address = 'Lindenweg 12, 10437 Berlin' WHERE id = :shop"),
            {"shop": shop.shop_id},
        )
        take_for_service(session, shop.shop_id)
        for flow in flows if on else ():
            switch_on(session, shop.shop_id, flow.key, START)
    return Desk(database, shop.shop_id)


def take_for_service(session: Session, shop_id: int) -> None:
    """Review requests and tips go to whoever was never asked, wherever the law leaves it to the merchant."""
    chosen = ConsentChoices(reviews_as_marketing=False, tips_as_marketing=False)
    session.execute(
        text("UPDATE shops SET consent_choices = CAST(:chosen AS jsonb) WHERE id = :shop"),
        {"shop": shop_id, "chosen": as_json(choices_to(chosen))},
    )


def an_order(**changes: Any) -> Order:
    at = changes.pop("at", START + timedelta(minutes=1))
    values: dict[str, Any] = {
        "id": "13",
        "number": "13",
        "version": at,
        "placed_at": at,
        "accepted_at": at,
        "paid_at": at,
        "currency": "EUR",
        "total": 8270,
        "email": "mia@example.com",
        "first_name": "Mia",
        # Its clock is open, so that the shop's counts.
        "billing_address": Address(country="US"),
        "lines": (OrderLine("l1", "Lampshade", 2, 8270, product_id="p1"),),
    }
    return Order(**{**values, **changes})


def an_unrelated_order(**changes: Any) -> Order:
    """Somebody else's."""
    values = {"id": "5", "number": "5", "email": "mia@example.com", "customer_id": "8001", **changes}
    return an_order(**values)


def a_parcel(**changes: Any) -> Parcel:
    at = changes.pop("at", START + timedelta(days=1))
    values: dict[str, Any] = {
        "id": "t1",
        "order_id": "13",
        "version": at,
        "status": ParcelStatus.SHIPPED,
        "shipped_at": at,
    }
    return Parcel(**{**values, **changes})


def a_refund(**changes: Any) -> Refund:
    values: dict[str, Any] = {
        "id": "r1",
        "order_id": "13",
        "created_at": START + timedelta(days=2),
        "amount": 8270,
    }
    return Refund(**{**values, **changes})


def a_product(**changes: Any) -> Product:
    return Product(**{"id": "p1", "title": "Lampshade", "version": START, **changes})
