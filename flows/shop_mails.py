"""Which of a store's own mails say the same as a flow of ours, and which stay whatever we do. One table.

A mail of the store is held back only while our flow that says the same is on; where the store wrote all the
same, ours has nothing left to say. The names are WooCommerce's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail of the store's own, by its name, that our plugin held back."""

    mail: str
    at: datetime


# By flow: the store's mail, and why two of them would be one too many.
REPLACED: Mapping[str, Mapping[str, str]] = {
    "order_confirmation": {
        "customer_processing_order": "It says that the order is here, as our confirmation does.",
    },
    "shipped": {
        "customer_completed_order": "It says that the order has left, as our mail for each parcel does.",
        "customer_fulfillment_created": "It says that a parcel has left, as ours does.",
        "customer_fulfillment_updated": "It repeats the parcel that our tracking page shows as it is now.",
        "customer_fulfillment_deleted": "It takes back a parcel that our tracking page no longer shows.",
    },
    "cancel_refund_exchange": {
        "customer_refunded_order": "It says that all the money went back, as ours does with the sum.",
        "customer_partially_refunded_order": "It says that money went back, as ours does with the sum.",
        "customer_cancelled_order": "It says that the order was cancelled, as ours does.",
    },
}

# What other plugins send in place of those. Nobody holds them back; where one was sent, ours is not.
SENT_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "order_confirmation": ("customer_processing_renewal_order",),
    "shipped": (
        "customer_completed_renewal_order",
        "customer_shipped_order",
        "customer_partial_shipped_order",
    ),
    "cancel_refund_exchange": (),
}

# They come after the mail of a parcel: that one of them was sent says nothing of ours.
FOLLOWING = frozenset({"customer_fulfillment_updated", "customer_fulfillment_deleted"})

# Nothing of ours says what they say.
KEPT: Mapping[str, str] = {
    "customer_on_hold_order": "It holds the bank details, and our confirmation waits for the money.",
    "customer_invoice": "It asks for money, or is its receipt.",
    "customer_note": "The merchant's own words to the customer.",
    "customer_new_account": "It belongs to the customer's account in the store.",
    "customer_reset_password": "It belongs to the customer's account in the store.",
    "customer_failed_order": "No mail of ours says that a payment failed.",
    "new_order": "It is for the merchant.",
    "cancelled_order": "It is for the merchant.",
    "failed_order": "It is for the merchant.",
}

# Where a flow has several kinds of news: by the store's mail, the steps of ours that say the same.
OF_STEPS: Mapping[str, tuple[str, ...]] = {
    "customer_refunded_order": ("refunded", "refunded_all"),
    "customer_partially_refunded_order": ("refunded", "refunded_all"),
    "customer_cancelled_order": ("cancelled",),
}

# Money that goes back as an order is called off is told with that, by this step of ours.
TOLD_WITH: Mapping[str, tuple[str, ...]] = {
    "customer_refunded_order": ("cancelled",),
    "customer_partially_refunded_order": ("cancelled",),
}

SAYS_THE_SAME: Mapping[str, frozenset[str]] = {
    flow: frozenset((*mails, *SENT_INSTEAD[flow])) - FOLLOWING for flow, mails in REPLACED.items()
}
"""By flow: the store's mails after which ours would be the second."""


def said_by(flow: str, step: str, wrote: tuple[str, ...], held: tuple[HeldMail, ...]) -> frozenset[str]:
    """Those of what the store `wrote` that say what this step of ours says. News comes again and again: of
    what is held back by now the one that was written told of something earlier."""
    same = SAYS_THE_SAME.get(flow, frozenset()).intersection(wrote)
    again = {one.mail for one in held if one.mail in OF_STEPS}
    return frozenset(mail for mail in same - again if step in OF_STEPS.get(mail, (step,)))
