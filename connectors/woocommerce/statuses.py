"""What an order status means, those of the usual shipment plugins included. One table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from connectors.base import ShipmentWords
from flows.commerce import OrderState, ParcelStatus, Shipped


@dataclass(frozen=True, slots=True)
class Status:
    """`accepted`: the shop took the order on; None: it depends on whether it was paid.

    `shipped`: None where the word says nothing of it. `draft`: a cart that a shopper may still
    leave; not an order. `stands`: where all stands that has left.
    """

    accepted: bool | None = None
    state: OrderState = OrderState.OPEN
    shipped: Shipped | None = None
    stands: ParcelStatus = ParcelStatus.SHIPPED
    refunded: bool = False
    draft: bool = False


_DRAFT = Status(draft=True)
_PART = Status(accepted=True, shipped=Shipped.PART)
_ALL = Status(accepted=True, shipped=Shipped.ALL)
_DELIVERED = Status(accepted=True, shipped=Shipped.ALL, stands=ParcelStatus.DELIVERED)
_WAITING = Status(shipped=Shipped.NONE)
_NEUTRAL = Status()

STATUSES: Mapping[str, Status] = {
    # WooCommerce itself
    "pending": _WAITING,
    "on-hold": _WAITING,
    "processing": Status(accepted=True, shipped=Shipped.NONE),
    "completed": _ALL,
    "cancelled": Status(state=OrderState.CANCELLED),
    "refunded": Status(accepted=True, refunded=True),
    # A failed payment may be tried again, so the order stays open; until then it is not accepted.
    "failed": Status(accepted=False),
    "trash": Status(state=OrderState.GONE),
    "checkout-draft": _DRAFT,
    "auto-draft": _DRAFT,
    "draft": _DRAFT,
    "new": _DRAFT,
    # shipment plugins (Advanced Shipment Tracking, ParcelPanel, status managers)
    "partial-shipped": _PART,
    "partially-shipped": _PART,
    "partial-shipment": _PART,
    "part-shipped": _PART,
    "partial-completed": _PART,
    "shipped": _ALL,
    "dispatched": _ALL,
    "in-transit": _ALL,
    "out-for-delivery": _ALL,
    "delivered": _DELIVERED,
}


# What a merchant may say of a status: (how much of the order has left, where that stands).
MEANINGS: Mapping[str, tuple[Shipped | None, ParcelStatus]] = {
    "shipped": (Shipped.ALL, ParcelStatus.SHIPPED),
    "partly": (Shipped.PART, ParcelStatus.SHIPPED),
    "pickup": (Shipped.ALL, ParcelStatus.READY_FOR_PICKUP),
    "failed": (Shipped.ALL, ParcelStatus.ATTEMPTED),
    "delivered": (Shipped.ALL, ParcelStatus.DELIVERED),
    "nothing": (None, ParcelStatus.SHIPPED),
}
_UNSAID = ShipmentWords()


def meaning(word: str, words: ShipmentWords = _UNSAID) -> Status:
    """The merchant's word counts before ours. An unknown status changes nothing: shops name theirs as they
    like."""
    slug = slug_of(word)
    status = STATUSES.get(slug, _NEUTRAL)
    said = MEANINGS.get(words.statuses.get(slug, ""))
    if said is None or not may_mean(slug):
        return status
    shipped, stands = said
    accepted = True if shipped is not None else status.accepted
    return replace(status, accepted=accepted, shipped=shipped, stands=stands)


def slug_of(word: str) -> str:
    return word.strip().lower().removeprefix("wc-")


def may_mean(slug: str) -> bool:
    """Whether a merchant may say what it means for shipping: not of an order that is none, or is over, or
    waits for its money."""
    status = STATUSES.get(slug, _NEUTRAL)
    over = status.draft or status.refunded or status.state is not OrderState.OPEN
    return not over and status is not _WAITING and status.accepted is not False
