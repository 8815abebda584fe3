"""What can happen to an order, as halves of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.events import EventKind


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that came, one that has not, and each as it might have been."""

    came: str
    has_not: str
    if_it_came: str
    if_it_had_not: str


EVENTS_SAID: Mapping[EventKind, Happened] = {
    kind: Happened(
        came,
        f"{subject} {'have' if subject == 'they' else 'has'} not{had.removeprefix('had')}",
        f"{subject} {had}",
        f"{subject} {had.replace('had', 'had not', 1)}",
    )
    for kind, came, subject, had in (
        (EventKind.ORDER_PLACED, "the order was placed", "the order", "had been placed"),
        (EventKind.ORDER_PAID, "the order was paid", "the order", "had been paid"),
        (EventKind.PARCEL_SHIPPED, "a parcel left", "a parcel", "had left"),
        (EventKind.ESTIMATE_MOVED, "the expected day moved", "the expected day", "had moved"),
        (EventKind.PARCEL_DELAYED, "a parcel was delayed", "a parcel", "had been delayed"),
        (EventKind.PARCEL_STALLED, "nothing was heard of a parcel", "a parcel", "had stood still"),
        (EventKind.PARCEL_LATE, "a parcel was late", "a parcel", "had been late"),
        (
            EventKind.PARCEL_OUT_FOR_DELIVERY,
            "a parcel was out for delivery",
            "a parcel",
            "had been out for delivery",
        ),
        (
            EventKind.PARCEL_READY_FOR_PICKUP,
            "a parcel could be picked up",
            "a parcel",
            "had waited to be picked up",
        ),
        (EventKind.PARCEL_FAILED, "a parcel could not be delivered", "a parcel", "had not been delivered"),
        (
            EventKind.ARRIVAL_DENIED,
            "they said that it did not arrive",
            "they",
            "had said that it is not there",
        ),
        (EventKind.PARCEL_DELIVERED, "a parcel arrived", "a parcel", "had arrived"),
        (EventKind.ORDER_DELIVERED, "the last parcel arrived", "the last parcel", "had arrived"),
        (EventKind.RETURN_REQUESTED, "a return was asked for", "a return", "had been asked for"),
        (
            EventKind.LINES_REFUNDED,
            "part of the order was refunded",
            "part of the order",
            "had been refunded",
        ),
        (
            EventKind.ORDER_REFUNDED,
            "the order was refunded in full",
            "the order",
            "had been refunded in full",
        ),
        (EventKind.ORDER_CANCELLED, "the order was cancelled", "the order", "had been cancelled"),
        (
            EventKind.ORDER_DELETED,
            "the order was deleted in the shop",
            "the order",
            "had been deleted in the shop",
        ),
        (EventKind.REVIEW_SUBMITTED, "they wrote a review", "they", "had written a review"),
        (EventKind.LINK_CLICKED, "they followed a link", "they", "had followed a link"),
        (EventKind.PRODUCT_VIEWED, "they looked at a product", "they", "had looked at a product"),
        (EventKind.ORDERED_AGAIN, "they ordered again", "they", "had ordered again"),
        (EventKind.ANNIVERSARY_CAME, "the day of their first order came round", "that day", "had come round"),
        (EventKind.BIRTHDAY_CAME, "their birthday came", "their birthday", "had come"),
        (EventKind.SEASON_CAME, "a season began", "a season", "had begun"),
        (EventKind.SURPRISE_DRAWN, "they were drawn for a surprise", "they", "had been drawn"),
        (EventKind.UNSUBSCRIBED, "they unsubscribed", "they", "had unsubscribed"),
    )
}
