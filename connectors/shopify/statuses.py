"""Shopify's status words in ours. Unknown words never stop a body: they change nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flows.commerce import ConsentState, ParcelStatus, ReturnState, Shipped

# Statuses of a shipment event, and of a fulfilment that has left.
SCANS: Mapping[str, ParcelStatus] = {
    "label_purchased": ParcelStatus.PENDING,
    "label_printed": ParcelStatus.PENDING,
    "confirmed": ParcelStatus.SHIPPED,
    "carrier_picked_up": ParcelStatus.IN_TRANSIT,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "delayed": ParcelStatus.DELAYED,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "attempted_delivery": ParcelStatus.ATTEMPTED,
    "ready_for_pickup": ParcelStatus.READY_FOR_PICKUP,
    "failure": ParcelStatus.FAILED,
    "not_delivered": ParcelStatus.FAILED,
    "delivered": ParcelStatus.DELIVERED,
    "picked_up": ParcelStatus.DELIVERED,
}

# Words of a fulfilment that has left and that say nothing of its way.
NO_NEWS = frozenset({"", "submitted", "fulfilled", "marked_as_fulfilled", "label_voided", "canceled"})

# The merchant's side of a fulfilment; what is none of these has left.
SIDES: Mapping[str, ParcelStatus] = {
    "pending": ParcelStatus.PENDING,
    "open": ParcelStatus.PENDING,
    "error": ParcelStatus.PENDING,
    "success": ParcelStatus.SHIPPED,
    "cancelled": ParcelStatus.CANCELLED,
    "failure": ParcelStatus.CANCELLED,
}

_SHIPPED: Mapping[str, Shipped] = {"fulfilled": Shipped.ALL, "partial": Shipped.PART}

# Money has come or is promised. A status that we do not know counts as accepted too: Shopify makes
# an order only when the checkout is through.
_NOT_ACCEPTED = frozenset({"voided", "expired"})
_PAID = frozenset({"paid", "partially_refunded", "refunded"})

RETURNS: Mapping[str, ReturnState] = {
    "requested": ReturnState.REQUESTED,
    "open": ReturnState.OPEN,
    "declined": ReturnState.DECLINED,
    "canceled": ReturnState.CANCELLED,
    "closed": ReturnState.CLOSED,
}


def scan_status(word: str) -> ParcelStatus:
    return SCANS.get(word.lower(), ParcelStatus.IN_TRANSIT)


def parcel_status(fulfillment: str, shipment: str) -> ParcelStatus:
    """`fulfillment`: the merchant's side (pending, success, ...); `shipment`: the carrier's."""
    side, news = SIDES.get(fulfillment.lower(), ParcelStatus.SHIPPED), shipment.lower()
    if side is not ParcelStatus.SHIPPED or news in NO_NEWS:
        return side
    # The merchant says that it has left, which a printed label does not take back.
    return max(ParcelStatus.SHIPPED, scan_status(news))


def shipped(word: str) -> Shipped:
    return _SHIPPED.get(word.lower(), Shipped.NONE)


def is_accepted(financial: str) -> bool:
    return financial.lower() not in _NOT_ACCEPTED


def is_paid(financial: str) -> bool:
    return financial.lower() in _PAID


def return_state(word: str) -> ReturnState:
    """The lowest state for a word that is missing or that we do not know: it moves no return."""
    return RETURNS.get(word.lower(), ReturnState.REQUESTED)


def consent(word: str) -> ConsentState:
    """A state that we do not know gives no permission."""
    try:
        return ConsentState(word.lower())
    except ValueError:
        return ConsentState.NOT_SUBSCRIBED
