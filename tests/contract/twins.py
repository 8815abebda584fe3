"""One app, one shop of each platform, and one hand that does the same to both: what the app then knows of
them, and whom it wrote to, in words without ids, so that two stories can be held against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import requests
from flask import Flask
from sqlalchemy import text

from app.config import Config, SandboxConfig
from app.runtime import Runtime, build
from app.services.exchange import by_id_token
from app.services.install import Attempt, connect
from app.services.switches import switch_on
from flows.commerce import Platform
from flows.events import EventKind
from flows.presets import PRESETS
from sandbox.settings import Settings
from sandbox.shopify.actions.change import Change, find_order
from tests.app.desk import KEYS, take_for_service
from tests.app.mail_server import Mailbox
from tests.app.web.conftest import application
from tests.quirks.living import AppDoor, Home, MovedClock
from tests.sandbox.shopify.running import KEY, SECRET
from tests.sandbox.shopify.running import Store as ShopifyStore
from tests.sandbox.woocommerce.running import Store as WooStore

SHOPIFY_SHOP, WOOCOMMERCE_SHOP = "throwaway.myshopify.com", "throwaway.example"
# What weighs alike on the shelf of each: goods that are tried for days, and for longer.
STANDARD = {Platform.SHOPIFY: "HP-MUG-MOSS", Platform.WOOCOMMERCE: "LK-SHADE-30"}
FAST = {Platform.SHOPIFY: "HP-FERRY-250", Platform.WOOCOMMERCE: "LK-CANDLE-6"}
CODES = {Platform.SHOPIFY: "WELCOME10", Platform.WOOCOMMERCE: "welcome10"}


@dataclass(frozen=True, slots=True)
class Told:
    """`events`: kind and subject, in the order in which they happened. `mails`: flow, step and subject line,
    in the order in which they left."""

    events: tuple[str, ...]
    mails: tuple[str, ...]

    def kinds(self) -> tuple[str, ...]:
        return tuple(event.partition(" ")[0] for event in self.events)

    def steps(self) -> tuple[str, ...]:
        return tuple(mail.partition(":")[0] for mail in self.mails)


@dataclass
class Side:
    """One platform's shop. `act` does what its merchant or shopper does, with the same words on both."""

    platform: Platform
    domain: str
    address: str
    home: Home
    store: Any
    parcels: list[str] = field(default_factory=list)
    order: Mapping[str, Any] = field(default_factory=dict)
    files: bool = False
    account: int = 0
    app: Any = None

    @property
    def to(self) -> str:
        return f"{self.platform.value}@buyers.example.com"

    def call(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = requests.post(
            f"{self.address}{path}", json=dict(body), headers={"Host": self.domain}, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def place(self, *skus: Mapping[Platform, str], **more: Any) -> None:
        lines = [{"sku": sku[self.platform], "quantity": 1} for sku in skus or (STANDARD,)]
        if more.pop("discount", False):
            more["discount_code"] = CODES[self.platform]
        body = {"email": self.to, "first_name": "Ada", "lines": lines}
        self.order = self.call("/sandbox/orders", {**body, **more})
        if self.files:
            self.store.settle()  # both are of the same second: the later one is to be told later
            self.rewrite(_into_files, "orders/updated")
            self.act("ship")
        if self.account:
            path, whose = f"orders/{self.order['id']}", {"customer_id": self.account}
            assert self.store.rest("PUT", path, json=whose).status_code == 200

    def rewrite(self, change: Callable[[dict[str, Any]], None], topic: str) -> None:
        """Shopify's order is made another one, and that is told, as its own back office would."""
        with self.app.test_request_context(headers={"Host": self.domain}):
            front = self.app.extensions["storefront"]()
            done = Change(front.shop, front.announcer)
            order = find_order(front.shop, str(self.order["id"]))
            change(order)
            for parcel in order["fulfillments"]:
                done.tell(parcel, "fulfillments/update")
            done.keep_order(order, topic)

    def act(self, action: str, *, line: int | None = None, **more: Any) -> None:
        if line is not None:
            more["lines"] = [{"line_id": self.order["line_ids"][line], "quantity": 1}]
        done = self.call(f"/sandbox/orders/{self.order['id']}/{action}", more)
        if action == "ship":
            self.parcels.append(str(done["parcel_id"]))

    def told(self) -> Told:
        natural = [str(kind) for kind in EventKind]
        rows = self.home.rows(
            "SELECT kind, key, happened_at FROM events WHERE shop_id = :one AND order_id = :order"
            " ORDER BY happened_at, array_position(CAST(:natural AS text[]), kind), id",
            natural=natural,
            one=self.shop_id(), order=str(self.order["id"]),
        )  # fmt: skip
        parcels: dict[str, int] = {}
        named = [
            (row.happened_at, natural.index(row.kind), self._bare(row.key, parcels), row.kind) for row in rows
        ]
        # Of two parcels at one moment neither is the first.
        events = tuple(f"{kind} {what}" for _, _, what, kind in sorted(named))
        return Told(events, tuple(self._mails()))

    def _mails(self) -> Iterator[str]:
        rows = self.home.rows(
            "SELECT flow_key || '/' || step AS step, recipient FROM messages WHERE shop_id = :one"
            " AND state = 'sent' AND recipient = :to ORDER BY sent_at, id",
            one=self.shop_id(), to=self.to,
        )  # fmt: skip
        mine = [mail for mail in self.home.mailbox.mails if self.to in str(mail["To"])]
        assert len(mine) == len(rows), "the ledger and the mail server agree"
        for row, mail in zip(rows, mine, strict=True):
            yield f"{row.step}: {self._anonymous(str(mail['Subject']))}"

    def _bare(self, key: str, parcels: dict[str, int]) -> str:
        """A key of an event without what is one platform's own: parcels are counted as they come."""
        if key.startswith("refund:"):
            return "refund"
        if key.startswith("parcel:"):
            parcel, _, what = key.rpartition(":")
            return f"parcel {parcels.setdefault(parcel, len(parcels) + 1)}:{what}"
        return key.replace(f"order:{self.order['id']}", "order")

    def _anonymous(self, subject: str) -> str:
        (shop,) = self.home.rows("SELECT name FROM shops WHERE id = :one", one=self.shop_id())
        plain = subject.replace(str(self.order["number"]).lstrip("#"), "N").replace(shop.name, "SHOP")
        titles = self.home.rows(
            "SELECT line->>'title' AS title FROM orders, jsonb_array_elements(body->'lines') line"
            " WHERE shop_id = :one", one=self.shop_id(),
        )  # fmt: skip
        for row in titles:
            plain = plain.replace(row.title, "THING")
        given = self.home.rows(
            "SELECT (body->>'amount')::int AS sum FROM refunds WHERE shop_id = :one", one=self.shop_id()
        )
        for row in given:  # the two shops sell at prices of their own, in their own money
            plain = re.sub(rf"[$€]{row.sum / 100:.2f}\b", "SUM", plain)
        return plain

    def shop_id(self) -> int:
        return int(self.home.one("SELECT id FROM shops WHERE domain = :domain", domain=self.domain))


@dataclass
class Twins:
    """Both at once."""

    shopify: Side
    woocommerce: Side

    @property
    def both(self) -> tuple[Side, Side]:
        return self.shopify, self.woocommerce

    @property
    def home(self) -> Home:
        return self.woocommerce.home

    def place(self, *skus: Mapping[Platform, str], **more: Any) -> None:
        for side in self.both:
            side.place(*skus, **more)
        self.rest()

    def act(self, action: str, **more: Any) -> None:
        """The same on both sides, a minute after what came before."""
        self.home.later(minutes=1)
        for side in self.both:
            side.act(action, **more)
        self.rest()

    def rest(self) -> None:
        for side in self.both:
            side.store.settle()
        self.home.rest()
        for side in self.both:
            side.store.settle()
        self.home.rest()

    def later(self, **span: float) -> None:
        self.home.later(**span)
        self.rest()

    def correct(self, number: str) -> None:
        """The number of the last parcel was wrong."""
        self.home.later(minutes=1)
        self.woocommerce.act("correct", parcel_id=self.woocommerce.parcels[-1], tracking_number=number)
        self.shopify.rewrite(lambda order: _corrected(order, number), "orders/updated")
        self.rest()

    def with_accounts(self) -> None:
        """The buyer of each side has an account, as Shopify's buyers always have."""
        wish = {"email": self.woocommerce.to, "first_name": "Ada", "last_name": "Fields"}
        made = self.woocommerce.store.rest("POST", "customers", json=wish)
        self.woocommerce.account = made.json()["id"]
        self.rest()

    def make_virtual(self) -> None:
        """What is sold as standard goods is a file from now on."""
        (shade,) = self.woocommerce.store.read("products", sku=STANDARD[Platform.WOOCOMMERCE])
        path = f"products/{shade['id']}"
        file = {"virtual": True, "downloadable": True}
        assert self.woocommerce.store.rest("PUT", path, json=file).status_code == 200
        self.shopify.files = True


def _into_files(order: dict[str, Any]) -> None:
    for line in order["line_items"]:
        line["requires_shipping"] = False


def _corrected(order: dict[str, Any], number: str) -> None:
    """The last parcel's number."""
    order["fulfillments"][-1] |= {"tracking_number": number, "tracking_numbers": [number]}


@contextmanager
def twins(
    settings: Settings, woo: WooStore, shopify: ShopifyStore, app: Flask, database_url: str, redis_url: str,
    smtp_port: int, mailbox: Mailbox,
) -> Iterator[Twins]:  # fmt: skip
    """Both connected a moment ago, every flow on, at rest."""
    config = Config(
        address=settings.app_address,
        port=settings.port,
        data=settings.data,
        mail_from_domain="mail.example",
        shared_domain_offers=True,
        shopify_api_key=KEY,
        shopify_secrets=(SECRET,),
        sandbox=SandboxConfig(
            settings.origins, settings.clock_file, settings.record_file, settings.port
        ),
        database_url=database_url,
        redis_url=redis_url,
        smtp_url=f"smtp://127.0.0.1:{smtp_port}",
        secret=KEYS.secret,
        encryption_keys=KEYS.encryption,
    )  # fmt: skip
    clock = MovedClock()
    runtime = replace(build(config), clock=clock)
    door = AppDoor(application(config, runtime), config.port)
    door.open()
    now, real = runtime.clock.now(), runtime.clock.real()
    attempt = Attempt(Platform.WOOCOMMERCE, WOOCOMMERCE_SHOP, f"https://{WOOCOMMERCE_SHOP}")
    key, secret = woo.key
    keys = {"consumer_key": key, "consumer_secret": secret}
    shop = connect(runtime.database, runtime.keys, attempt, keys, now, real)
    home = Pair(woo, runtime, door, mailbox, clock, shop)
    other = _install(runtime, shopify)
    home.shops = (shop.shop_id, other)
    for shop_id in home.shops:
        with runtime.database.shops(shop_id) as session:
            take_for_service(session, shop_id)
            for flow in PRESETS:
                switch_on(session, shop_id, flow.key, now)
    both = Twins(
        Side(Platform.SHOPIFY, SHOPIFY_SHOP, shopify.address, home, shopify, app=app),
        Side(Platform.WOOCOMMERCE, WOOCOMMERCE_SHOP, woo.address, home, woo),
    )
    both.rest()
    yield both
    door.shut()
    runtime.database.engine.dispose()
    runtime.queue.redis.close()


@dataclass
class Pair(Home):
    """Eyes on both shops."""

    shops: tuple[int, ...] = ()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.runtime.database.shops(*self.shops) as session:
            return list(session.execute(text(sql), values))


def _install(runtime: Runtime, store: ShopifyStore) -> int:
    assert store.call("POST", "/admin/apps/doorstep/install", SHOPIFY_SHOP).status_code == 303
    id_token = store.get("/sandbox/id-token", SHOPIFY_SHOP)["id_token"]
    now, real = runtime.clock.now(), runtime.clock.real()
    found = by_id_token(runtime.stores().tokens(), SHOPIFY_SHOP, id_token, now, real)
    assert found is not None
    return found.shop_id
