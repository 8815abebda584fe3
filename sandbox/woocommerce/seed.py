"""What a shop holds when it is opened: its catalogue, and for the main shop a past."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.store import OrderRequest
from sandbox.woocommerce import actions, checkout, customers, products
from sandbox.woocommerce.catalogue import CATALOGUE, Article
from sandbox.woocommerce.shop import Shop

_STOCK = 400


@dataclass(frozen=True, slots=True)
class Past:
    """One order from before anybody connected: `then` are actions with the days that they waited."""

    days_ago: int
    person: tuple[str, str]
    lines: tuple[tuple[str, int], ...]
    then: tuple[tuple[str, int], ...]
    account: bool = False
    payment: str = "card"
    coupon: str | None = None


_SENT = (("ship", 1), ("deliver", 3))

PAST: tuple[Past, ...] = (
    Past(320, ("Jonna", "Brandt"), (("LK-SHADE-40", 1),), _SENT, account=True),
    Past(287, ("Emil", "Okafor"), (("LK-CANDLE-6", 4),), _SENT),
    Past(241, ("Jonna", "Brandt"), (("LK-CANDLE-6", 2), ("LK-WOOL-FOG", 1)), _SENT, account=True),
    Past(198, ("Mirela", "Santos"), (("LK-TIDE-160", 1),), _SENT, payment="bank_transfer"),
    Past(150, ("Théo", "Lindqvist"), (("LK-BULBS-3", 1),), (("ship", 1), ("deliver", 2), ("refund", 9))),
    Past(121, ("Jonna", "Brandt"), (("LK-ORBIT", 1),), _SENT, account=True, coupon="welcome10"),
    Past(88, ("Priya", "Nair"), (("LK-WOOL-PINE", 1), ("LK-WOOL-RUST", 1)), _SENT, account=True),
    Past(61, ("Emil", "Okafor"), (("LK-SHADE-30", 2),), (("cancel", 1),)),
    Past(40, ("Łukasz", "Wiśniewski"), (("LK-CANDLE-6", 1), ("LK-BULBS-3", 1)), _SENT),
    Past(19, ("Priya", "Nair"), (("LK-ORBIT", 1), ("LK-CANDLE-6", 3)), (("ship", 2),), account=True),
)  # fmt: skip


def open_shop(shop: Shop, name: str, *, with_past: bool) -> None:
    """Opening an open shop changes nothing."""
    if shop.read("shop", "profile") is not None:
        return
    with shop.documents.transaction():
        profile = {
            "name": name,
            "email": f"hello@{shop.domain}",
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "store_id": str(uuid.uuid4()),
        }
        shop.write("shop", "profile", profile)
        opened = shop.now() - timedelta(days=400)
        for article in CATALOGUE:
            _stock(shop, article, opened)
        if with_past:
            for past in PAST:
                _live(shop, past)


def _stock(shop: Shop, article: Article, now: datetime) -> None:
    parent = products.blank(shop, shop.new_id("product"), article.title, article.slug, now)
    group = {"id": 15, "name": article.category, "slug": article.category.lower().replace(" ", "-")}
    parent |= {
        "description": f"<p>{article.text}</p>\n",
        "short_description": article.text,
        "weight": article.weight,
        "categories": [group],
        "tags": [{"id": 30, "name": f"timing:{article.timing}", "slug": f"timing-{article.timing}"}],
        "images": [products.image(shop, shop.new_id("picture"), article.slug, article.title, now)],
    }
    products.set_price(shop, parent, min(choice.price for choice in article.choices))
    if not article.attribute:
        parent["sku"] = article.choices[0].sku
        products.set_stock(parent, _STOCK)
        products.add(shop, parent)
        return
    children = []
    for choice in article.choices:
        id = shop.new_id("product")
        child = products.variation(shop, parent, id, article.attribute, choice.option, now)
        child["sku"] = choice.sku
        products.set_price(shop, child, choice.price)
        products.set_stock(child, _STOCK)
        children.append(child)
    products.make_variable(parent, article.attribute, children)
    for product in (parent, *children):
        products.add(shop, product)


def _live(shop: Shop, past: Past) -> None:
    first, last = past.person
    # No letter outside ASCII in an address that mail servers of all ages must take.
    email = f"{first}.{last}@example.com".lower().translate(str.maketrans("éłś", "els"))
    now = shop.now().replace(hour=9, minute=20) - timedelta(days=past.days_ago)
    customer_id = _account(shop, email, first, last, now) if past.account else 0
    wanted = OrderRequest(past.lines, email, first, last, payment=past.payment, discount_code=past.coupon)
    order = checkout.place(shop, wanted, now, customer_id)
    then = ((("pay", 1),) if past.payment == "bank_transfer" else ()) + past.then
    for name, days in then:
        now += timedelta(days=days, hours=3)
        actions.act(shop, str(order["id"]), name, {}, now)


def _account(shop: Shop, email: str, first: str, last: str, now: datetime) -> int:
    for customer in shop.every("customer"):
        if customer["email"] == email:
            return int(customer["id"])
    return int(customers.make(shop, email, first, last, now)["id"])
