"""What may be written into a store: one value per verb. Money in minor units, instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flows.commerce import Address, ConsentState, LineQuantity


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"


@dataclass(frozen=True, slots=True)
class CreateDiscount:
    """A code for one use. `code` is derived from what it is for, so a repeat finds it taken: by us.

    `value`: whole percent, or minor units of `currency`. `customer_id`, `email`: only this customer may use
    it; Shopify knows customers by their number, WooCommerce by their address. `minimum`: the least subtotal,
    in minor units. `starts_at` is no promise: WooCommerce's codes are good at once.
    """

    kind: ClassVar[str] = "create_discount"
    code: str
    title: str
    discount: DiscountKind
    value: int
    currency: str
    starts_at: datetime
    ends_at: datetime | None = None
    usage_limit: int | None = 1
    once_per_customer: bool = True
    customer_id: str | None = None
    minimum: int | None = None
    combines: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True)
class SetConsent:
    """`level`: how they agreed, in the store's own word from before; "": that was never told."""

    kind: ClassVar[str] = "set_consent"
    customer_id: str
    email: str
    state: ConsentState
    at: datetime
    level: str = ""


@dataclass(frozen=True, slots=True)
class SetRating:
    """The published reviews of a product: `average` of 1 to 5 stars, 2 decimals; no reviews: 0 of 0."""

    kind: ClassVar[str] = "set_rating"
    product_id: str
    average: float
    count: int


class CancelReason(StrEnum):
    CUSTOMER = "customer"
    DECLINED = "declined"
    FRAUD = "fraud"
    INVENTORY = "inventory"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cannot be taken back. `refund`: the money goes back the way that it came."""

    kind: ClassVar[str] = "cancel_order"
    order_id: str
    reason: CancelReason
    refund: bool
    restock: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    kind: ClassVar[str] = "change_address"
    order_id: str
    address: Address


@dataclass(frozen=True, slots=True)
class EditOrder:
    """`quantities`: lines with the number of pieces that they shall have; `added`: variant id and pieces."""

    kind: ClassVar[str] = "edit_order"
    order_id: str
    quantities: tuple[LineQuantity, ...] = ()
    added: tuple[LineQuantity, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskReturn:
    """A shopper wants to send lines back; the merchant decides in the shop's back office."""

    kind: ClassVar[str] = "ask_return"
    order_id: str
    lines: tuple[LineQuantity, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class GrantCredit:
    """`key`: the same grant never counts twice."""

    kind: ClassVar[str] = "grant_credit"
    customer_id: str
    amount: int
    currency: str
    key: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PointTracking:
    """Where the store's own pages and mails link to for one parcel. `url`: whole, or, until it is written,
    the path of one of our pages."""

    kind: ClassVar[str] = "point_tracking"
    parcel_id: str
    carrier: str
    number: str
    url: str


class ReviewPlace(StrEnum):
    """Where a review shall be in the store's own list: in sight, put aside, or in the bin."""

    LISTED = "listed"
    HELD = "held"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PostReview:
    """A review in the store's own list of reviews. What was written and by whom is how it is known again,
    so a changed text is another review. `name` may be empty; `order_id`: what was bought; `reference`: the
    store's id of it, where it is known: by that it is known again whatever the merchant made of its words."""

    kind: ClassVar[str] = "post_review"
    product_id: str
    order_id: str
    stars: int
    text: str
    name: str
    email: str
    place: ReviewPlace = ReviewPlace.LISTED
    reference: str = ""


@dataclass(frozen=True, slots=True)
class NoteOrder:
    """A line in the order's history that the shop's people see and nobody is mailed. `key`: the same note
    never stands there twice."""

    kind: ClassVar[str] = "note_order"
    order_id: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class ReleaseMail:
    """One of the store's own mails that was held back is sent after all, if it still is. `held_at` tells one
    time of being held from the next."""

    kind: ClassVar[str] = "release_mail"
    order_id: str
    mail: str
    held_at: datetime


Write = (
    CreateDiscount
    | SetConsent
    | SetRating
    | CancelOrder
    | ChangeAddress
    | EditOrder
    | AskReturn
    | GrantCredit
    | PointTracking
    | PostReview
    | NoteOrder
    | ReleaseMail
)
WRITES: tuple[type[Write], ...] = (
    CreateDiscount,
    SetConsent,
    SetRating,
    CancelOrder,
    ChangeAddress,
    EditOrder,
    AskReturn,
    GrantCredit,
    PointTracking,
    PostReview,
    NoteOrder,
    ReleaseMail,
)


@dataclass(frozen=True, slots=True)
class Written:
    """`reference`: the store's id of what came of it. `already`: it was there before."""

    reference: str = ""
    already: bool = False
