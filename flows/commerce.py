"""What a shop sells, ships and gives back: platform-neutral, immutable, one meaning per word.

Identities are the platform's own, as text. Money is an integer in minor units of the order's
currency. Instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from flows.product import Product as Product
from flows.shop_mails import HeldMail


class Platform(StrEnum):
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"


class OrderState(StrEnum):
    """OPEN covers everything from placed to delivered; GONE is trashed or deleted."""

    OPEN = "open"
    CANCELLED = "cancelled"
    GONE = "gone"


class Shipped(StrEnum):
    """How much of the order has left, as the platform itself says it."""

    NONE = "none"
    PART = "part"
    ALL = "all"


class ParcelStatus(IntEnum):
    """Ordered: merging two pictures of a parcel keeps the higher one, whatever came first."""

    PENDING = 0
    SHIPPED = 10
    IN_TRANSIT = 20
    DELAYED = 25
    OUT_FOR_DELIVERY = 30
    ATTEMPTED = 35
    READY_FOR_PICKUP = 36
    FAILED = 40
    DELIVERED = 50
    CANCELLED = 90


class ConsentState(StrEnum):
    SUBSCRIBED = "subscribed"
    NOT_SUBSCRIBED = "not_subscribed"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    REDACTED = "redacted"
    INVALID = "invalid"


class ReturnState(IntEnum):
    """Ordered: a return never falls back, whatever message comes last."""

    REQUESTED = 0
    OPEN = 10
    DECLINED = 20
    CANCELLED = 30
    CLOSED = 40


@dataclass(frozen=True, slots=True)
class Address:
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`quantity` is what was ordered, edits applied, refunds not. `total` is after discounts."""

    id: str
    title: str
    quantity: int
    total: int
    product_id: str | None = None
    variant_id: str | None = None
    variant: str = ""
    sku: str = ""
    image_url: str | None = None
    ships: bool = True
    gift_card: bool = False


@dataclass(frozen=True)  # copied by `copies`
class Order:
    """One order as the newest body told it.

    `accepted_at`: when the store took the order on (paid, or payment is due later by agreement);
    None while it waits for money. `refunded`: minor units given back according to this body.
    `is_renewal`: a subscription that went on by itself. `lines_gone`: it had lines, and all were taken out
    (one of nothing but fees never had any). `source`: "pos" for a till. `not_found`: GONE for that alone.
    `confirmation`: a random word that only buyer and merchant see, where the store gives one.
    `shop_held`, `shop_wrote`: the store's own mails about it that were held back, and those that it sent.
    """

    id: str
    number: str
    version: datetime
    placed_at: datetime
    currency: str
    total: int
    state: OrderState = OrderState.OPEN
    accepted_at: datetime | None = None
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    email: str | None = None
    phone: str | None = None
    customer_id: str | None = None
    first_name: str = ""
    last_name: str = ""
    locale: str | None = None
    subtotal: int = 0
    shipping: int = 0
    tax: int = 0
    tax_included: bool = False
    discount: int = 0
    fees: int = 0
    refunded: int = 0
    fully_refunded: bool = False
    lines: tuple[OrderLine, ...] = ()
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping_method: str = ""
    payment_method: str = ""
    discount_codes: tuple[str, ...] = ()
    shipped: Shipped = Shipped.NONE
    is_gift: bool = False
    is_test: bool = False
    is_renewal: bool = False
    lines_gone: bool = False
    not_found: bool = False
    source: str = ""
    note: str = ""
    status_url: str | None = None
    confirmation: str = ""
    shop_held: tuple[HeldMail, ...] = ()
    shop_wrote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineQuantity:
    line_id: str
    quantity: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Tracking:
    """A carrier's number for one piece, and where to look it up."""

    number: str
    url: str | None = None


@dataclass(frozen=True)  # copied by `copies`
class Parcel:
    """`lines` is empty where the platform does not say what is inside. `also`: the other numbers of one that
    travels in several pieces. `vanished`: the store named it once and then no longer (a number corrected or
    removed). `followed`: the store knows its carrier, and links to it by itself. `nameless`: the store has no
    name for it but its number, or none at all. `own_name`: the store's name for it, where `id` is another.
    `promised_at`, `put_off_to`: the earliest and the latest day that was ever told for it."""

    id: str
    order_id: str
    version: datetime
    status: ParcelStatus
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str | None = None
    name: str = ""
    lines: tuple[LineQuantity, ...] = ()
    shipped_at: datetime | None = None
    estimated_at: datetime | None = None
    delivered_at: datetime | None = None
    vanished: bool = False
    also: tuple[Tracking, ...] = ()
    followed: bool = True
    nameless: bool = False
    promised_at: datetime | None = None
    put_off_to: datetime | None = None
    own_name: str = ""


@dataclass(frozen=True, slots=True)
class ParcelEvent:
    """One scan. `gone` marks one that the platform took back."""

    id: str
    parcel_id: str
    order_id: str
    status: ParcelStatus
    happened_at: datetime
    message: str = ""
    place: str = ""
    estimated_at: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """`detailed` is False while only the amount is known and the lines are still to be fetched."""

    id: str
    order_id: str
    created_at: datetime
    amount: int
    lines: tuple[LineQuantity, ...] = ()
    reason: str = ""
    detailed: bool = True


@dataclass(frozen=True, slots=True)
class Return:
    """Goods on their way back. `lines` is empty where the platform does not say which, `order_id` while
    it has not said of what order. `exchange`: something else goes out in their place."""

    id: str
    order_id: str
    version: datetime
    state: ReturnState
    name: str = ""
    lines: tuple[LineQuantity, ...] = ()
    reason: str = ""
    exchange: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """`order_count`: as the store counted at `counted_at`, orders that it does not show us included;
    None: it did not say. `birthday`: month and day, as "03-31"."""

    id: str
    version: datetime
    email: str | None = None
    first_name: str = ""
    last_name: str = ""
    locale: str | None = None
    phone: str | None = None
    order_count: int | None = None
    counted_at: datetime | None = None
    birthday: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Marketing consent of an address as the store knows it. `at` None: the store gives no time."""

    email: str
    state: ConsentState
    at: datetime | None = None
    customer_id: str | None = None
    opt_in_level: str = ""


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """What the store says of itself. `timezone` is an IANA name, `url` the public front page,
    `platform_id` the store's own number for it. `for_tests`: it sells nothing; None: it does not say."""

    name: str
    url: str
    email: str
    currency: str
    timezone: str
    locale: str = "en"
    country: str = ""
    address: str = ""
    platform_id: str = ""
    for_tests: bool | None = None
