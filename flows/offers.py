"""What a mail gives: a reduction by a code of its own, made in the store before the mail leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flows.delays import Amount, KnobRef, amount_from_plain, amount_to_plain, number_of


class Gives(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"


@dataclass(frozen=True, slots=True)
class Offer:
    """`value`: whole percent, or minor units of the shop's currency; where it is 0 the mail leaves without a
    code (of free shipping it says yes or no). `days`: how long the code is good. `minimum`: the least that
    has to be bought for, in minor units; 0: nothing."""

    gives: Gives
    value: Amount
    days: Amount = 14
    minimum: Amount = 0


@dataclass(frozen=True, slots=True)
class Given:
    """An offer with the numbers that the merchant has chosen."""

    gives: Gives
    value: int
    days: int
    minimum: int = 0


def given(offer: Offer, knobs: Mapping[str, int]) -> Given | None:
    """None: the merchant gives nothing here."""
    value, days, minimum = (number_of(amount, knobs) for amount in (offer.value, offer.days, offer.minimum))
    return Given(offer.gives, value, days, minimum) if value > 0 and days > 0 else None


def knobs_in(offer: Offer) -> Iterator[str]:
    amounts = (offer.value, offer.days, offer.minimum)
    yield from (amount.key for amount in amounts if isinstance(amount, KnobRef))


def offer_to_plain(offer: Offer) -> dict[str, object]:
    return {
        "gives": offer.gives.value,
        "value": amount_to_plain(offer.value),
        "days": amount_to_plain(offer.days),
        "minimum": amount_to_plain(offer.minimum),
    }


def offer_from_plain(data: Mapping[str, object]) -> Offer:
    """Raises ValueError or KeyError where `data` is no offer."""
    return Offer(Gives(str(data["gives"])), _read(data["value"]), _read(data["days"]), _read(data["minimum"]))


def _read(data: object) -> Amount:
    amount = amount_from_plain(data)
    if isinstance(amount, int) and amount < 0:
        raise ValueError(f"{amount} is below 0")
    return amount
