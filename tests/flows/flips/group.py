"""The rules of groups: facts under which each does not hold, and does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flows.commerce import Address
from flows.conditions import Named
from tests.flows.situation import NOW, PLAIN, Change, Questions, Situation


def _asks(name: str, **arguments: int | str) -> Named:
    return Named(name, tuple(arguments.items()))


def _person(it: Situation, **changes: Any) -> Situation:
    return it.having(person=replace(it.facts.person, **changes))


def _orders(it: Situation) -> Situation:
    return _person(it, orders=0 if it.facts.person.orders else 5)


def _value(it: Situation) -> Situation:
    return it.ordering(total=1000 if it.facts.picture.order.total == 5000 else 5000)


def _spent(it: Situation) -> Situation:
    return _person(it, spent=0 if it.facts.person.spent else 50_000)


def _said(it: Situation, **changes: Any) -> Situation:
    products = it.facts.products
    return it.having(products={**products, "p-mug": replace(products["p-mug"], **changes)})


def _product(it: Situation) -> Situation:
    """A variation of another product, or none."""
    return _said(it, parent_id=None if it.facts.products["p-mug"].parent_id else "p-all")


def _category(it: Situation) -> Situation:
    return _said(it, kind="Mug" if it.facts.products["p-mug"].kind == "Cup" else "Cup")


def _tag(it: Situation) -> Situation:
    tags = it.facts.products["p-mug"].tags
    return _said(it, tags=tuple(tag for tag in tags if tag != "blue") if "blue" in tags else (*tags, "blue"))


def _vendor(it: Situation) -> Situation:
    return _said(it, vendor="" if it.facts.products["p-mug"].vendor else "Kiln")


def _country(it: Situation) -> Situation:
    """Under the same law."""
    home = it.facts.home or Address()
    return _living(it, replace(home, country="US" if home.country == "PR" else "PR"))


def _region(it: Situation) -> Situation:
    home = it.facts.home or Address()
    return _living(it, replace(home, region="" if home.region else "TX"))


def _living(it: Situation, home: Address) -> Situation:
    return it.ordering(shipping_address=home, billing_address=home)


def _clicked(it: Situation) -> Situation:
    return _person(it, clicked_at=None if it.facts.person.clicked_at else NOW - timedelta(days=2))


def _visited(it: Situation) -> Situation:
    return _person(it, visited_at=None if it.facts.person.visited_at else NOW - timedelta(days=2))


def _usual(it: Situation) -> Situation:
    return _person(it, usual_days=None if it.facts.person.usual_days else 14)


TOP = PLAIN.having(shop=replace(PLAIN.facts.shop, top_spent={"10": 40_000}))

QUESTIONS: Questions = {
    "order_number_is": (
        _asks("order_number_is", orders=3),
        "orders_before",
        PLAIN,
        PLAIN.having(orders_before=2),
    ),
    "ordered_at_least": (_asks("ordered_at_least", orders=4), "person.orders", PLAIN, _orders(PLAIN)),
    "value_at_least": (_asks("value_at_least", amount=4000), "order.value", PLAIN, _value(PLAIN)),
    "spent_at_least": (_asks("spent_at_least", amount=4000), "person.spent", PLAIN, _spent(PLAIN)),
    "spends_in_top": (_asks("spends_in_top", percent=10), "person.spent", TOP, _spent(TOP)),
    "bought_product": (
        _asks("bought_product", product="p-all"),
        "lines.product",
        PLAIN,
        _product(PLAIN),
    ),
    "bought_category": (
        _asks("bought_category", category="Cup"),
        "lines.category",
        PLAIN,
        _category(PLAIN),
    ),
    "bought_tag": (_asks("bought_tag", tag="blue"), "lines.tag", PLAIN, _tag(PLAIN)),
    "bought_vendor": (_asks("bought_vendor", vendor="Kiln"), "lines.vendor", PLAIN, _vendor(PLAIN)),
    "country_is": (_asks("country_is", country="PR"), "order.country", PLAIN, _country(PLAIN)),
    "region_is": (_asks("region_is", region="TX"), "order.region", PLAIN, _region(PLAIN)),
    "clicked_within": (_asks("clicked_within", days=5), "person.clicked_at", PLAIN, _clicked(PLAIN)),
    "visited_within": (_asks("visited_within", days=5), "person.visited_at", PLAIN, _visited(PLAIN)),
    "interval_below": (_asks("interval_below", days=30), "person.usual_days", PLAIN, _usual(PLAIN)),
}

CHANGE: Change = {
    "person.orders": _orders,
    "order.value": _value,
    "person.spent": _spent,
    "lines.product": _product,
    "lines.category": _category,
    "lines.tag": _tag,
    "lines.vendor": _vendor,
    "order.country": _country,
    "order.region": _region,
    "person.clicked_at": _clicked,
    "person.visited_at": _visited,
    "person.usual_days": _usual,
}
