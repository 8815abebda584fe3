"""The door to a shop platform: bytes and mappings come in, values go out.

A connector knows its platform's wire format and nothing of Flask, the database or queues. It holds
no state: every call names the store it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from connectors.companion import PluginSaid, PluginSettings
from connectors.errors import (
    AccessLost,
    Malformed,
    NotNow,
    NotThere,
    Refused,
    RightMissing,
    StoreBusy,
    StoreError,
    StoreFrozen,
    StoreGone,
    StoreRefused,
    StoreUnreachable,
    Unsupported,
)
from connectors.news import Merge, PlanNews, PrivacyAsk, Subscription
from connectors.shipping import OrderStatus, ShipmentWords
from connectors.writes import Write, Written
from flows.commerce import (
    Consent,
    Customer,
    Order,
    Parcel,
    ParcelEvent,
    Platform,
    Product,
    Refund,
    Return,
    ShopProfile,
)
from wire.http import HttpClient

__all__ = [
    "AccessLost",
    "Malformed",
    "NotNow",
    "NotThere",
    "OrderStatus",
    "Refused",
    "RightMissing",
    "ShipmentWords",
    "StoreBusy",
    "StoreError",
    "StoreFrozen",
    "StoreGone",
    "StoreRefused",
    "StoreUnreachable",
    "Unsupported",
]


class Noun(StrEnum):
    ORDER = "order"
    REFUNDS = "refunds"
    FULFILLMENTS = "fulfillments"
    CUSTOMER = "customer"
    PRODUCT = "product"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to read from the store: `id` in the platform's text form.

    `reason` is stored with the outcome ("order.deleted is only a hint").
    """

    noun: Noun
    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The store no longer has it (a 404 or a trashed answer, never a bare delete message)."""

    noun: Noun
    id: str


class Mark(StrEnum):
    """What a message says of the connection itself."""

    NEEDS_RECONNECT = "needs_reconnect"
    UNINSTALLED = "uninstalled"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message or answer of a store says, in our words.

    `ignored`: why nothing is in it ("topic", "checkout_draft", "ping"), else None.
    `wishes`: what must be read from the store before or besides it.
    `stamp`: the source's own time of this state, where it gives one.
    `all_parcels_of`: ids of orders that have no other parcels than those here; one that is stored
    besides was taken back (a tracking number corrected or removed). `all_refunds_of`: the same of refunds.
    `granted`: the rights that we have from now on. `bulk_done`: a long listing is prepared or has failed.
    """

    orders: tuple[Order, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    parcel_events: tuple[ParcelEvent, ...] = ()
    refunds: tuple[Refund, ...] = ()
    products: tuple[Product, ...] = ()
    customers: tuple[Customer, ...] = ()
    consents: tuple[Consent, ...] = ()
    profile: ShopProfile | None = None
    gone: tuple[Gone, ...] = ()
    wishes: tuple[Wish, ...] = ()
    mark: Mark | None = None
    ignored: str | None = None
    stamp: datetime | None = None
    all_parcels_of: tuple[str, ...] = ()
    all_refunds_of: tuple[str, ...] = ()
    returns: tuple[Return, ...] = ()
    merges: tuple[Merge, ...] = ()
    granted: tuple[str, ...] | None = None
    plan: PlanNews | None = None
    bulk_done: str | None = None
    privacy: PrivacyAsk | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came in. Header names are lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Verified:
    """A delivery whose signature held.

    `shop`: the shop's domain where a header names it (Shopify), else None (WooCommerce: the path).
    `dedupe`: the inbox key of this delivery inside its shop. `hint`: it repeats byte for byte, so
    its key is only honoured for ten minutes.
    `ignored`: nothing to store ("ping"), else None.
    `by_law`: a demand that is heard also from a shop that has left.
    `triggered_at`: when the store says that it happened; not covered by the signature.
    """

    topic: str
    dedupe: str
    shop: str | None = None
    hint: bool = False
    ignored: str | None = None
    triggered_at: datetime | None = None
    by_law: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """A connected store and what opens it. Secrets never show in repr.

    `base_url`: WooCommerce's home address with its path; for Shopify `https://{domain}`.
    `currency` helps where a body carries none (products). `secrets`: Shopify `access_token` and `scope`;
    WooCommerce `consumer_key`, `consumer_secret`. `front_url`: the shop's public front page, for links of
    which a body has the last part. `scopes`: our rights. `platform_id`: the store's own number, "" unknown.
    """

    platform: Platform
    domain: str
    base_url: str
    http: HttpClient
    currency: str = ""
    timezone: str = "UTC"
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    front_url: str = ""
    scopes: tuple[str, ...] = ()
    platform_id: str = ""
    words: ShipmentWords = field(default_factory=ShipmentWords)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing; `cursor` None: it was the last. `wait`: seconds until there is more; `done` of
    `total` are through, where the store counts. `unread`: why entries without a name were passed over.
    `idle`: the store was not asked. `newest`: of the last page, the newest change by the store's `clock`."""

    reading: Reading
    cursor: str | None = None
    wait: float = 0.0
    done: int | None = None
    total: int | None = None
    unread: tuple[str, ...] = ()
    idle: bool = False
    newest: datetime | None = None
    clock: datetime | None = None


class Connector(Protocol):
    """What the app asks of a platform."""

    @property
    def platform(self) -> Platform: ...

    def verify_webhook(self, delivery: Delivery, secrets: tuple[str, ...]) -> Verified:
        """Checks the signature over the raw bytes; any of `secrets` may have signed.

        Raises Refused (400 missing headers, 401 bad signature).
        """
        ...

    def sign_webhook(self, body: bytes, secret: str) -> Mapping[str, str]:
        """The signature header(s) that the platform would send over `body`."""
        ...

    def normalise(self, topic: str, payload: Any, store: Store | None = None) -> Reading:
        """A parsed webhook body in our words. Pure: calls nothing. Raises Malformed."""
        ...

    def restated(self, topic: str, body: bytes) -> tuple[str, str] | None:
        """Where a body is the whole state of a thing, of which only the newest counts: which, and how new."""
        ...

    def fetch(self, store: Store, wish: Wish) -> Reading:
        """Reads one thing from the store. Raises StoreError; a missing order gives `gone`."""
        ...

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        """Orders changed at or after `since` with all that belongs to them, oldest first."""
        ...

    def catalogue(self, store: Store, cursor: str | None) -> Page:
        """All products, page by page."""
        ...

    def history(self, store: Store, cursor: str | None, since: datetime | None = None) -> Page:
        """Past orders, page by page, newest state each; of after `since` where we may choose."""
        ...

    def standing(self, store: Store, order_ids: Collection[str]) -> set[str]:
        """Those of these orders that the store lists. One call; at most 100 ids. Raises StoreError."""
        ...

    def customers(self, store: Store, cursor: str | None) -> Page:
        """All customers with their consent and how often they ordered, page by page; nothing where the
        platform does not count that."""
        ...

    def profile(self, store: Store) -> ShopProfile: ...

    def plan(self, store: Store) -> Subscription | None:
        """What the shop pays us for, through the platform. None: nothing, or the platform does not bill.
        Raises StoreError."""
        ...

    def rights(self, store: Store) -> tuple[str, ...] | None:
        """The rights that the store says we have; None where a platform has no such list."""
        ...

    def order_statuses(self, store: Store) -> tuple[OrderStatus, ...] | None:
        """Which statuses orders may have; None where a platform has only its own. Raises StoreError."""
        ...

    def write(self, store: Store, what: Write) -> Written:
        """Does one write, at most once: repeating it with the same key finds it done. Raises StoreError;
        Unsupported where the platform has no way to do it, RightMissing where rights are not given."""
        ...

    def subscribe(
        self, store: Store, address: str, secret: str, *, declared: bool = False, anew: bool = False
    ) -> tuple[str, ...]:
        """Makes the store send our topics to `address`: creates what is missing, repairs what is
        paused or disabled, removes doubles. `anew`: what is there was made with other keys than we have
        now. `declared`: the app's own configuration asks every shop for them already; then what we once
        made besides is a double. Returns what was done, one line each."""
        ...

    def tell_plugin(self, store: Store, settings: PluginSettings | None) -> PluginSaid | None:
        """Tells the companion plugin in the store how things are (None: we have left), and hears what it says
        of itself. None: there is none. Raises StoreError."""
        ...


def pages(read: Any) -> Iterator[Reading]:
    """Every page of a listing: `read(cursor)` until it gives no further cursor."""
    cursor = None
    while True:
        page = read(cursor)
        yield page.reading
        cursor = page.cursor
        if cursor is None:
            return
