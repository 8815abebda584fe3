"""What both fake stores offer to the storefront pages, the merchant bar and the control routes.

One StoreFront stands for one shop. A store's Flask app keeps in `app.extensions["storefront"]` a
function without arguments that returns the StoreFront of the current request (picked by the Host
header, or by `?shop=`; an address on the loopback interface means the main shop).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict


class Refusal(Exception):
    """The store says no. `status` is the HTTP answer (400 bad input, 404 unknown, 409 not now)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class UnknownCode(Refusal):
    """The discount code of an order is not one of the store's."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class ProductCard(TypedDict):
    """One thing to buy (a variant). `kind` is the timing kind; variants share a `url_slug`.

    `product_id`: by which apps know the product, variants together. `category`: in the store's words.
    """

    sku: str
    product_id: str
    category: str
    title: str
    variant: str
    price_minor: int
    image_url: str
    url_slug: str
    description: str
    kind: str


@dataclass(frozen=True, slots=True)
class Address:
    """`state`: its two letters, where the store's country has states."""

    street: str
    city: str
    postcode: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """`lines` are (sku, quantity). `email` None: an order that came in without an e-mail address.

    `payment` "bank_transfer": placed now, paid later by the action "pay". `address` None: one of the
    store's own making, the same for the same e-mail address.
    """

    lines: tuple[tuple[str, int], ...]
    email: str | None = None
    first_name: str = "Robin"
    last_name: str = "Fields"
    accepts_marketing: bool = False
    gift_note: str | None = None
    discount_code: str | None = None
    payment: str = "card"
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    id: str
    number: str
    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineSummary:
    """`shipped` and `refunded` are pieces, out of `quantity`; `price_minor` of all pieces, undiscounted."""

    id: str
    sku: str
    title: str
    variant: str
    quantity: int
    shipped: int = 0
    refunded: int = 0
    price_minor: int = 0


@dataclass(frozen=True, slots=True)
class ParcelSummary:
    """`status` is the store's own word."""

    id: str
    status: str
    carrier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """`status` is the store's own words; `placed_at` ISO 8601 with offset. `tax_minor` 0: in the prices.

    `ships_to`: name and address as lines. `track_link`: where the app's plugin lets the shopper follow it.
    """

    id: str
    number: str
    email: str | None
    status: str
    placed_at: str
    total_minor: int
    lines: tuple[LineSummary, ...]
    parcels: tuple[ParcelSummary, ...]
    shipping_minor: int = 0
    discount_minor: int = 0
    tax_minor: int = 0
    ships_to: tuple[str, ...] = ()
    gift_note: str = ""
    track_link: str = ""


class StoreFront(Protocol):
    """One shop of a fake store, as its own pages see it."""

    @property
    def name(self) -> str: ...

    @property
    def currency(self) -> str: ...

    @property
    def actions(self) -> tuple[str, ...]:
        """What `act` understands, in the order of the merchant bar."""
        ...

    @property
    def back_office(self) -> str:
        """The path of the page that holds the app in the merchant's back office."""
        ...

    def shipping_minor(self, goods_minor: int) -> int:
        """What sending goods of this price costs."""
        ...

    def customer_id(self, email: str) -> str:
        """Of the account with this address; "" where there is none."""
        ...

    def products(self) -> list[ProductCard]: ...

    def place_order(self, wanted: OrderRequest) -> PlacedOrder:
        """Raises Refusal (400 unknown sku, quantity below 1, unknown discount code)."""
        ...

    def orders(self) -> list[OrderSummary]:
        """Newest first."""
        ...

    def order(self, order_id: str) -> OrderSummary:
        """Raises Refusal 404."""
        ...

    def act(self, order_id: str, action: str, **arguments: Any) -> dict[str, Any]:
        """Does one of `actions` and tells the world by webhooks. Raises Refusal."""
        ...


class ControlledStore(StoreFront, Protocol):
    """What the control routes can do with one shop beyond its pages."""

    def deliveries(self) -> list[dict[str, Any]]:
        """Webhooks of this shop, oldest first: topic, status, when, attempts."""
        ...

    def put(self, noun: str, body: Mapping[str, Any]) -> str:
        """Puts a recorded resource in as it is, silently; returns its id. Raises Refusal."""
        ...

    def set_quirks(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Switches quirks; returns all of them. Raises Refusal for an unknown one."""
        ...

    def uninstall(self) -> None: ...


CurrentFront = Callable[[], ControlledStore]
