"""The hostile texts as rows of both shops, wherever a row holds a word from outside; and gone again.

Written past every door, so that nothing but the pages themselves stands between a text and its reader.
The orders are older than the shops' connection: no mail is sent for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

import jwt

from app.config import Config
from app.db import put_rows
from app.models.brand import brand_kits, texts
from app.models.review import reviews
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from connectors.base import Reading
from connectors.woocommerce.plugin_keys import PAGE
from flows.commerce import (
    Address,
    Order,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Platform,
    Product,
    Refund,
    Shipped,
)
from tests.browser.hostile import hostile_texts
from tests.security.parties import Party

TEXTS = hostile_texts()
# Orders hold twenty products each, as many as a review page shows; eight of them hold every text.
FULL, PER_ORDER = 8, 20
WIDE = len(TEXTS)
MARK = "hostile"


@dataclass(frozen=True, eq=False)
class Shop(Party):
    """A shop of the running Doorstep, with the secrets of its configuration."""

    config: Config

    @property
    def secret(self) -> str:
        if self.platform is Platform.SHOPIFY:
            return self.config.shopify_secrets[0]
        return self.site.runtime.keys.plugin_secret(self.token)

    def page_token(self) -> str:
        shopify, now = self.platform is Platform.SHOPIFY, self.site.runtime.clock.real()
        claims = {
            "iss": f"https://{self.domain}{'/admin' if shopify else ''}",
            "dest": f"https://{self.domain}",
            "aud": self.config.shopify_api_key if shopify else "doorstep",
            "sub": "7",
            "name": TEXTS[0],
            "nbf": now,
            "exp": now + timedelta(minutes=1),
        }
        return jwt.encode(claims, self.key_for(PAGE), algorithm="HS256")


@contextmanager
def poisoned(shop: Shop, product_id: str, now: datetime) -> Iterator[list[int]]:
    """Ids of the messages, while the rows are there. `product_id`: whose page the reviews are on."""
    before = _Before.of(shop)
    try:
        _orders(shop, now)
        _reviews(shop, product_id, now)
        yield _messages(shop, now)
    finally:
        for table, column in _ROWS:
            shop.sql(f"DELETE FROM {table} WHERE shop_id = :shop AND {column} LIKE 'hostile-%'")
        before.restore(shop)


def some(first: int, count: int) -> list[str]:
    """So many texts from a place on, around the end."""
    return list(islice(cycle(TEXTS), first, first + count))


def _orders(shop: Shop, now: datetime) -> None:
    """Eight that are full of texts, and one for each text as its number and its buyer."""
    (row,) = shop.sql("SELECT connected_at FROM shops WHERE id = :shop")
    at = row.connected_at - timedelta(days=1)
    orders = [_order(f"{MARK}-{n}", n * PER_ORDER, PER_ORDER, f"{MARK} {n}", at) for n in range(FULL)]
    orders += [_order(f"{MARK}-w{n}", n, 1, TEXTS[n], at) for n in range(WIDE)]
    for start in range(0, len(orders), 40):
        part = tuple(orders[start : start + 40])
        reading = Reading(
            orders=part,
            parcels=tuple(parcel for order in part for parcel in _parcels(order, at)),
            parcel_events=tuple(scan for order in part for scan in _scans(order, now)),
            refunds=tuple(Refund(f"{order.id}-r", order.id, at, 1, reason=TEXTS[0]) for order in part),
            products=tuple(
                Product(line.product_id or "", line.title, at, url=line.variant, image_url=line.image_url)
                for order in part
                for line in order.lines
            ),
        )
        with shop.session() as session:
            lock_shop(session, shop.shop_id)
            apply_readings(session, [(shop.shop_id, reading)], shop.site.runtime.keys, now, now)


def _order(name: str, first: int, count: int, number: str, at: datetime) -> Order:
    told = some(first, count)
    word, other = told[0], some(first + 7, 1)[0]
    reader, company, street, house, city, code = some(first, 6)
    where = Address(reader, company, street, house, city, postcode=code, country="DE", phone=other)
    return Order(
        id=name,
        number=number,
        version=at,
        placed_at=at,
        accepted_at=at,
        paid_at=at,
        currency="EUR",
        total=100 * count,
        email=f"{name}@example.com",
        first_name=word,
        last_name=other,
        lines=tuple(_line(name, place, title) for place, title in enumerate(told)),
        shipping_address=where,
        billing_address=where,
        shipping_method=word,
        payment_method=other,
        discount_codes=(word, other),
        note=word,
        shipped=Shipped.ALL,
        status_url=word,
    )


def _line(order: str, place: int, title: str) -> OrderLine:
    other = some(TEXTS.index(title) + 3, 1)[0]
    key = f"{order}-{place}"
    return OrderLine(key, title, 1, 100, product_id=key, variant=other, sku=other, image_url=other)


def _parcels(order: Order, at: datetime) -> list[Parcel]:
    """As many as the order has lines, in every state in turn."""
    states = [ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERED, ParcelStatus.ATTEMPTED, ParcelStatus.FAILED]
    return [
        Parcel(
            f"{line.id}-p",
            order.id,
            at,
            states[place % 4],
            carrier=line.title,
            tracking_number=line.variant,
            tracking_url=line.title,
            name=line.title,
            shipped_at=at,
            delivered_at=at if states[place % 4] is ParcelStatus.DELIVERED else None,
        )
        for place, line in enumerate(order.lines)
    ]


def _scans(order: Order, now: datetime) -> list[ParcelEvent]:
    return [
        ParcelEvent(
            f"{line.id}-e", f"{line.id}-p", order.id, ParcelStatus.IN_TRANSIT, now, line.title, line.variant
        )
        for line in order.lines
    ]


def _reviews(shop: Shop, product_id: str, now: datetime) -> None:
    """All are published, of the product on the storefront; all but the last fifty are held as well, all
    but the first fifty kept back; and whoever looks at a full order finds what they wrote. Lists show those
    that wait longest, and those decided last."""
    long_ago, later = now - timedelta(days=400), now - timedelta(days=200)
    rows = [_review(shop, f"{MARK}-w{n}", product_id, n, "published", later) for n in range(WIDE)]
    rows += [_review(shop, f"{MARK}-h{n}", product_id, n, "held", long_ago) for n in range(100)]
    rows += [_review(shop, f"{MARK}-k{n}", product_id, n, "rejected", later) for n in range(50, WIDE)]
    rows += [
        _review(shop, f"{MARK}-{n}", f"{MARK}-{n}-{place}", n * PER_ORDER + place, "held", later)
        for n in range(FULL)
        for place in range(PER_ORDER)
    ]
    with shop.session() as session:
        put_rows(session, reviews, rows)


def _review(shop: Shop, order: str, product: str, first: int, state: str, at: datetime) -> dict[str, object]:
    title, body, name = some(first, 3)
    return {
        "shop_id": shop.shop_id,
        "order_id": order,
        "product_id": product,
        "address_hash": MARK,
        "stars": first % 5 + 1,
        "title": title,
        "body": f"{body}\n{name}",
        "name": name,
        "language": "en",
        "state": state,
        "reason": "spam" if state == "rejected" else None,
        "verified": True,
        "submitted_at": at,
        "decided_at": None if state == "held" else at + timedelta(days=200),
        "decided_by": None if state == "held" else title,
    }


def _messages(shop: Shop, now: datetime) -> list[int]:
    """One mail for each text: its order's buyer, its subject, where it went and what was clicked."""
    shop.sql(
        "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key,"
        " status, anchor, started_at, changed_at) SELECT :shop, 1, 'order_confirmation', 1, 'order:' || id,"
        " id, id, 'done', :now, :now, :now FROM orders WHERE id LIKE 'hostile-w%' ON CONFLICT DO NOTHING",
        now=now,
    )
    found = []
    for n, subject in enumerate(TEXTS):
        (row,) = shop.sql(
            "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
            " mail_class, lane, order_id, recipient, state, subject, message_id, provider, due_at,"
            " expires_at, next_at, created_at, changed_at, sent_at) SELECT :shop, 1, id,"
            " 'order_confirmation', 'confirmation', 77, 'order_confirmation/confirmation', 'T', 0, order_id,"
            " :subject, 'sent', :subject, :subject, 'smtp', :now, :now, :now, :now, :now, :now"
            " FROM journeys WHERE order_id = :order AND flow_key = 'order_confirmation' RETURNING id",
            subject=subject.replace("\0", ""),
            order=f"{MARK}-w{n}",
            now=now,
        )
        found.append(row.id)
    shop.sql(
        "INSERT INTO message_events (shop_id, message_id, kind, at, data) SELECT :shop, id, 'clicked', :now,"
        " jsonb_build_object('target', subject, 'agent', subject, 'mark', order_id) FROM messages"
        " WHERE order_id LIKE 'hostile-w%'",
        now=now,
    )
    return found


def dress(shop: Shop, first: int) -> None:
    """Texts as the shop's name and address and in its kit, as no form of ours would take them."""
    name, sender, helper, *address = (word.replace("\0", "") for word in some(first, 8))
    shop.sql(
        "UPDATE shops SET name = :name, url = :name, address = :address WHERE id = :shop",
        name=name,
        address="\n".join(address),
    )
    shop.sql(
        "INSERT INTO brand_kits (shop_id, revision, accent, ink, page, fonts, sender_name, support_name,"
        " support_email, postal_address, changed_at) VALUES (:shop, 1, '', '', '', '', :sender, :helper,"
        " :helper, :address, '2026-01-01Z') ON CONFLICT (shop_id) DO UPDATE SET"
        " sender_name = excluded.sender_name, support_name = excluded.support_name,"
        " support_email = excluded.support_email, postal_address = excluded.postal_address",
        sender=sender,
        helper=helper,
        address="\n".join(address),
    )


@dataclass(frozen=True)
class _Before:
    """How the shop looked, and what its merchant had changed."""

    shop: Mapping[str, object]
    kits: Sequence[Mapping[str, object]]
    texts: Sequence[Mapping[str, object]]
    changes: int

    @staticmethod
    def of(shop: Shop) -> _Before:
        (looks,) = shop.sql("SELECT name, url, address FROM shops WHERE id = :shop")
        (last,) = shop.sql("SELECT coalesce(max(id), 0) AS id FROM admin_changes WHERE shop_id = :shop")
        kits, texts = (
            [dict(row._mapping) for row in shop.sql(f"SELECT * FROM {table} WHERE shop_id = :shop")]
            for table in ("brand_kits", "texts")
        )
        return _Before(dict(looks._mapping), kits, texts, last.id)

    def restore(self, shop: Shop) -> None:
        shop.sql(
            "UPDATE shops SET name = :name, url = :url, address = :address WHERE id = :shop", **self.shop
        )
        shop.sql("DELETE FROM admin_changes WHERE shop_id = :shop AND id > :last", last=self.changes)
        for table, rows in ((brand_kits, self.kits), (texts, self.texts)):
            shop.sql(f"DELETE FROM {table.name} WHERE shop_id = :shop")
            with shop.session() as session:
                put_rows(session, table, rows)


# In the order in which they may go.
_ROWS: Sequence[tuple[str, str]] = (
    ("message_events", "data->>'mark'"),
    ("messages", "order_id"),
    ("timers", "(SELECT order_id FROM journeys WHERE id = journey_id)"),
    ("journeys", "order_id"),
    ("events", "order_id"),
    ("reviews", "order_id"),
    ("parcel_events", "order_id"),
    ("parcels", "order_id"),
    ("refunds", "order_id"),
    ("orders", "id"),
    ("products", "id"),
)
