"""What a group of shoppers has in common: how often, for how much, what, where to, and what was followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from flows.bought import tags_of
from flows.commerce import OrderLine
from flows.facts import Facts
from flows.folded import folded
from flows.questions.rule import Arguments, Look, Rule, lately


def _number(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    number = facts.orders_before + 1
    return number == int(arguments["orders"]), f"order {number} of this person"


def _orders(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Those that the store counted before it showed us any are orders, too."""
    orders = max(facts.person.orders, facts.orders_before + 1)
    return orders >= int(arguments["orders"]), f"{orders} orders"


def _value(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """Money of another currency cannot be compared."""
    order = facts.picture.order
    if facts.shop.currency and order.currency != facts.shop.currency:
        return False, f"{order.currency}, not {facts.shop.currency}"
    return order.total >= int(arguments["amount"]), f"{order.total} minor units"


def _spent(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return facts.person.spent >= int(arguments["amount"]), f"{facts.person.spent} minor units"


def _top(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    """The least that one of the top share has spent; a shop that has not been counted has no top."""
    least = facts.shop.top_spent.get(str(arguments["percent"]))
    if least is None:
        return False, "not counted yet"
    return facts.person.spent >= max(least, 1), f"{facts.person.spent} of {least} minor units"


def _bought(argument: str, of: Callable[[Facts, OrderLine], Iterable[str]]) -> Look:
    """Some item that was kept is of it, however it is written."""

    def look(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
        kept = facts.picture.kept_lines()
        wanted = folded(str(arguments[argument]))
        found = sum(wanted in map(folded, of(facts, line)) for line in kept)
        return found > 0, f"{found} of {len(kept)} items"

    return look


def _product(facts: Facts, line: OrderLine) -> Iterable[str]:
    """A variation is its product, too."""
    product = facts.products.get(line.product_id or "")
    parent = product.parent_id if product is not None else None
    return [one for one in (line.product_id, parent) if one]


def _category(facts: Facts, line: OrderLine) -> Iterable[str]:
    product = facts.products.get(line.product_id or "")
    return () if product is None else (product.kind, *product.kind.split(","))


def _vendor(facts: Facts, line: OrderLine) -> Iterable[str]:
    product = facts.products.get(line.product_id or "")
    return () if product is None else (product.vendor,)


def _country(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    home = facts.home
    country = home.country if home is not None else ""
    return folded(country) == folded(str(arguments["country"])), country or "not known"


def _region(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    home = facts.home
    region = home.region if home is not None else ""
    return folded(region) == folded(str(arguments["region"])), region or "not known"


def _clicked(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return lately(facts.person.clicked_at, now, arguments)


def _visited(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    return lately(facts.person.visited_at, now, arguments)


def _interval(facts: Facts, now: datetime, arguments: Arguments) -> tuple[bool, str]:
    usual = facts.person.usual_days
    found = "no rhythm known" if usual is None else f"usually {usual} days"
    return usual is not None and usual < int(arguments["days"]), found


RULES = (
    Rule(
        "order_number_is",
        "order_number_is_not",
        _number,
        "order {orders}",
        "not order {orders}",
        (("orders", int),),
    ),
    Rule(
        "ordered_at_least",
        "ordered_less",
        _orders,
        "at least {orders} orders",
        "fewer than {orders} orders",
        (("orders", int),),
    ),
    Rule(
        "value_at_least",
        "value_below",
        _value,
        "at least {amount} minor units",
        "less than {amount} minor units",
        (("amount", int),),
    ),
    Rule(
        "spent_at_least",
        "spent_less",
        _spent,
        "at least {amount} minor units",
        "less than {amount} minor units",
        (("amount", int),),
    ),
    Rule(
        "spends_in_top",
        "spends_below_top",
        _top,
        "the top {percent} %",
        "below the top {percent} %",
        (("percent", int),),
    ),
    Rule(
        "bought_product",
        "bought_no_product",
        _bought("product", _product),
        "some {product}",
        "no {product}",
        (("product", str),),
        about_lines=True,
    ),
    Rule(
        "bought_category",
        "bought_no_category",
        _bought("category", _category),
        "some of {category}",
        "none of {category}",
        (("category", str),),
        about_lines=True,
    ),
    Rule(
        "bought_tag",
        "bought_no_tag",
        _bought("tag", tags_of),
        "some with {tag}",
        "none with {tag}",
        (("tag", str),),
        about_lines=True,
    ),
    Rule(
        "bought_vendor",
        "bought_no_vendor",
        _bought("vendor", _vendor),
        "some by {vendor}",
        "none by {vendor}",
        (("vendor", str),),
        about_lines=True,
    ),
    Rule("country_is", "country_is_not", _country, "{country}", "not {country}", (("country", str),)),
    Rule("region_is", "region_is_not", _region, "{region}", "not {region}", (("region", str),)),
    Rule(
        "clicked_within",
        "not_clicked_within",
        _clicked,
        "in the last {days} days",
        "not in the last {days} days",
        (("days", int),),
    ),
    Rule(
        "visited_within",
        "not_visited_within",
        _visited,
        "in the last {days} days",
        "not in the last {days} days",
        (("days", int),),
    ),
    Rule(
        "interval_below",
        "interval_not_below",
        _interval,
        "more often than every {days} days",
        "not more often than every {days} days",
        (("days", int),),
    ),
)
