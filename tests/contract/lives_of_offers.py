"""Lives of buyers who agreed to offers: what they make of them."""

from __future__ import annotations

from tests.contract.buyer import Buyer
from tests.contract.draw import lucky
from tests.contract.shelves import COMPLEX, FAST, FILE, STANDARD
from tests.contract.year import Lived, at


def stays_away(buyer: Buyer) -> Lived:
    """Agreed to offers, and never looks at one."""
    buyer.place(STANDARD, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")


def looks(buyer: Buyer) -> Lived:
    """Follows a link now and then, and buys nothing."""
    buyer.place(COMPLEX, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=12)
    buyer.clicks("cross_sell_series/accessories")
    yield at(days=121)
    buyer.clicks("win_back/why")
    yield at(days=214)
    buyer.clicks("care_warranty/again")


def comes_back(buyer: Buyer) -> Lived:
    """Runs out of it, looks at the reminder, and buys the same again."""
    buyer.place(FAST, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    # Coffee is used up sooner than candles.
    yield at(days=29 if buyer.by_scans else 58)
    buyer.clicks("replenishment/running_low")
    yield at(days=80)
    buyer.place(FAST)


def buys_in_time(buyer: Buyer) -> Lived:
    """Buys the same again before it can run out."""
    buyer.place(FAST, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=20)
    buyer.place(FAST)
    yield at(days=21)
    buyer.act("ship")


def leaves(buyer: Buyer) -> Lived:
    """Has enough of offers with the first one."""
    buyer.place(COMPLEX, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=12)
    buyer.leaves("cross_sell_series/accessories")


def is_lucky(buyer: Buyer) -> Lived:
    """A regular, and drawn in the second month."""
    buyer.mailbox = lucky(buyer, "2030-04")
    buyer.place(FAST, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=20)
    buyer.place(STANDARD)
    yield at(days=21)
    buyer.act("ship")
    yield at(days=23)
    buyer.act("deliver")


def has_a_birthday(buyer: Buyer) -> Lived:
    """An account of WooCommerce in which a plugin keeps it; Shopify has no place for one."""
    buyer.is_born("1988-06-20")
    buyer.files = buyer.by_scans
    buyer.place(FILE, accepts_marketing=True)
    yield at(days=1)
