"""What the pages show, made from what the store says: shelves, prices and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.store import LineSummary, OrderSummary, ProductCard, Refusal, StoreFront
from sandbox.storefront.brands import Category

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}

_WORDS = {
    "ship": "Ship",
    "out-for-delivery": "Out for delivery",
    "deliver": "Deliver",
    "delay": "Delay",
    "cancel": "Cancel",
    "refund": "Refund",
    "trash": "Trash",
    "restore": "Restore",
    "pay": "Money arrived",
}

_UNPAID = ("on-hold", "pending")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One product with its variants; a product without any has one card."""

    slug: str
    title: str
    description: str
    image_url: str
    cards: tuple[ProductCard, ...]

    @property
    def from_minor(self) -> int:
        return min(card["price_minor"] for card in self.cards)

    @property
    def one_price(self) -> bool:
        return len({card["price_minor"] for card in self.cards}) == 1

    @property
    def product_id(self) -> str:
        return self.cards[0]["product_id"]

    @property
    def category(self) -> str:
        return self.cards[0]["category"]


@dataclass(frozen=True, slots=True)
class BasketLine:
    card: ProductCard
    quantity: int

    @property
    def minor(self) -> int:
        return self.card["price_minor"] * self.quantity


@dataclass(frozen=True, slots=True)
class Sums:
    """What a basket comes to before any discount."""

    goods: int
    shipping: int

    @property
    def total(self) -> int:
        return self.goods + self.shipping


@dataclass(frozen=True, slots=True)
class Button:
    """`value` is what the form sends: an action, or an action and what it is done to."""

    value: str
    words: str


def shelves(cards: Sequence[ProductCard]) -> list[Shelf]:
    """In the store's own order, variants under one slug together."""
    by_slug: dict[str, list[ProductCard]] = {}
    for card in cards:
        by_slug.setdefault(card["url_slug"], []).append(card)
    return [
        Shelf(slug, of[0]["title"], of[0]["description"], of[0]["image_url"], tuple(of))
        for slug, of in by_slug.items()
    ]


def shelf_of(cards: Sequence[ProductCard], slug: str) -> Shelf:
    """Raises Refusal 404."""
    for shelf in shelves(cards):
        if shelf.slug == slug:
            return shelf
    raise Refusal(404, "There is no such product here.")


def in_category(all: Sequence[Shelf], category: Category) -> list[Shelf]:
    return [shelf for shelf in all if shelf.category in category.holds]


def beside(all: Sequence[Shelf], shown: Shelf, count: int) -> list[Shelf]:
    """Others to look at: those that follow it in the shop, then from the beginning."""
    place = all.index(shown)
    return [*all[place + 1 :], *all[:place]][:count]


def basket_lines(cards: Sequence[ProductCard], chosen: Mapping[str, int]) -> list[BasketLine]:
    by_sku = {card["sku"]: card for card in cards}
    return [BasketLine(by_sku[sku], quantity) for sku, quantity in chosen.items()]


def sums(lines: Sequence[BasketLine], shop: StoreFront) -> Sums:
    goods = sum(line.minor for line in lines)
    return Sums(goods, shop.shipping_minor(goods))


def money(minor: int, currency: str) -> str:
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'-' if minor < 0 else ''}{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


def day_and_time(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"


def placed_words(order: OrderSummary) -> str:
    """In UTC, like the clock of the merchant bar: the stores tell it each in a zone of its own."""
    return f"{day_and_time(datetime.fromisoformat(order.placed_at).astimezone(UTC))} UTC"


def placed_day(order: OrderSummary, american: bool) -> str:
    """As people of the shop's country say it; never broken within the date."""
    moment = datetime.fromisoformat(order.placed_at)
    parts = [f"{moment:%B}", f"{moment.day},"] if american else [f"{moment.day}", f"{moment:%B}"]
    return f"{moment:%A}, " + "\u00a0".join([*parts, f"{moment.year}"])


def state_words(order: OrderSummary) -> str:
    """The store's words for its merchant, said to the shopper."""
    if order.status == "trash" or "cancel" in order.status:
        return "Cancelled"
    if any(word in order.status for word in _UNPAID):
        return "Waiting for your payment"
    if all(line.refunded >= line.quantity for line in order.lines):
        return "Refunded"
    arrived = ["delivered" in parcel.status for parcel in order.parcels]
    left = any(_left_to_ship(line) > 0 for line in order.lines)
    if arrived and all(arrived) and not left:
        return "Delivered"
    if arrived:
        return "Partly on its way" if left else "On its way"
    return "Being packed"


def order_buttons(order: OrderSummary, actions: Sequence[str]) -> list[Button]:
    """Buttons that concern the whole order, as far as they make sense in its state."""
    if order.status == "trash":
        return [Button("restore", _WORDS["restore"])]
    closed = "cancel" in order.status
    moving = any("delivered" not in parcel.status for parcel in order.parcels)
    fits = {
        "ship": not closed and any(_left_to_ship(line) > 0 for line in order.lines),
        "out-for-delivery": moving,
        "deliver": moving,
        "delay": moving,
        "pay": any(word in order.status for word in _UNPAID),
        "cancel": not closed,
        "refund": not closed and any(line.refunded < line.quantity for line in order.lines),
        "restore": False,
    }
    whole = {"ship": "Ship all", "refund": "Refund all"}
    return [Button(action, whole.get(action, _WORDS[action])) for action in actions if fits.get(action, True)]


def line_buttons(order: OrderSummary, line_id: str, actions: Sequence[str]) -> list[Button]:
    """Ship and refund of one line, while there is a piece of it left to do it to."""
    if order.status == "trash" or "cancel" in order.status:
        return []
    line = next(line for line in order.lines if line.id == line_id)
    left = {"ship": _left_to_ship(line), "refund": line.quantity - line.refunded}
    return [
        Button(f"{action}:{line.id}", f"{_WORDS[action]} {pieces}")
        for action, pieces in left.items()
        if action in actions and pieces > 0
    ]


def parcel_buttons(parcel_id: str, actions: Sequence[str]) -> list[Button]:
    return [
        Button(f"{action}:{parcel_id}", _WORDS[action])
        for action in ("out-for-delivery", "deliver", "delay")
        if action in actions
    ]


def _left_to_ship(line: LineSummary) -> int:
    return line.quantity - line.shipped - line.refunded
