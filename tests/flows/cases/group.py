"""What the rules of groups say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flows.commerce import Address
from flows.conditions import Condition, Named
from flows.facts import Facts
from flows.person import Person
from tests.flows.pictures import BEANS, MUG, SHOP, T0, facts, order, picture, product, refund

DAY = timedelta(days=1)
US = replace(SHOP, currency="USD", top_spent={"10": 20_000})
MADE = {
    "p-mug": replace(product("mug", "Mugs, Cups", ("Blue", "sale")), vendor="Kiln & Co", parent_id="p-all")
}
IN_TEXAS = facts(
    picture(order(shipping_address=Address(country="US", region="TX"), billing_address=Address(country="DE")))
)
GIFT_TO_TEXAS = replace(IN_TEXAS, picture=picture(replace(IN_TEXAS.picture.order, is_gift=True)))


def asks(name: str, **arguments: int | str) -> Named:
    return Named(name, tuple(arguments.items()))


def of(person: Person, **other: Any) -> Facts:
    return facts(person=person, **other)


RETURNED = facts(picture(order(MUG, BEANS), refunds=(refund((MUG, 1), at=T0),)), products=MADE)

CASES: list[tuple[Condition, Facts, bool]] = [
    (asks("order_number_is", orders=3), facts(orders_before=2), True),
    (asks("order_number_is", orders=3), facts(orders_before=3), False),
    (asks("ordered_at_least", orders=4), of(Person("k", orders=4)), True),
    (asks("ordered_at_least", orders=4), of(Person("k", orders=3)), False),
    (asks("ordered_at_least", orders=4), of(Person("k", orders=1), orders_before=3), True),
    (asks("value_at_least", amount=1000), facts(shop=US), True),
    (asks("value_at_least", amount=1001), facts(shop=US), False),
    (asks("value_at_least", amount=1), facts(picture(order(currency="EUR")), shop=US), False),
    (asks("spent_at_least", amount=5000), of(Person("k", spent=5000)), True),
    (asks("spent_at_least", amount=5001), of(Person("k", spent=5000)), False),
    (asks("spends_in_top", percent=10), of(Person("k", spent=20_000), shop=US), True),
    (asks("spends_in_top", percent=10), of(Person("k", spent=19_999), shop=US), False),
    (asks("spends_in_top", percent=5), of(Person("k", spent=90_000), shop=US), False),
    (asks("spends_in_top", percent=10), of(Person("k"), shop=replace(US, top_spent={"10": 0})), False),
    (asks("bought_product", product="p-mug"), facts(), True),
    (asks("bought_product", product="p-all"), facts(products=MADE), True),
    (asks("bought_product", product="p-beans"), facts(), False),
    (asks("bought_product", product="p-mug"), RETURNED, False),
    (asks("bought_category", category="cups"), facts(products=MADE), True),
    (asks("bought_category", category="Mugs, cups"), facts(products=MADE), True),
    (asks("bought_category", category="cup"), facts(products=MADE), False),
    (asks("bought_category", category="cups"), facts(products={}), False),
    (asks("bought_tag", tag=" blue "), facts(products=MADE), True),
    (asks("bought_tag", tag="red"), facts(products=MADE), False),
    (asks("bought_tag", tag="blue"), RETURNED, False),
    (asks("bought_vendor", vendor="kiln & co"), facts(products=MADE), True),
    (asks("bought_vendor", vendor="Kiln"), facts(products=MADE), False),
    (asks("country_is", country="us"), IN_TEXAS, True),
    (asks("country_is", country="DE"), IN_TEXAS, False),
    (asks("country_is", country="DE"), GIFT_TO_TEXAS, True),
    (asks("country_is", country="US"), facts(picture(order(billing_address=None))), False),
    (asks("region_is", region="TX"), IN_TEXAS, True),
    (asks("region_is", region="CA"), IN_TEXAS, False),
    (asks("clicked_within", days=5), of(Person("k", clicked_at=T0 - 5 * DAY)), True),
    (asks("clicked_within", days=5), of(Person("k", clicked_at=T0 - 5.01 * DAY)), False),
    (asks("clicked_within", days=5), of(Person("k")), False),
    (asks("visited_within", days=5), of(Person("k", visited_at=T0 - 5 * DAY)), True),
    (asks("visited_within", days=5), of(Person("k", visited_at=T0 - 5.01 * DAY)), False),
    (asks("visited_within", days=5), of(Person("k", clicked_at=T0)), False),
    (asks("interval_below", days=30), of(Person("k", usual_days=29)), True),
    (asks("interval_below", days=30), of(Person("k", usual_days=30)), False),
    (asks("interval_below", days=30), of(Person("k")), False),
]
