"""Lives of buyers, each told once for both platforms. Most parcels leave on the next day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.contract.buyer import Buyer
from tests.contract.draw import lucky
from tests.contract.shelves import COMPLEX, FAST, FILE, LARGE, STANDARD

NOBODY_KNOWS = "Bike Courier"
"""A carrier of which nothing is known: four working days, as within a country."""

Lived = Iterator[timedelta]


def at(days: float = 0, hours: float = 0, minutes: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes)


def without_a_word(buyer: Buyer) -> Lived:
    """Buys once, gets it, and never says anything."""
    buyer.place(STANDARD)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")


def learns(buyer: Buyer) -> Lived:
    """Buys what takes learning and is made to last."""
    buyer.place(COMPLEX)
    yield at(days=1)
    buyer.act("ship", carrier=NOBODY_KNOWS)
    yield at(days=7)
    buyer.act("deliver")


def reads(buyer: Buyer) -> Lived:
    """Buys what is no parcel."""
    buyer.files = buyer.by_scans
    buyer.place(FILE)
    yield at(days=1)


def spends(buyer: Buyer) -> Lived:
    buyer.place(LARGE, LARGE)
    yield at(days=1)
    buyer.act("ship")


def gives(buyer: Buyer) -> Lived:
    """Buys for somebody else."""
    buyer.place(COMPLEX, gift_note="For your birthday")
    yield at(days=1)
    buyer.act("ship")
    yield at(days=4)
    buyer.act("deliver")


def waits(buyer: Buyer) -> Lived:
    """Waits for an order that does not leave, then for a parcel that does not come, and says so."""
    buyer.place(STANDARD)
    yield at(days=4)
    buyer.act("ship")
    # After the day on which its carrier should have come, and before the one on which nearly all have.
    yield at(days=12 if buyer.by_scans else 10)
    buyer.answers("no")


def is_there(buyer: Buyer) -> Lived:
    """Asked whether it arrived: yes."""
    buyer.place(STANDARD)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=10)
    buyer.answers("yes")


def fetches(buyer: Buyer) -> Lived:
    """Nobody opens: it waits at the post office."""
    buyer.place(STANDARD)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.waits_at_the_shop()
    yield at(days=5)
    buyer.act("deliver")


def calls_off(buyer: Buyer) -> Lived:
    """Cancels before it has left."""
    buyer.place(COMPLEX, accepts_marketing=True)
    yield at(hours=3)
    buyer.act("cancel")


def gives_back(buyer: Buyer) -> Lived:
    """Sends one thing back, then the other."""
    buyer.place(STANDARD, FAST, accepts_marketing=True)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=4)
    buyer.act("refund", line=0)
    yield at(days=5)
    buyer.act("refund")


def is_happy(buyer: Buyer) -> Lived:
    buyer.place(STANDARD)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=14)
    buyer.reviews(5)


def is_let_down(buyer: Buyer) -> Lived:
    buyer.place(STANDARD)
    yield at(days=1)
    buyer.act("ship")
    yield at(days=3)
    buyer.act("deliver")
    yield at(days=14)
    buyer.reviews(2)


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


LIVES = (
    without_a_word, learns, reads, spends, gives, waits, is_there, fetches, calls_off, gives_back, is_happy,
    is_let_down, stays_away, looks, comes_back, buys_in_time,
    leaves, is_lucky,
    has_a_birthday,
)  # fmt: skip
