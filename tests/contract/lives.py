"""Lives of buyers, each told once for both platforms. Most parcels leave on the next day."""

from __future__ import annotations

from tests.contract.buyer import Buyer
from tests.contract.lives_of_offers import (
    buys_in_time,
    comes_back,
    has_a_birthday,
    is_lucky,
    leaves,
    looks,
    stays_away,
)
from tests.contract.shelves import COMPLEX, FAST, FILE, LARGE, STANDARD
from tests.contract.year import Lived, at

NOBODY_KNOWS = "Bike Courier"
"""A carrier of which nothing is known: four working days, as within a country."""


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


LIVES = (
    without_a_word, learns, reads, spends, gives, waits, is_there, fetches, calls_off, gives_back, is_happy,
    is_let_down, stays_away, looks, comes_back, buys_in_time,
    leaves, is_lucky,
    has_a_birthday,
)  # fmt: skip
